package claim

import (
	"context"
	"fmt"
	"math"

	"alphascale/lib/lab"

	"alphascale/lib/judge"
	"alphascale/lib/optim"
	"alphascale/lib/scaling"
	"alphascale/lib/training"

	"gonum.org/v1/gonum/stat"
)

// theTraining is what the sentences on very large and very small α say is to follow from the gradient.
const theTraining = "the training"

// learns reports whether a run came more than half of the way from chance, ln 10 for guessing among ten classes, to no loss, on
// average over its last epoch; unstable, whether it diverged or ended above where it began.
func learns(run *training.Run) bool   { return finalLoss(run) < math.Log(10)/2 }
func unstable(run *training.Run) bool { return !(finalLoss(run) <= run.Loss[0]) }

// extremeCase trains with α in the forward pass of the first layer at a fixed η, from the same function, and holds the run against the
// one without α in which the layer has the learning rate α²η. The case agrees where the training does what the article says.
func extremeCase(alpha float64, agrees func(run *training.Run) bool) experiment {
	return func(ctx context.Context, l *lab.Lab) (Case, error) {
		c := Case{
			Setting: fmt.Sprintf("u = α·w in the first layer, α = %g, η as it is, trained ReLU perceptron, sgd", alpha), Law: "L1: the run with a learning rate α²η of the layer",
			Facts: facts(scaling.OpReparameterise, OneLayer, by(optim.SGD), Fact{Behind, reluNet}, Fact{Looked, theTraining}),
		}
		p, err := l.LearningRateExponent(optim.SGD)
		if err != nil {
			return c, err
		}
		h := optim.Values{optim.LearningRate: 0.1}
		rate := func(power float64) optim.Values {
			return h.With(optim.LearningRate, h[optim.LearningRate]*math.Pow(alpha, power))
		}
		for _, seed := range l.Seeds() {
			runs, err := perceptronRuns(ctx, l, optim.SGD, training.Settings{Alpha: alpha, Hyper: h, Seed: seed},
				training.Settings{Alpha: 1, Hyper: h, ScaledHyper: rate(p), Seed: seed}, training.Settings{Alpha: 1, Hyper: h, ScaledHyper: rate(p - lab.WrongBy), Seed: seed},
				training.Settings{Alpha: 1, Hyper: h, Seed: seed})
			if err != nil {
				return c, err
			}
			c.Checks = append(c.Checks, judge.Identical("losses that differ from those with α²η in the layer", runs[1].Loss, runs[0].Loss))
			c.Controls = append(c.Controls, judge.Identical("control: with a wrong power of α", runs[2].Loss, runs[0].Loss))
			plain := runs[3].LossSeries()
			c.Series = append(c.Series, runs[0].LossSeries(), plain)
			c.Agrees = c.Agrees || agrees(runs[0])
		}
		return c, nil
	}
}

// vanishedLoss is the factor of the loss in vanishedCase.
const vanishedLoss = 0x1p-30

// vanished is an optimizer that is given the small loss, and whether its ε is made as small.
type vanished struct {
	family  optim.Family
	epsilon bool
}

