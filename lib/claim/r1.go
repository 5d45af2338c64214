package claim

import (
	"fmt"
	"math"
	"slices"

	"alphascale/lib/law"
	"alphascale/lib/measure"
	"alphascale/lib/network"
	"alphascale/lib/optim"
	"alphascale/lib/result"
	"alphascale/lib/scaling"
	"alphascale/lib/training"
)

var r1 = Claim{
	ID:        "R1",
	Says:      "A large α raises the learning rate: faster, less stable; a small α lowers it: slower, more stable.",
	Operation: scaling.OpReparameterise,
	Found:     "In the forward pass yes, by αᵖ with p = 2 (SGD and momentum) or 1 (SignSGD, Adam); LARS does not notice; after a rescale of scale-invariant weights it is the other way round.",
	Flips:     "a normalisation behind rescaled weights, or LARS",
	judge:     judgeR1,
}

func judgeR1(l *Lab) ([]Case, error) {
	var cases []Case
	for _, family := range []optim.Family{optim.SGD, optim.SignSGD, optim.LARS} {
		c, err := learningRateCase(l, family)
		if err != nil {
			return cases, err
		}
		cases = append(cases, c)
	}
	for _, measured := range []func() (Case, error){l.stabilityCase, l.invariantRateCase} {
		c, err := measured()
		if err != nil {
			return cases, err
		}
		cases = append(cases, c)
	}
	return cases, nil
}

// stepAlphas are the multipliers at which the length of a step is measured.
var stepAlphas = []float64{1. / 8, 1. / 2, 1, 3, 8}

// learningRateCase measures the effective learning rate of one optimizer at the first step from the same function.
func learningRateCase(l *Lab, family optim.Family) (Case, error) {
	c := Case{Setting: fmt.Sprintf("u = α·w in a ReLU perceptron, %s", family), Law: "L1: chain rule; Yang & Hu 2021"}
	p, err := l.learningRateExponent(family)
	if err != nil {
		return c, err
	}
	var alphas, rates []float64
	for _, seed := range l.seeds() {
		runs, err := l.firstSteps(family, seed)
		if err != nil {
			return c, err
		}
		rate, err := EffectiveLearningRate(runs[2], runs) // runs[2] is the one with α = 1
		if err != nil {
			return c, err
		}
		alphas, rates = append(alphas, rate.Xs...), append(rates, rate.Ys...)
	}
	check, control, fit, err := l.fit("exponent of the effective learning rate", alphas, rates, p)
	if err != nil {
		return c, err
	}
	c.Checks, c.Controls, c.Fits = []Check{check}, []Check{control}, append(c.Fits, fit)
	c.Agrees = fit.Low > exponentTolerance // it rises with α
	return c, nil
}

// firstSteps trains one step at each of stepAlphas, reparameterised from the same function, or with the operation that the
// lab puts in its place.
func (l *Lab) firstSteps(family optim.Family, seed int64) ([]*training.Run, error) {
	var settings []training.Settings
	for _, alpha := range stepAlphas {
		settings = append(settings, training.Settings{
			Alpha: alpha, Hyper: optim.Values{optim.LearningRate: 0.01}, Seed: seed, Steps: 1})
	}
	return l.perceptronRuns(family, settings...)
}

// perceptron is the ReLU perceptron on the digits that most claims are judged on.
func perceptron(family optim.Family, options ...optim.Option) (training.Config, error) {
	data, err := digits(1792)
	if err != nil {
		return training.Config{}, err
	}
	optimizer, err := optim.New(family, options...)
	return training.Config{
		Model: network.MLP{Hidden: []int{32, 32}, Outputs: 10}.Model, Data: data, Optimizer: optimizer, Steps: 100,
		Instruments: []measure.Instrument{measure.UpdateNorm()},
	}, err
}

