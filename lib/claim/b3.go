package claim

import (
	"context"
	"fmt"
	"math"

	"alphascale/lib/lab"

	"alphascale/lib/judge"
	"alphascale/lib/network"
	"alphascale/lib/optim"
	"alphascale/lib/result"
	"alphascale/lib/scaling"
	"alphascale/lib/training"

	"github.com/gomlx/compute/dtypes"
)

var b3 = Claim{
	ID:        "B3",
	Chapter:   "04_learning_rate",
	Says:      "Adjust the learning rate when the weights are scaled.",
	Operation: scaling.OpReparameterise,
	Found:     "By α^(−p), p = 2 for SGD and momentum and 1 for SignSGD and Adam (ε by α), for the weights that α multiplies alone: the run is then the same, bit for bit at α = 2^k. With LARS p = 0. No one learning rate for the whole network undoes an α on a part of it.",
	experiments: append(append(each([]optim.Family{optim.SGD, optim.HeavyBall, optim.SignSGD, optim.Adam}, adjustedCase),
		roundingCase, unadjustedCase, oneRateCase), each(recordedRates(optim.SGD, optim.Adam), recordedCase(Fact{Rate, ownRate}))...),
}

// adjusted are hyperparameters with which the perceptron learns at α = 1. Adam's ε is large enough to matter.
var adjusted = map[optim.Family]optim.Values{
	optim.SGD:       {optim.LearningRate: 0.1},
	optim.HeavyBall: {optim.LearningRate: 0.02},
	optim.SignSGD:   {optim.LearningRate: 0.002},
	optim.Adam:      {optim.LearningRate: 0.005, optim.Epsilon: 1e-3},
	optim.LARS:      {optim.LearningRate: 1, optim.TrustCoefficient: 0.01},
}

// adjustedCase compares whole runs at powers of two: adjusted by the law, adjusted by another power, not adjusted.
func adjustedCase(ctx context.Context, l *lab.Lab, family optim.Family) (Case, error) {
	c := Case{
		Setting: fmt.Sprintf("u = α·w in the first layer with η' = η/αᵖ there, ReLU perceptron in float32, %s", family),
		Facts:   facts(scaling.OpReparameterise, OneLayer, by(family), Fact{Rate, ownRate}),
		Law:     "L1: η' = η/αᵖ, ε' = α·ε keep every loss; Yang & Hu 2021",
	}
	c.Agrees = true
	for _, seed := range l.Seeds() {
		small, err := l.Compensate(family, adjusted[family], 1./8, seed)
		if err != nil {
			return c, err
		}
		large, err := l.Compensate(family, adjusted[family], 8, seed)
		if err != nil {
			return c, err
		}
		plain := large
		plain.ScaledHyper = nil
		runs, err := perceptronRuns(ctx, l, family, shortened(training.Settings{Alpha: 1, Hyper: adjusted[family], Seed: seed},
			small, large, withFactor(large, optim.LearningRate, lab.WrongBy), plain)...)
		if err != nil {
			return c, err
		}
		c.Checks = append(c.Checks, judge.Identical("losses that differ, α = 1/8", runs[0].Loss, runs[1].Loss))
		c.Series = append(c.Series, runs[0].LossSeries(), runs[1].LossSeries())
		c.compareRuns("α = 8", runs[0], runs[2], runs[3], runs[4])
	}
	return c, nil
}

// compareRuns adds what a reference and three runs with α have in common: the one adjusted by the law must be the same in
// every bit, one with a wrong power must not. Where the run that is not adjusted is the same too, there is nothing to
// adjust, and the case does not agree with an article that has it adjusted.
func (c *Case) compareRuns(title string, reference, lawful, wrong, plain *training.Run) {
	same := judge.Identical("losses that differ, "+title, reference.Loss, lawful.Loss)
	c.Checks = append(c.Checks, same)
	c.Controls = append(c.Controls, judge.Identical("control: the exponent off by a fifth, "+title, reference.Loss, wrong.Loss))
	c.Series = append(c.Series, lawful.LossSeries(), plain.LossSeries())
	unchanged := judge.Identical("losses that differ without an adjustment, "+title, reference.Loss, plain.Loss)
	c.Agrees = c.Agrees && same.Holds() && !unchanged.Holds()
}