// vanishedCase is the control on the article's title: the loss, and with it every gradient, is made a billion times smaller, which
// is what vanishing gradients are to an optimizer. Under Adam with its ε made smaller too, every loss is the same; otherwise learning
// stops. It is no multiplication of weights.
func vanishedCase(ctx context.Context, l *lab.Lab, by vanished) (Case, error) {
	family, epsilon := by.family, by.epsilon
	name := string(family)
	if family == optim.Adam && !epsilon {
		name += ", ε left"
	}
	c := Case{
		Setting: "ℓ ← 2⁻³⁰·ℓ, ReLU perceptron, " + name, Law: "L10: Adam, ε' = ε·s, divides the scale out; SGD and ε keep it",
		Facts: facts(scaling.OpScaleLoss, AllLayers, Fact{Optimizer, name}, Fact{Looked, theTraining}),
	}
	h := map[optim.Family]optim.Values{optim.SGD: {optim.LearningRate: 0.1}, optim.Adam: {optim.LearningRate: 0.005, optim.Epsilon: 1e-8}}[family]
	rate, err := l.Predict(scaling.LossLaw().EffectiveExponent(family, optim.LearningRate))
	if err != nil {
		return c, err
	}
	plain := training.Settings{Alpha: 1, Hyper: h, Seed: l.Seeds()[0], Steps: 60}
	vanished := plain
	if epsilon {
		vanished.Hyper = h.With(optim.Epsilon, h[optim.Epsilon]*vanishedLoss)
	}
	if vanished, err = scaledBy(ctx, l, scaling.OpScaleLoss, vanishedLoss, vanished); err != nil {
		return c, err
	}
	// By the law the run is one without a loss scale, with another learning rate or another ε.
	named, wrong, control := plain, plain, "control: from those without the factor"
	named.Hyper = h.With(optim.LearningRate, h[optim.LearningRate]*math.Pow(vanishedLoss, rate))
	switch _, read := h[optim.Epsilon]; {
	case epsilon: // nothing has changed, which one other number of the optimizer would show
		wrong.Hyper, control = h.With(optim.LearningRate, 1.25*h[optim.LearningRate]), "control: from those at another learning rate"
	case read:
		named.Hyper = named.Hyper.With(optim.Epsilon, h[optim.Epsilon]/vanishedLoss)
	}
	runs, err := lossScaleRuns(ctx, l, family, vanished, named, wrong, plain)
	if err != nil {
		return c, err
	}
	losses := make([]float64, len(runs[0].Loss))
	for i, loss := range runs[0].Loss {
		losses[i] = loss / vanishedLoss
	}
	c.Checks = []judge.Check{judge.Identical("losses that differ from those of the run that the law names", runs[1].Loss, losses)}
	c.Controls = []judge.Check{judge.Identical(control, runs[2].Loss, losses)}
	shown, unscaled := runs[0].LossSeries(), runs[3].LossSeries()
	shown.Alpha, shown.Label, shown.Ys = 0, "loss × 2⁻³⁰, drawn × 2³⁰", losses
	unscaled.Alpha, unscaled.Label = 0, "loss as it is"
	c.Series = append(c.Series, unscaled, shown)
	c.Agrees = stat.Mean(losses[len(losses)-14:], nil) > math.Log(10)/2 // it has stopped
	return c, nil
}

// vanishedCases are those of the optimizers that a small gradient stops and of the one that it does not.
func vanishedCases() []experiment {
	return each([]vanished{{optim.SGD, false}, {optim.Adam, false}, {optim.Adam, true}}, vanishedCase)
}

// tinyNormalisedCase multiplies the weights before a normalisation by α = 1/64 once and trains: the gradients are 64 times as large,
// and so, in units of the weights, is the learning rate 4096 times. The weights grow at once and learning slows by itself.
func tinyNormalisedCase(ctx context.Context, l *lab.Lab) (Case, error) {
	const alpha = 1. / 64
	c := Case{
		Setting: "w ← α·w before batch normalisation, α = 1/64, trained perceptron, sgd", Law: "L3: the run with a learning rate η/α² of these weights; Arora et al. 2019",
		Facts: facts(scaling.OpRescale, AllLayers, by(optim.SGD), Fact{Behind, normalised}, Fact{Looked, theTraining}),
	}
	q, err := l.EffectiveExponent(scaling.ScaleInvariantLaw(), optim.SGD, optim.LearningRate)
	if err != nil {
		return c, err
	}
	const key = "normalised perceptron sgd, hidden layers a group"
	config := func() (training.Config, error) {
		config, err := lab.NormalisedPerceptron()
		config.Scaled, config.Instruments = scaling.Select(hiddenWeights), nil
		return config, err
	}
	h := optim.Values{optim.LearningRate: 0.1}
	rate := func(power float64) optim.Values {
		return h.With(optim.LearningRate, h[optim.LearningRate]*math.Pow(alpha, power))
	}
	for _, seed := range l.Seeds() {
		drawn, err := l.Initial(key, config, seed)
		if err != nil {
			return c, err
		}
		tiny := training.Settings{Alpha: 1, Hyper: h, Seed: seed}
		if tiny.Initial, err = l.Rescaled(drawn, hiddenLayers, alpha); err != nil {
			return c, err
		}
		runs, err := l.Run(ctx, key, config, tiny, training.Settings{Alpha: 1, Hyper: h, ScaledHyper: rate(q), Seed: seed},
			training.Settings{Alpha: 1, Hyper: h, ScaledHyper: rate(q + lab.WrongBy), Seed: seed}, training.Settings{Alpha: 1, Hyper: h, Seed: seed})
		if err != nil {
			return c, err
		}
		c.Checks = append(c.Checks, judge.Identical("losses that differ from those with η/α² in these layers", runs[1].Loss, runs[0].Loss))
		c.Controls = append(c.Controls, judge.Identical("control: with a wrong power of α", runs[2].Loss, runs[0].Loss))
		c.Series = append(c.Series, runs[0].LossSeries(), runs[3].LossSeries())
		c.Agrees = c.Agrees || unstable(runs[0])
	}
	return c, nil
}
