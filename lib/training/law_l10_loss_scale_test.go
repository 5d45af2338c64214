package training_test

import (
	"math"
	"testing"

	"alphascale/lib/subject"

	"alphascale/lib/dataset"
	"alphascale/lib/network"
	"alphascale/lib/optim"
	"alphascale/lib/scaling"
	"alphascale/lib/training"

	"github.com/gomlx/gomlx/ml/train/loss"
)

// A scaled loss needs η/s with SGD and ε·s with Adam, and each penalty and limit in the gradient times s: bit for bit.
func TestLawL10LossScaleIsUndone(t *testing.T) {
	const s = 8
	crossEntropy := loss.SparseCategoricalCrossEntropyLogits
	times8, err := scaling.ScaleLoss(crossEntropy, s)
	if err != nil {
		t.Fatal(err)
	}
	data := dataset.Digits().First(512)
	for _, c := range []lawL1Case{
		{
			optim.SGD,
			[]optim.Hyper{optim.ClipNorm, optim.L2, optim.L1},
			optim.Values{optim.LearningRate: 0.1, optim.ClipNorm: 0.3, optim.L2: 0.01, optim.L1: 0.002},
		},
		{optim.AdamW, nil, optim.Values{optim.LearningRate: 0.005, optim.Epsilon: 1e-3, optim.WeightDecay: 0.1}},
	} {
		t.Run(c.String(), func(t *testing.T) {
			t.Parallel()
			config := training.Config{
				Subject:   subject.Subject{Model: network.MLP{Hidden: []int{16}, Outputs: 10}.Model, Data: data, Loss: crossEntropy},
				Optimizer: optim.New(c.family, c.options...), Batch: 64, Steps: 100,
			}
			reference := run(t, compile(t, config), training.Settings{Alpha: 1, Hyper: c.h, Seed: 1})
			config.Loss = times8
			scaled := compile(t, config)
			h, err := scaling.CompensateLoss(c.family, c.h, s)
			if err != nil {
				t.Fatal(err)
			}
			differs := func(h optim.Values) int {
				r := run(t, scaled, training.Settings{Alpha: 1, Hyper: h, Seed: 1})
				for i := range r.Loss {
					r.Loss[i] /= s
				}
				return firstDifference(reference.Loss, r.Loss)
			}
			if step := differs(h); step >= 0 {
				t.Errorf("the compensated run differs from step %d on", step)
			}
			for name, value := range h {
				if value != c.h[name] && value != optim.Defaults(c.family)[name] {
					if differs(h.With(name, value*math.Pow(s, 0.1))) < 0 {
						t.Errorf("an exponent of %s that is off by a tenth passes", name)
					}
				}
			}
		})
	}
}