// stabilityCase measures both halves of "faster, less stable" on least squares, where the law has no approximation: how
// far each step goes along the slowest direction at a fixed η, and the largest η that is stable.
func (l *Lab) stabilityCase() (Case, error) {
	c := Case{Setting: "u = α·w, full-batch least squares of known curvature, SGD",
		Law: "L5: the error shrinks by 1 − α²ηh a step, and is stable for η < 2/(α²h)"}
	squared, err := l.exponent(scaling.ReparameteriseLaw(), scaling.Hessian)
	if err != nil {
		return c, err
	}
	alphas := []float64{3. / 4, 1, 3, 8}
	limits, err := l.stabilityLimits(alphas)
	if err != nil {
		return c, err
	}
	speeds := []float64{1, 1.3, 1.6, 2}
	progress, err := l.contractions(speeds)
	if err != nil {
		return c, err
	}
	limit, limitControl, limitFit, err := l.fit("exponent of the largest stable learning rate", alphas, limits, -squared)
	if err != nil {
		return c, err
	}
	speed, speedControl, speedFit, err := l.fit("exponent of the error removed in a step", speeds, progress, squared)
	if err != nil {
		return c, err
	}
	c.Checks, c.Controls = []Check{limit, speed}, []Check{limitControl, speedControl}
	c.Fits = []result.Fit{limitFit, speedFit}
	for _, method := range []law.Method{law.GradientDescent, law.HeavyBall} {
		predicted, err := law.StabilityLimit(method, curvature, 0.9, 1)
		if err != nil {
			return c, err
		}
		check := exact("largest stable learning rate at α = 1 over the limit of "+string(method), 1, limits[1]/predicted, 2e-3)
		if method == law.GradientDescent {
			c.Checks = append(c.Checks, check)
		} else {
			c.Controls = append(c.Controls, check)
		}
	}
	c.Agrees = limitFit.High < 0 && speedFit.Low > 0
	return c, nil
}

// contractions measures by which share the error of least squares shrinks in a step, late in the run, when only the
// slowest direction is left.
func (l *Lab) contractions(alphas []float64) ([]float64, error) {
	const late = 130
	var settings []training.Settings
	for _, alpha := range alphas {
		settings = append(settings, training.Settings{Alpha: alpha, Hyper: optim.Values{optim.LearningRate: 0.08}, Seed: 1})
	}
	runs, err := l.run("least squares", leastSquares, l.all(settings)...)
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
func (l *Lab) invariantRateCase() (Case, error) {
	c := Case{Setting: "w ← α·w before batch normalisation, perceptron, SGD", Law: "L3: η/‖w‖²; van Laarhoven 2017"}
	predicted, err := l.effectiveExponent(scaling.ScaleInvariantLaw(), optim.SGD, optim.LearningRate)
	if err != nil {
		return c, err
	}
	var alphas, rates []float64
	for _, seed := range l.seeds() {
		angles, err := l.rescaledAngles(seed)
		if err != nil {
			return c, err
		}
		alphas, rates = append(alphas, stepAlphas...), append(rates, perUnit(angles)...)
	}
	check, control, fit, err := l.fit("exponent of the effective learning rate", alphas, rates, predicted)
	if err != nil {
		return c, err
	}
	c.Checks, c.Controls, c.Fits = []Check{check}, []Check{control}, append(c.Fits, fit)
	c.Agrees = fit.Low > exponentTolerance
	return c, nil
}

// rescaledAngles is the angle of the first step of the first layer after w ← α·w, at each of stepAlphas.
func (l *Lab) rescaledAngles(seed int64) ([]float64, error) {
	h := optim.Values{optim.LearningRate: 1e-3}
	start := training.Settings{Alpha: 1, Hyper: h.With(optim.LearningRate, 0), Seed: seed, Steps: 1, Keep: true}
	runs, err := l.run("normalised perceptron sgd", normalisedPerceptron, start)
	if err != nil {
		return nil, err
	}
	weights := slices.DeleteFunc(runs[0].Watched(), func(path string) bool { return path == "/output/dense/weights" })
	var settings []training.Settings
	for _, alpha := range stepAlphas {
		s := training.Settings{Alpha: 1, Hyper: h, Seed: seed, Steps: 1}
		if l.operation(scaling.OpRescale) != scaling.OpRescale {
			s.Hyper = h.With(optim.LearningRate, alpha*h[optim.LearningRate])
		} else if s.Initial, err = scaling.Rescale(runs[0].Final, weights, alpha, scaling.KeepMoments); err != nil {
			return nil, err
		}
		settings = append(settings, s)
	}
	if runs, err = l.run("normalised perceptron sgd", normalisedPerceptron, settings...); err != nil {
		return nil, err
	}
	var out []float64
	for _, run := range runs {
		angles, err := run.Recorded(measure.StepAngle().Name, weights[0])
		if err != nil {
			return nil, err
		}
		out = append(out, angles[0])
	}
	return out, nil
}

// normalisedPerceptron has scale-invariant weights in its hidden layers: no bias, and no ε in the normalisation.
func normalisedPerceptron() (training.Config, error) {
	c, err := perceptron(optim.SGD)
	c.Model = network.MLP{Hidden: []int{32, 32}, Outputs: 10, NoBias: true, Norm: network.BatchNorm, NormEpsilon: -1}.Model
	c.Instruments = []measure.Instrument{measure.StepAngle()}
	return c, err
}
