package training_test

import (
	"math"
	"testing"

	"alphascale/lib/instrument"
	"alphascale/lib/law"
	"alphascale/lib/network"
	"alphascale/lib/optim"
	"alphascale/lib/scaling"
	"alphascale/lib/training"

	"gonum.org/v1/gonum/stat"
)

// L4 on a real network: under weight decay the angle of each step of scale-invariant weights settles near the equilibrium
// and forgets in about 1/(ηλ) steps that the weights were multiplied by α. The law is approximate (independent isotropic
// gradients, and on synthetic ones it is tested to 1 %), so here the mean over five seeds is held to tens of percent.
func TestLawL4EquilibriumOfARealNetwork(t *testing.T) {
	const eta, lambda, alpha = 0.1, 0.05, 8.0
	forget := int(1 / (eta * lambda)) // 200 steps
	c := digitsConfig(t, optim.SGD)
	c.Optimizer = optim.New(optim.SGD, optim.L2)
	c.Model = network.MLP{Hidden: []int{32, 32}, Outputs: 10, NoBias: true, Norm: network.BatchNorm, NormEpsilon: -1}.Model
	c.Batch, c.Steps = 64, 8*forget
	c.Scaled, c.Watched = selected(t, normalised), selected(t, normalised)
	c.Instruments = []instrument.Instrument{instrument.StepAngle(), instrument.WeightNorm()}
	p := compile(t, c)
	var paths []string
	for path, scaled := range p.Variables() {
		if scaled {
			paths = append(paths, path)
		}
	}
	h := optim.Values{optim.LearningRate: eta, optim.L2: lambda}
	var plain, large, free []*training.Run // by seed
	for seed := range int64(5) {
		start := training.Settings{Alpha: 1, Seed: seed, Steps: 1, Keep: true, Hyper: optim.Values{optim.LearningRate: 0}}
		initial := run(t, p, start).Final
		rescaled, err := scaling.Rescale(initial, paths, alpha, scaling.KeepMoments)
		if err != nil {
			t.Fatal(err)
		}
		runs, err := p.RunAll(t.Context(), []training.Settings{
			{Alpha: 1, Initial: initial, Hyper: h},
			{Alpha: 1, Initial: rescaled, Hyper: h},
			{Alpha: 1, Initial: rescaled, Hyper: h.With(optim.L2, 0)},
		}, nil)
		if err != nil {
			t.Fatal(err)
		}
		plain, large, free = append(plain, runs[0]), append(large, runs[1]), append(free, runs[2])
	}

	predicted, err := law.EquilibriumAngle(law.GradientDescent, eta, lambda, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		mean := func(instrument instrument.Instrument, runs []*training.Run, from, to int) (sum float64) {
			for _, r := range runs {
				sum += stat.Mean(recorded(t, r, instrument, path)[from:to], nil) / float64(len(runs))
			}
			return sum
		}
		angle := mean(instrument.StepAngle(), plain, 6*forget, 8*forget)
		t.Logf("%s: angle %.4f, predicted %.4f, deviation %+.0f %%", path, angle, predicted, 100*(angle/predicted-1))
		if math.Abs(math.Log(angle/predicted)) > math.Log(1.6) {
			t.Errorf("%s: the angle %.4f is not within tens of percent of %.4f", path, angle, predicted)
		}
		ratio := func(runs []*training.Run, from, to int) float64 {
			return mean(instrument.WeightNorm(), runs, from, to) / mean(instrument.WeightNorm(), plain, from, to)
		}
		early, late := ratio(large, forget/4, forget/4+1), ratio(large, 6*forget, 8*forget)
		if early < 3 || math.Abs(late-1) > 0.1 {
			t.Errorf("%s: multiplied by %g, ‖w‖ is still %.2f times as large after ¼ of 1/(ηλ) steps and %.2f times after 8", path, alpha, early, late)
		}
		if kept := ratio(free, 6*forget, 8*forget); kept < alpha {
			t.Errorf("%s: without decay α is forgotten as well, ‖w‖ is %.2f times as large", path, kept)
		}
	}
}
