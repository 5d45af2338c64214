package training_test

import (
	"flag"
	"math"
	"testing"

	"alphascale/lib/subject"

	"alphascale/lib/dataset"
	"alphascale/lib/network"
	"alphascale/lib/optim"
	"alphascale/lib/scaling"
	"alphascale/lib/training"

	"pgregory.net/rapid"
)

// Whatever the network, the optimizer, the selection and the power of two: the compensated run is the same to the last
// bit, and without the compensation it is not, unless p = 0.
func TestLawL1HoldsForWhatIsDrawn(t *testing.T) {
	// Each draw compiles a program, so there are few unless the command line asks for more.
	for name, value := range map[string]string{"rapid.checks": "6", "rapid.shrinktime": "10s"} {
		f := flag.Lookup(name)
		if before := f.Value.String(); before == f.DefValue {
			t.Cleanup(func() { _ = f.Value.Set(before) })
			if err := f.Value.Set(value); err != nil {
				t.Fatal(err)
			}
		}
	}
	data := dataset.Digits().First(64)
	rapid.Check(t, func(t *rapid.T) {
		m := network.MLP{
			Hidden:     rapid.SliceOfN(rapid.IntRange(2, 9), 0, 3).Draw(t, "hidden"),
			Outputs:    10,
			Activation: rapid.SampledFrom([]string{"relu", "tanh", "sigmoid"}).Draw(t, "activation"),
			NoBias:     rapid.Bool().Draw(t, "no bias"),
			Norm:       rapid.SampledFrom([]network.Normalisation{network.NoNorm, network.LayerNorm}).Draw(t, "norm"),
		}
		family := rapid.SampledFrom(optim.Families()).Draw(t, "optimizer")
		alpha := math.Ldexp(1, rapid.SampledFrom([]int{-6, -3, -1, 1, 2, 5}).Draw(t, "log2 alpha"))
		h := optim.Values{optim.LearningRate: math.Ldexp(rapid.Float64Range(0.5, 2).Draw(t, "learning rate"), -8)}
		if _, err := optim.UnitOf(family, optim.Epsilon); err == nil {
			h[optim.Epsilon] = math.Pow(10, rapid.Float64Range(-8, -2).Draw(t, "log10 epsilon"))
		}
		selector := rapid.SampledFrom([]string{"weights", "/output/"}).Draw(t, "selector")
		if family == optim.LARS || family == optim.LAMB {
			selector = "weights" // biases start at zero
		}
		choice := scaling.Select(selector)
		p, err := training.Compile(training.Config{
			Subject: subject.Of(m.Model, data), Optimizer: optim.New(family), Batch: 32, Steps: 12, Scaled: choice,
		})
		if err != nil {
			t.Fatal(err)
		}
		defer p.Finalize()
		compensated, err := scaling.Compensate(family, h, alpha, scaling.NoZeroVariable)
		if err != nil {
			t.Fatal(err)
		}
		s := training.Settings{Alpha: 1, Hyper: h, Seed: rapid.Int64Range(1, 1000).Draw(t, "seed")}
		losses := func(alpha float64, scaled optim.Values) []float64 {
			s.Alpha, s.ScaledHyper = alpha, scaled
			r, err := p.Run(s)
			if err != nil {
				t.Fatal(err)
			}
			return r.Loss
		}
		reference := losses(1, nil)
		if step := firstDifference(reference, losses(alpha, compensated)); step >= 0 {
			t.Fatalf("the compensated run differs from step %d on", step)
		}
		exponent, err := scaling.LearningRateExponent(family)
		if err != nil {
			t.Fatal(err)
		}
		// Rectified units can all be dead, and then no weight is trained.
		if exponent != 0 && m.Activation != "relu" && firstDifference(reference, losses(alpha, nil)) < 0 {
			t.Fatalf("the run without compensation is the same, so nothing was trained")
		}
	})
}

// A model of matrices alone gives Muon no vector to fall back to AdamW for, so the program lacks AdamW's hyperparameters;
// the compensation names them all the same.
func TestLawL1MuonOnMatricesAlone(t *testing.T) {
	c := digitsConfig(t, optim.Muon)
	c.Model, c.Steps = network.MLP{Outputs: 10, NoBias: true}.Model, 5
	p := compile(t, c)
	h := optim.Values{optim.LearningRate: 0.02}
	reference := run(t, p, training.Settings{Alpha: 1, Hyper: h, Seed: 1})
	if step := firstDifference(reference.Loss, run(t, p, compensated(t, optim.Muon, h, 4)).Loss); step >= 0 {
		t.Errorf("the compensated run differs from step %d on", step)
	}
}
