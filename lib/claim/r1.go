package claim

import (
	"context"
	"fmt"

	"alphascale/lib/lab"

	"alphascale/lib/judge"
	"alphascale/lib/optim"
	"alphascale/lib/result"
	"alphascale/lib/scaling"
	"alphascale/lib/training"
)

var r1 = Claim{
	ID:        "R1",
	Says:      "A large α raises the learning rate: faster, less stable; a small α lowers it: slower, more stable.",
	Operation: scaling.OpReparameterise,
	Found:     "In the forward pass yes, by αᵖ with p = 2 for SGD and 1 for SignSGD, and the largest stable η falls by α²; LARS does not notice; after a rescale of scale-invariant weights it is the other way round.",
	Flips:     "a normalisation behind rescaled weights, or LARS",
	experiments: append(each([]optim.Family{optim.SGD, optim.SignSGD, optim.LARS}, learningRateCase),
		stabilityCase, invariantRateCase),
}

// stepAlphas are the multipliers at which the length of a step is measured.
var stepAlphas = []float64{1. / 8, 1. / 2, 1, 3, 8}

// learningRateCase measures the effective learning rate of one optimizer at the first step from the same function.
func learningRateCase(ctx context.Context, l *lab.Lab, family optim.Family) (Case, error) {
	c := Case{Setting: fmt.Sprintf("u = α·w in a ReLU perceptron, %s", family), Law: "L1: chain rule; Yang & Hu 2021"}
	p, err := l.LearningRateExponent(family)
	if err != nil {
		return c, err
	}
	var alphas, rates []float64
	for _, seed := range l.Seeds() {
		runs, err := firstSteps(ctx, l, family, seed)
		if err != nil {
			return c, err
		}
		rate, err := lab.EffectiveLearningRate(runs[2], runs) // runs[2] is the one with α = 1
		if err != nil {
			return c, err
		}
		alphas, rates = append(alphas, stepAlphas...), append(rates, rate.Ys...)
	}
	check, control, fit, err := lab.Fit(result.EffectiveLearningRate(), alphas, rates, p)
	if err != nil {
		return c, err
	}
	c.Checks, c.Controls, c.Fits = []judge.Check{check}, []judge.Check{control}, append(c.Fits, fit)
	c.Agrees = fit.Low > judge.ExponentTolerance // it rises with α
	return c, nil
}

// firstSteps trains one step at each of stepAlphas, reparameterised from the same function, or with the operation that the
// lab puts in its place.
func firstSteps(ctx context.Context, l *lab.Lab, family optim.Family, seed int64) ([]*training.Run, error) {
	var settings []training.Settings
	for _, alpha := range stepAlphas {
		settings = append(settings, training.Settings{
			Alpha: alpha, Hyper: optim.Values{optim.LearningRate: 0.01}, Seed: seed, Steps: 1,
		})
	}
	return perceptronRuns(ctx, l, family, settings...)
}