// roundingCase is α = 3, where each multiplication rounds: what is left of the difference is of the size of rounding.
func roundingCase(ctx context.Context, l *lab.Lab) (Case, error) {
	const tolerance, alpha = 1e-10, 3.
	c := Case{
		Setting: "u = α·w in the first layer with η' = η/αᵖ there at α = 3, ReLU perceptron in float64, sgd", Law: "L1, to rounding: 1e-10 of the loss",
		Facts: facts(scaling.OpReparameterise, OneLayer, by(optim.SGD), Fact{Rate, ownRate}),
	}
	c.Agrees = true
	for _, seed := range l.Seeds() {
		s, err := l.Compensate(optim.SGD, adjusted[optim.SGD], alpha, seed)
		if err != nil {
			return c, err
		}
		plain := s
		plain.ScaledHyper = nil
		runs, err := l.Run(ctx, "perceptron sgd in float64", perceptronFloat64, l.ReparameterisedAll([]training.Settings{
			{Alpha: 1, Hyper: s.Hyper, Seed: seed}, s, withFactor(s, optim.LearningRate, lab.WrongBy), plain,
		})...)
		if err != nil {
			return c, err
		}
		off := func(what string, run *training.Run) judge.Check {
			d := result.RelativeDifference(runs[0].Loss, run.Loss)
			return judge.Exact(what+", largest relative difference of a loss", 0, math.Min(d, math.MaxFloat64), tolerance)
		}
		lawful := off("η/αᵖ at α = 3", runs[1])
		c.Series = append(c.Series, runs[0].LossSeries(), runs[1].LossSeries(), runs[3].LossSeries())
		c.Checks = append(c.Checks, lawful)
		c.Controls = append(c.Controls, off("control: the exponent off by a fifth", runs[2]))
		c.Agrees = c.Agrees && lawful.Holds() && !off("η at α = 3", runs[3]).Holds()
	}
	return c, nil
}

func perceptronFloat64() (training.Config, error) {
	c := lab.Perceptron(optim.SGD)
	c.Model = network.MLP{Hidden: []int{16}, Outputs: 10}.Model
	c.DType, c.Steps, c.Instruments = dtypes.Float64, 50, nil
	return c, nil
}

// What can be done to the learning rate of a network of which α multiplies a layer.
const (
	ownRate = "the layer's own"
	oneRate = "one for the network"
)

// oneRateCase compares the run without α with one whose single learning rate is adjusted for the layer that α multiplies, and with
// one in which it is left for the others. By the law the first is the run without α in which every other layer has η/αᵖ.
func oneRateCase(ctx context.Context, l *lab.Lab) (Case, error) {
	const alpha = 8
	c := Case{
		Setting: "u = α·w in the first layer with one η for the network, ReLU perceptron, sgd", Law: "L1: the rates of the layers have the ratio αᵖ, whatever η is",
		Facts: facts(scaling.OpReparameterise, OneLayer, by(optim.SGD), Fact{Rate, oneRate}), Agrees: true,
	}
	p, err := l.LearningRateExponent(optim.SGD)
	if err != nil {
		return c, err
	}
	h := adjusted[optim.SGD]
	lower := h.With(optim.LearningRate, h[optim.LearningRate]*math.Pow(alpha, -p))
	for _, seed := range l.Seeds() {
		runs, err := perceptronRuns(ctx, l, optim.SGD, shortened(training.Settings{Alpha: 1, Hyper: h, Seed: seed},
			training.Settings{Alpha: alpha, Hyper: lower, Seed: seed}, training.Settings{Alpha: alpha, Hyper: h, Seed: seed},
			training.Settings{Alpha: 1, Hyper: lower, ScaledHyper: h, Seed: seed})...)
		if err != nil {
			return c, err
		}
		lowered := judge.Identical("control: losses that differ from the run without α, η/αᵖ for the network", runs[0].Loss, runs[1].Loss)
		left := judge.Identical("control: losses that differ from the run without α, η as it was", runs[0].Loss, runs[2].Loss)
		c.Checks = append(c.Checks, judge.Identical("losses that differ from the run in which the other layers alone have η/αᵖ", runs[3].Loss, runs[1].Loss))
		c.Controls = append(c.Controls, lowered, left)
		c.Series = append(c.Series, runs[0].LossSeries(), runs[1].LossSeries())
		c.Agrees = c.Agrees && (lowered.Holds() || left.Holds())
	}
	return c, nil
}

// unadjustedCase is the setting in which there is nothing to adjust.
func unadjustedCase(ctx context.Context, l *lab.Lab) (Case, error) {
	c := Case{
		Setting: "u = α·w in the first layer of a ReLU perceptron, lars", Law: "L1: p = 0, for the step is in proportion to ‖w‖; You et al. 2017",
		Facts: facts(scaling.OpReparameterise, OneLayer, by(optim.LARS), Fact{Rate, ownRate}),
	}
	c.Agrees = true
	p, err := l.LearningRateExponent(optim.LARS)
	if err != nil {
		return c, err
	}
	for _, seed := range l.Seeds() {
		plain := training.Settings{Alpha: 8, Hyper: adjusted[optim.LARS], Seed: seed}
		runs, err := perceptronRuns(ctx, l, optim.LARS, shortened(training.Settings{Alpha: 1, Hyper: plain.Hyper, Seed: seed},
			withFactor(plain, optim.LearningRate, -p), withFactor(plain, optim.LearningRate, lab.WrongBy-p), plain)...)
		if err != nil {
			return c, err
		}
		c.compareRuns("α = 8", runs[0], runs[1], runs[2], runs[3])
	}
	return c, nil
}
