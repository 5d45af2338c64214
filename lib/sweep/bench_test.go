package sweep

import (
	"math"
	"testing"
	"time"

	"alphascale/lib/dataset"
	"alphascale/lib/instrument"
	"alphascale/lib/network"
	"alphascale/lib/optim"
	"alphascale/lib/subject"
	"alphascale/lib/training"
)

// BenchmarkFinished is how long a finished 16 × 16 grid takes to come back from its folder, of 46 runs with three norms of
// three weights at each of 200 steps.
func BenchmarkFinished(b *testing.B) {
	data := dataset.Digits()
	net := network.MLP{Hidden: []int{64, 64}, Outputs: data.Classes, NoBias: true}
	s := Spec{
		Setup: Setup{Family: optim.SGD, Config: training.Config{
			Subject: subject.Of(net.Model, data), Steps: 200,
			Instruments: training.Norms(),
		}},
		Axes:   []Axis{Alpha(PowersOfTwo(-8, 7)...), Hyper(optim.LearningRate, PowersOfTwo(-12, 3)...)},
		Folder: b.TempDir(),
	}
	run(b, s)
	for b.Loop() {
		if r := run(b, s); r.Computed > 0 {
			b.Fatalf("%d runs were not found", r.Computed)
		}
	}
}

// BenchmarkFoldedGrid is a 16 × 16 grid of α and η with SGD, 500 steps of a perceptron 64-64-64-10 without biases, from an
// empty folder to 256 results, of which 46 are run; and the same with every one of the 256 run. Compilation is part of it,
// since a user waits for it too; how long one takes is reported. docker/bench runs it beside JAX, which runs all 256.
func BenchmarkFoldedGrid(b *testing.B) {
	data := dataset.Digits().First(1792)
	config := training.Config{
		Subject: subject.Of(network.MLP{Hidden: []int{64, 64}, Outputs: data.Classes, NoBias: true}.Model, data), Batch: 128, Steps: 500,
		Instruments: []instrument.Instrument{instrument.GradientNorm()},
	}
	for _, fold := range []bool{true, false} {
		name := map[bool]string{true: "folded", false: "every"}[fold]
		b.Run(name, func(b *testing.B) {
			var runs, worst float64
			for b.Loop() {
				r := run(b, Spec{
					Setup:  Setup{Family: optim.SGD, Config: config},
					Axes:   []Axis{Alpha(PowersOfTwo(-8, 7)...), Hyper(optim.LearningRate, PowersOfTwo(-16, -1)...)},
					Folder: b.TempDir(), NoFold: !fold,
				})
				runs = float64(r.Computed)
				for _, p := range r.Points {
					if last := p.Run.Loss[len(p.Run.Loss)-1]; !math.IsNaN(last) {
						worst = max(worst, last)
					}
				}
			}
			b.ReportMetric(compilation(b, config).Seconds(), "s/compilation")
			b.ReportMetric(runs, "runs")
			b.ReportMetric(worst, "loss-max")
		})
	}
}

func compilation(b *testing.B, c training.Config) time.Duration {
	c.Optimizer = optim.New(optim.SGD)
	begin := time.Now()
	p, err := training.Compile(c)
	if err != nil {
		b.Fatal(err)
	}
	defer p.Finalize()
	return time.Since(begin)
}
