package training_test

import (
	"math"
	"testing"

	"alphascale/lib/subject"

	"alphascale/lib/backend"
	"alphascale/lib/dataset"
	"alphascale/lib/network"
	"alphascale/lib/optim"
	"alphascale/lib/scaling"
	"alphascale/lib/training"

	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/ml/model"
)

// digitsConfig is a small MLP on the digits; tests change what they are about.
func digitsConfig(t testing.TB, family optim.Family) training.Config {
	t.Helper()
	data := dataset.Digits()
	optimizer := optim.New(family)
	return training.Config{
		Subject:   subject.Of(network.MLP{Hidden: []int{32, 32}, Outputs: data.Classes}.Model, data),
		Optimizer: optimizer,
		Steps:     500,
	}
}

func compile(t testing.TB, c training.Config) *training.Program {
	t.Helper()
	p, err := training.Compile(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Finalize)
	return p
}

func run(t testing.TB, p *training.Program, s training.Settings) *training.Run {
	t.Helper()
	r, err := p.Run(s)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// compensated is a run with α whose scaled weights have the hyperparameters that the law prescribes.
func compensated(t testing.TB, family optim.Family, h optim.Values, alpha float64) training.Settings {
	t.Helper()
	c, err := scaling.Compensate(family, h, alpha)
	if err != nil {
		t.Fatal(err)
	}
	return training.Settings{Alpha: alpha, Hyper: h, ScaledHyper: c, Seed: 1}
}

// begin creates a variable of one element with a value.
func begin(t testing.TB, store *model.Store, path string, x float64, shape shapes.Shape) {
	t.Helper()
	value, err := backend.Tensor([]float64{x}, shape)
	if err == nil {
		_, err = store.CreateVariable(path, value)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// firstDifference is the first step at which two traces differ in any bit, −1 if none does.
func firstDifference(a, b []float64) int {
	for i := range max(len(a), len(b)) {
		if i >= len(a) || i >= len(b) || a[i] != b[i] {
			return i
		}
	}
	return -1
}

func power(x, exponent float64) float64 { return math.Pow(x, exponent) }

func selected(t testing.TB, text string) scaling.Selector {
	t.Helper()
	s := scaling.Select(text)
	return s
}
