package sweep

import (
	"testing"

	"alphascale/lib/dataset"
	"alphascale/lib/network"
	"alphascale/lib/optim"
	"alphascale/lib/training"
)

// BenchmarkFinished is how long a finished 16 × 16 grid takes to come back from its folder, of 46 runs with three norms of
// three weights at each of 200 steps.
func BenchmarkFinished(b *testing.B) {
	data, err := dataset.Digits()
	if err != nil {
		b.Fatal(err)
	}
	net := network.MLP{Hidden: []int{64, 64}, Outputs: data.Classes, NoBias: true}
	s := Spec{
		Setup: Setup{Family: optim.SGD, Config: training.Config{Model: net.Model, Data: data, Steps: 200,
			Instruments: training.Norms()}},
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
