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

	"gonum.org/v1/gonum/floats"
)

var r1 = Claim{
	ID:        "R1",
	Chapter:   "04_learning_rate",
	Says:      "A large α raises the learning rate of the network: faster, less stable; a small α lowers it: slower, more stable.",
	Operation: scaling.OpReparameterise,
	Found:     "In the forward pass yes, by αᵖ with p = 2 for SGD and 1 for SignSGD, and the largest stable η falls by α²: but only for the weights that α multiplies, not for the others. LARS does not notice. A rescale lowers the step relative to the weights, before a normalisation by α², until weight decay has let it be forgotten.",
	experiments: append(each([]optim.Family{optim.SGD, optim.SignSGD, optim.LARS}, learningRateCase),
		append([]experiment{otherLayersCase, stabilityCase, relativeStepCase, invariantRateCase, forgottenCase},
			each(recordedRates(optim.SGD), recordedCase(Fact{Looked, "the layer's own rate"}))...)...),
}

// stepAlphas are the multipliers at which the length of a step is measured.
var stepAlphas = []float64{1, 1. / 8, 1. / 2, 3, 8}

// learningRateCase measures the effective learning rate of one optimizer at the first step from the same function.
func learningRateCase(ctx context.Context, l *lab.Lab, family optim.Family) (Case, error) {
	c := Case{
		Setting: fmt.Sprintf("u = α·w in the first layer of a ReLU perceptron, %s", family), Law: "L1: chain rule; Yang & Hu 2021",
		Facts: facts(scaling.OpReparameterise, OneLayer, by(family), Fact{Looked, "the layer's own rate"}),
	}
	p, err := l.LearningRateExponent(family)
	if err != nil {
		return c, err
	}
	rates := func(family optim.Family, seed int64) ([]float64, error) {
		initial, runs, err := firstSteps(ctx, l, family, seed)
		if err != nil {
			return nil, err
		}
		rate, err := lab.MeasuredLearningRate(lab.Perceptron(family).Model, initial, runs)
		return rate.Ys, err
	}
	fit, err := addExponent(ctx, l, &c, result.EffectiveLearningRate().Name, p, stepAlphas, func(seed int64) ([]float64, error) {
		if family == optim.LARS { // that it does not notice says something only where another does
			noticed, err := rates(optim.SGD, seed)
			if err != nil {
				return nil, err
			}
			if err := c.addMoved(result.EffectiveLearningRate().Name+" of sgd", p, stepAlphas, noticed); err != nil {
				return nil, err
			}
		}
		return rates(family, seed)
	})
	c.Agrees = err == nil && fit.Low > judge.ExponentTolerance // it rises with α
	return c, err
}

// otherLayersCase measures the first step of the second layer, which α does not multiply: the rest of the network.
func otherLayersCase(ctx context.Context, l *lab.Lab) (Case, error) {
	c := Case{
		Setting: "u = α·w in the first layer of a ReLU perceptron, the step of the second layer, sgd", Law: "L1: ∂ℓ/∂w of other weights has no α",
		Facts: facts(scaling.OpReparameterise, OneLayer, by(optim.SGD), Fact{Looked, "the other layers' rates"}),
	}
	predicted, err := l.Exponent(scaling.ReparameteriseLaw(), scaling.OtherWeight)
	if err != nil {
		return c, err
	}
	fit, err := addExponent(ctx, l, &c, "first step of the second layer", predicted, stepAlphas, func(seed int64) ([]float64, error) {
		initial, runs, err := firstSteps(ctx, l, optim.SGD, seed)
		if err != nil {
			return nil, err
		}
		// Weights that α does not reach show that it leaves others alone only where it reached some.
		multiplied, err := lab.FirstSteps(lab.Perceptron(optim.SGD).Model, initial, runs...)
		if err != nil {
			return nil, err
		}
		if err = c.addMoved("first step of the first layer", predicted, stepAlphas, multiplied); err != nil {
			return nil, err
		}
		start, err := lab.FlatWeights(initial, []string{secondWeights}, 1)
		if err != nil {
			return nil, err
		}
		var out []float64
		for _, run := range runs {
			w, err := lab.FlatWeights(run.Final, []string{secondWeights}, 1)
			if err != nil {
				return nil, err
			}
			out = append(out, floats.Distance(w, start, 2))
		}
		return out, nil
	})
	c.Agrees = err == nil && fit.Low > judge.ExponentTolerance
	return c, err
}

// firstSteps trains one step at each of stepAlphas, reparameterised from the same function, or with the operation that the
// lab puts in its place. It returns the values that all start from too.
func firstSteps(ctx context.Context, l *lab.Lab, family optim.Family, seed int64) (byPath, []*training.Run, error) {
	var settings []training.Settings
	for _, alpha := range stepAlphas {
		settings = append(settings, training.Settings{
			Alpha: alpha, Hyper: optim.Values{optim.LearningRate: 0.1}, Seed: seed, Steps: 1, Keep: true,
		})
	}
	runs, err := perceptronRuns(ctx, l, family, settings...)
	if err != nil {
		return nil, nil, err
	}
	initial, err := l.Initial("perceptron "+string(family), func() (training.Config, error) { return lab.Perceptron(family), nil }, seed)
	return initial, runs, err
}

// relativeStepCase multiplies the weights once where nothing takes the scale back. Of the outputs' gradient, by which no loss comes
// between, the step is then the same and the weights are α times as long.
func relativeStepCase(ctx context.Context, l *lab.Lab) (Case, error) {
	c := Case{
		Setting: "w ← α·w in the first layer, " + lab.PlainNet().String() + ", step of the outputs' gradient relative to w", Law: "L2: ∂f/∂W does not contain W",
		Facts: facts(scaling.OpRescale, OneLayer, by(optim.SGD), Fact{Behind, reluNet}, Fact{Looked, "the step relative to w"}),
	}
	gradient, err := scaling.LayerLaw().Exponent(scaling.Jacobian)
	if err != nil {
		return c, err
	}
	weight, err := scaling.LayerLaw().Exponent(scaling.Weight)
	predicted, err := l.Predict(gradient-weight, err)
	if err != nil {
		return c, err
	}
	fit, err := addExponent(ctx, l, &c, "relative step", predicted, fewAlphas, func(seed int64) (out []float64, err error) {
		p, err := l.InitialProbe(lab.PlainNet(), 100, seed)
		if err != nil {
			return nil, err
		}
		for _, alpha := range fewAlphas {
			changes, err := l.Changes(scaling.OpRescale, training.KeepFunction, scaling.Select(lab.FirstWeights), alpha)
			if err != nil {
				return nil, err
			}
			gradient, err := p.OutputGradientNorm(lab.FirstWeights, changes...)
			if err != nil {
				return nil, err
			}
			weight, err := p.WeightNorm(lab.FirstWeights, changes...)
			if err != nil {
				return nil, err
			}
			out = append(out, gradient/weight)
		}
		return out, nil
	})
	c.Agrees = err == nil && fit.Low > judge.ExponentTolerance
	return c, err
}
