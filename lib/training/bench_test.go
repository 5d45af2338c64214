package training_test

import (
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"
	"testing"

	"alphascale/lib/dataset"
	"alphascale/lib/instrument"
	"alphascale/lib/network"
	"alphascale/lib/optim"
	"alphascale/lib/subject"
	"alphascale/lib/training"
)

// BenchmarkAlphaSweep trains 32 runs, or as many as the environment's RUNS says, of 500 steps on 1,792 digits in batches of
// 128, α from 2⁻³ to 2³, compensated, and records the loss alone, with it the gradient norm of every weight matrix at every
// step, or all three norms. The loss reached is reported with its spread as proof of the work: every run must end at the
// same one. docker/bench runs it beside the same in JAX and in PyTorch.
func BenchmarkAlphaSweep(b *testing.B) {
	for _, recorded := range []struct {
		name        string
		instruments []instrument.Instrument
	}{
		{"loss", nil},
		{"gradients", []instrument.Instrument{instrument.GradientNorm()}},
		{"norms", training.Norms()},
	} {
		b.Run(recorded.name, func(b *testing.B) { benchmarkWidths(b, recorded.instruments) })
	}
}

func benchmarkWidths(b *testing.B, instruments []instrument.Instrument) {
	for _, width := range []int{64, 256} {
		b.Run(fmt.Sprintf("H=%d", width), func(b *testing.B) {
			p, settings := compile(b, alphaSweep(b, width, instruments)), compensatedRuns(b, sweepRuns(b))
			if _, err := p.RunAll(b.Context(), settings[:2], nil); err != nil { // copies the data to the devices
				b.Fatal(err)
			}
			var last []float64
			for b.Loop() {
				runs, err := p.RunAll(b.Context(), settings, nil)
				if err != nil {
					b.Fatal(err)
				}
				last = nil
				for _, r := range runs {
					last = append(last, r.Loss[len(r.Loss)-1])
				}
			}
			weights := 64*width + width*width + width*10
			flops := float64(len(settings)*steps*2*batch) * float64(3*weights-64*width)
			b.ReportMetric(flops*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
			b.ReportMetric(slices.Min(last), "loss-min")
			b.ReportMetric(slices.Max(last), "loss-max")
		})
	}
}

const batch, steps, eta = 128, 500, 0.05

func sweepRuns(b *testing.B) int {
	given := os.Getenv("RUNS")
	if given == "" {
		return 32
	}
	n, err := strconv.Atoi(given)
	if err != nil || n < 2 || n%2 != 0 { // JAX splits them between two devices
		b.Fatalf("RUNS=%s: set it to an even number of runs, 2 or more", given)
	}
	return n
}

func alphaSweep(b *testing.B, width int, instruments []instrument.Instrument) training.Config {
	data := dataset.Digits().First(1792)
	return training.Config{
		Subject:     subject.Of(network.MLP{Hidden: []int{width, width}, Outputs: 10}.Model, data),
		Optimizer:   optim.New(optim.SGD),
		Batch:       batch,
		Steps:       steps,
		Instruments: instruments,
	}
}

// compensatedRuns are n values of α from 2⁻³ to 2³, each with its η.
func compensatedRuns(b *testing.B, n int) []training.Settings {
	var out []training.Settings
	for i := range n {
		alpha := math.Pow(2, -3+6*float64(i)/float64(n-1))
		out = append(out, compensated(b, optim.SGD, optim.Values{optim.LearningRate: eta}, alpha))
	}
	return out
}

// BenchmarkRuns is what one run of a sweep costs as the sweep grows; the cost of all of them is to be linear in their number,
// and the memory not to grow.
func BenchmarkRuns(b *testing.B) {
	p := compile(b, alphaSweep(b, 64, nil))
	for _, n := range []int{8, 32, 128, 512} {
		b.Run(fmt.Sprintf("N=%d", n), func(b *testing.B) {
			settings := compensatedRuns(b, n)
			if _, err := p.RunAll(b.Context(), settings[:2], nil); err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if _, err := p.RunAll(b.Context(), settings, nil); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(b.Elapsed().Seconds()/float64(b.N*n)*1e3, "ms/run")
		})
	}
}

// BenchmarkCompile is the compilation of a perceptron's training by Adam with every norm recorded.
func BenchmarkCompile(b *testing.B) {
	for b.Loop() {
		c := alphaSweep(b, 64, training.Norms())
		c.Optimizer = optim.New(optim.Adam)
		compile(b, c).Finalize()
	}
}
