package training_test

import (
	"testing"

	"alphascale/lib/subject"

	"alphascale/lib/dataset"
	"alphascale/lib/network"
	"alphascale/lib/optim"
	"alphascale/lib/scaling"
	"alphascale/lib/training"

	"github.com/gomlx/gomlx/ml/model"
)

// In mid-training α enters in one of two ways that keep the function: a factor in the forward pass with w ← w/α, or
// w ← α·w in front of a normalisation. Either way the run goes on as if nothing had happened, bit for bit, if moments and
// hyperparameters follow the law, and does not if the moments are kept or reset.
func TestLawL1InMidTraining(t *testing.T) {
	const half, alpha = 24, 4.0 // half is a multiple of the number of batches, so that both halves see the same rows
	conditions := append([]scaling.Condition{scaling.NoNormEpsilon, scaling.FreshStatistics, scaling.BiasScaled}, lawL1Conditions...)
	plain := network.MLP{Hidden: []int{16}, Outputs: 10}
	normalised := network.MLP{Hidden: []int{16}, Outputs: 10, Norm: network.LayerNorm, NormEpsilon: -1, NoBias: true}
	for _, test := range []struct {
		name       string
		c          lawL1Case
		network    network.MLP
		selector   string
		compensate func(optim.Family, optim.Values, float64, ...scaling.Condition) (optim.Values, error)
		factor     float64 // of the weights
		alpha      float64 // in the forward pass
	}{
		{
			"reparameterised heavy ball",
			lawL1Case{optim.HeavyBall, nil, optim.Values{optim.LearningRate: 0.02}},
			plain, "weights", scaling.Compensate, 1 / alpha, alpha,
		},
		{
			"reparameterised Adam",
			lawL1Case{optim.Adam, nil, optim.Values{optim.LearningRate: 0.005, optim.Epsilon: 1e-3}},
			plain, "weights", scaling.Compensate, 1 / alpha, alpha,
		},
		{
			"reparameterised LARS",
			lawL1Case{optim.LARS, nil, optim.Values{optim.TrustCoefficient: 0.01}},
			plain, "weights", scaling.Compensate, 1 / alpha, alpha,
		},
		{
			"rescaled heavy ball",
			lawL1Case{optim.HeavyBall, nil, optim.Values{optim.LearningRate: 0.02}},
			normalised, "/layer_*/dense/weights", scaling.CompensateRescale, alpha, 1,
		},
		{
			"rescaled AdamW",
			lawL1Case{optim.AdamW, nil, optim.Values{optim.LearningRate: 0.005, optim.Epsilon: 1e-3, optim.WeightDecay: 0.1}},
			normalised, "/layer_*/dense/weights", scaling.CompensateRescale, alpha, 1,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			data := dataset.Digits().First(512)
			config := training.Config{
				Subject: subject.Of(test.network.Model, data), Optimizer: optim.New(test.c.family), Batch: 64, Steps: 2 * half,
				Scaled: selected(t, test.selector),
			}
			whole := compile(t, config)
			reference := run(t, whole, training.Settings{Alpha: 1, Hyper: test.c.h, Seed: 1})
			middle := run(t, whole, training.Settings{Alpha: 1, Hyper: test.c.h, Seed: 1, Steps: half, Keep: true}).Final

			h, err := test.compensate(test.c.family, test.c.h, alpha, conditions...)
			if err != nil {
				t.Fatal(err)
			}
			var weights []string
			for path, scaled := range whole.Variables() {
				if scaled {
					weights = append(weights, path)
				}
			}
			config.Store = model.NewStore()
			if err := scaling.SetValues(config.Store, middle); err != nil {
				t.Fatal(err)
			}
			second := compile(t, config)
			for _, moments := range []scaling.Moments{scaling.RescaleMoments, scaling.KeepMoments, scaling.ResetMoments} {
				values, err := scaling.Rescale(middle, weights, test.factor, moments)
				if err != nil {
					t.Fatal(err)
				}
				if err := scaling.SetValues(config.Store, values); err != nil {
					t.Fatal(err)
				}
				rest := run(t, second, training.Settings{
					Alpha: test.alpha, Hyper: test.c.h, ScaledHyper: h, Start: training.KeepWeights, Steps: half,
					Seed: int64(moments), // nothing is drawn; a new seed makes the program read the store anew
				})
				same := firstDifference(reference.Loss[half:], rest.Loss) < 0
				if same != (moments == scaling.RescaleMoments) {
					t.Errorf("moments %d: the second half is identical: %v", moments, same)
				}
			}
		})
	}
}
