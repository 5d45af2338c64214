package claim

import (
	"context"
	"fmt"
	"math"

	"alphascale/lib/lab"

	"alphascale/lib/instrument"
	"alphascale/lib/judge"
	"alphascale/lib/law"
	"alphascale/lib/optim"
	"alphascale/lib/result"
	"alphascale/lib/scaling"
	"alphascale/lib/training"
)

// stabilityCase measures both halves of "faster, less stable" on least squares, where the law has no approximation: how
// far each step goes along the slowest direction at a fixed η, and the largest η that is stable.
func stabilityCase(ctx context.Context, l *lab.Lab) (Case, error) {
	c := Case{
		Setting: "u = α·w, full-batch least squares of known curvature, SGD",
		Facts:   facts(scaling.OpReparameterise, OneLayer, by(optim.SGD), Fact{Looked, "speed and stability"}),
		Law:     "L5: the error shrinks by 1 − α²ηh a step, and is stable for η < 2/(α²h)",
	}
	squared, err := l.Exponent(scaling.ReparameteriseLaw(), scaling.Hessian)
	if err != nil {
		return c, err
	}
	alphas := []float64{3. / 4, 1, 3, 8}
	limits, err := stabilityLimits(ctx, l, alphas)
	if err != nil {
		return c, err
	}
	speeds := []float64{1, 1.3, 1.6, 2}
	progress, err := contractions(ctx, l, speeds)
	if err != nil {
		return c, err
	}
	limit, err := c.addFit(stableLimit(), alphas, limits, -squared)
	if err != nil {
		return c, err
	}
	speed, err := c.addFit(result.Quantity{Name: "share of the error removed in a step"}, speeds, progress, squared)
	if err != nil {
		return c, err
	}
	for _, method := range []law.Method{law.GradientDescent, law.HeavyBall} {
		predicted, err := law.StabilityLimit(method, curvature, 0.9, 1)
		if err != nil {
			return c, err
		}
		check := judge.Exact("largest stable learning rate at α = 1 over the limit of "+string(method), 1, limits[1]/predicted, 2e-3)
		if method == law.GradientDescent {
			c.Checks = append(c.Checks, check)
		} else {
			c.Controls = append(c.Controls, check)
		}
	}
	c.Agrees = limit.High < 0 && speed.Low > 0
	return c, nil
}

// contractions measures by which share the error of least squares shrinks in a step, late in the run, when only the
// slowest direction is left.
func contractions(ctx context.Context, l *lab.Lab, alphas []float64) ([]float64, error) {
	const late = 130
	var settings []training.Settings
	for _, alpha := range alphas {
		settings = append(settings, training.Settings{Alpha: alpha, Hyper: optim.Values{optim.LearningRate: 0.08}, Seed: 1})
	}
	runs, err := l.Run(ctx, "least squares", leastSquares, l.ReparameterisedAll(settings)...)
	if err != nil {
		return nil, err
	}
	var out []float64
	for _, run := range runs {
		if len(run.Loss) <= late {
			return nil, fmt.Errorf("least squares at α = %g ended at step %d: take a smaller learning rate", run.Settings.Alpha, len(run.Loss)-1)
		}
		out = append(out, 1-math.Sqrt(run.Loss[late]/run.Loss[late-1]))
	}
	return out, nil
}

// invariantRateCase rescales the weights before a normalisation once, at initialisation, and measures the effective
// learning rate by the angle of the first step.
func invariantRateCase(ctx context.Context, l *lab.Lab) (Case, error) {
	c := Case{
		Setting: "w ← α·w before batch normalisation, perceptron, SGD", Law: "L3: η/‖w‖²; van Laarhoven 2017",
		Facts: facts(scaling.OpRescale, AllLayers, by(optim.SGD), Fact{Behind, normalised}, Fact{Looked, "the angle of the step"}),
	}
	predicted, err := l.EffectiveExponent(scaling.ScaleInvariantLaw(), optim.SGD, optim.LearningRate)
	if err != nil {
		return c, err
	}
	fit, err := addExponent(ctx, l, &c, "angle of the first step", predicted, stepAlphas, func(seed int64) ([]float64, error) {
		return rescaledAngles(ctx, l, seed)
	})
	c.Agrees = err == nil && fit.Low > judge.ExponentTolerance
	return c, err
}

// hiddenLayers are the scale-invariant weights of the normalised perceptron.
var hiddenLayers = []string{lab.FirstWeights, secondWeights}

// rescaledAngles is the angle of the first step of the first layer after w ← α·w, at each of stepAlphas.
func rescaledAngles(ctx context.Context, l *lab.Lab, seed int64) ([]float64, error) {
	h := optim.Values{optim.LearningRate: 1e-3}
	drawn, err := l.Initial("normalised perceptron sgd", lab.NormalisedPerceptron, seed)
	if err != nil {
		return nil, err
	}
	var settings []training.Settings
	for _, alpha := range stepAlphas {
		s := training.Settings{Alpha: 1, Hyper: h, Seed: seed, Steps: 1}
		if l.Operation(scaling.OpRescale) != scaling.OpRescale {
			s.Hyper = h.With(optim.LearningRate, alpha*h[optim.LearningRate])
		} else if s.Initial, err = scaling.Rescale(drawn, hiddenLayers, alpha, scaling.KeepMoments); err != nil {
			return nil, err
		}
		settings = append(settings, s)
	}
	runs, err := l.Run(ctx, "normalised perceptron sgd", lab.NormalisedPerceptron, settings...)
	if err != nil {
		return nil, err
	}
	var out []float64
	for _, run := range runs {
		angles, err := run.Recorded(instrument.StepAngle().Name, lab.FirstWeights)
		if err != nil {
			return nil, err
		}
		out = append(out, angles[0])
	}
	return out, nil
}
