package claim

import (
	"context"

	"alphascale/lib/dataset"
	"alphascale/lib/judge"
	"alphascale/lib/lab"
	"alphascale/lib/law"
	"alphascale/lib/network"
	"alphascale/lib/probe"
	"alphascale/lib/result"
	"alphascale/lib/scaling"
	"alphascale/lib/training"

	"gonum.org/v1/gonum/floats"
)

var g4 = Claim{
	ID:          "G4",
	Chapter:     "02_gradients",
	Says:        "∂ℓ'/∂w' = α·∂ℓ/∂y·∂y/∂w.",
	Operation:   scaling.OpReparameterise,
	Words:       []Word{{"∂ℓ'/∂w' = ∂ℓ/∂y·∂y/∂(αw)", Looked, []string{asPrinted, middleMember}}},
	Found:       "Its second '=' is the error: ∂y/∂(αw) is (1/α)·∂y/∂w, and the derivative with respect to w' = αw, which the formula names, has no α. What has is the derivative with respect to w, at the new y. The old ∂ℓ/∂y may stand in it only where the function is kept.",
	experiments: []experiment{asPrintedCase, middleCase, byWeightCase, functionKeptCase},
}

// What the formula can be read as a derivative of.
const (
	asPrinted    = "∂ℓ'/∂w' as printed"
	middleMember = "∂y/∂(αw), its middle member"
	byWeight     = "∂ℓ'/∂w"
)

// byWeightCase reads the formula's left-hand side as the derivative with respect to w, which autodiff computes.
func byWeightCase(ctx context.Context, l *lab.Lab) (Case, error) {
	c, err := derivativeCase(ctx, l, "derivative with respect to w at the new y", scaling.OpReparameterise, training.KeepWeights)
	c.Facts = facts(scaling.OpReparameterise, OneLayer, Fact{Looked, byWeight})
	if err != nil {
		return c, err
	}
	err = addRatio(ctx, l, &c) // which changes c
	return c, err
}

// asPrintedCase reads it as it stands, as the derivative with respect to w' = α·w.
func asPrintedCase(ctx context.Context, l *lab.Lab) (Case, error) {
	c, err := derivativeCase(ctx, l, "derivative with respect to w' = α·w at the new y, as printed", scaling.OpRescale, training.KeepWeights)
	c.Facts = facts(scaling.OpReparameterise, OneLayer, Fact{Looked, asPrinted})
	return c, err
}

// middleCase measures the factor by which the formula's middle member, ∂y/∂(αw), differs from ∂y/∂w, where the formula has α.
func middleCase(ctx context.Context, l *lab.Lab) (Case, error) {
	c := Case{
		Setting: "derivative of the outputs with respect to α·w in units of that with respect to w, " + lab.PlainNet().String(),
		Facts:   facts(scaling.OpReparameterise, OneLayer, Fact{Looked, middleMember}), Law: "L1: ∂y/∂w = α·∂y/∂(αw), the chain rule",
	}
	predicted, err := l.Exponent(scaling.ReparameteriseLaw(), scaling.Weight) // w = u/α, so ∂w/∂u = 1/α
	if err != nil {
		return c, err
	}
	fit, err := addExponent(ctx, l, &c, "derivative of y with respect to αw in units of that with respect to w", predicted, fewAlphas, func(seed int64) ([]float64, error) {
		return inUnits(ctx, l, scaling.Jacobian, scaling.LayerLaw(), scaling.ReparameteriseLaw(), seed)
	})
	c.Agrees = err == nil && isExponent(fit, 1)
	return c, err
}

// inUnits is the derivative with respect to the weights of the first layer under the operation of one law in units of that under
// the operation of another, from the same weights, at each of fewAlphas.
func inUnits(ctx context.Context, l *lab.Lab, of scaling.Observable, law, unit scaling.Law, seed int64) ([]float64, error) {
	setting := gradientSetting{of: of, net: lab.PlainNet(), selected: lab.FirstWeights, watched: lab.FirstWeights, start: training.KeepWeights}
	setting.law = law
	ratios, err := gradientNorms(ctx, l, setting, seed, fewAlphas)
	if err != nil {
		return nil, err
	}
	setting.law = unit
	units, err := gradientNorms(ctx, l, setting, seed, fewAlphas)
	if err != nil {
		return nil, err
	}
	floats.Div(ratios, units)
	return ratios, nil
}

func functionKeptCase(ctx context.Context, l *lab.Lab) (Case, error) {
	c, err := derivativeCase(ctx, l, "derivative with respect to w, the function kept", scaling.OpReparameterise, training.KeepFunction)
	c.Facts = facts(scaling.OpReparameterise, OneLayer, Fact{Looked, byWeight}, Fact{Start, "the function kept"})
	if err != nil {
		return c, err
	}
	err = addOutputGradient(ctx, l, &c) // which changes c
	return c, err
}

// regression is multinomial logistic regression, whose ∂ℓ/∂y·∂y/∂w a few lines of Go compute without the graph.
func regression() network.MLP { return network.MLP{Outputs: 10, NoBias: true} }

// derivativeCase measures the gradient that autodiff takes in a logistic regression on the digits, in units of
// ∂ℓ/∂y·∂y/∂w for y = w·x.
func derivativeCase(ctx context.Context, l *lab.Lab, setting string, op scaling.Operation, start training.Start) (Case, error) {
	c := Case{Setting: setting + ", logistic regression", Law: "L1: ∂u/∂w = α and the chain rule"}
	predicted, err := l.Predict(derivativeExponent(op))
	if err != nil {
		return c, err
	}
	off, offAtOne := 0.0, 0.0
	fit, err := addExponent(ctx, l, &c, "gradient in units of ∂ℓ/∂y·∂y/∂w", predicted, fewAlphas,
		func(seed int64) (ratios []float64, err error) {
			_, atOne, err := gradientAndBracket(ctx, l, op, start, 1, seed)
			if err != nil {
				return nil, err
			}
			for _, alpha := range fewAlphas {
				gradient, bracket, err := gradientAndBracket(ctx, l, op, start, alpha, seed)
				if err != nil {
					return nil, err
				}
				ratios = append(ratios, floats.Norm(gradient, 2)/floats.Norm(bracket, 2))
				off, offAtOne = max(off, fromMultiple(gradient, bracket)), max(offAtOne, fromMultiple(gradient, atOne))
			}
			return ratios, nil
		})
	const what = "distance from a multiple of ∂ℓ/∂y·∂y/∂w, relative"
	c.Checks = append(c.Checks, judge.Exact(what, 0, off, 1e-12))
	if start == training.KeepWeights { // what α has moved shows that it was applied
		c.Controls = append(c.Controls, judge.Exact("control: at the old y, "+what, 0, offAtOne, 1e-12))
	}
	c.Agrees = err == nil && isExponent(fit, 1)
	return c, err
}

// fromMultiple is the distance of a vector from that multiple of another which is as long, relative to its length.
func fromMultiple(v, of []float64) float64 {
	multiple := floats.ScaleTo(make([]float64, len(of)), floats.Norm(v, 2)/floats.Norm(of, 2), of)
	return floats.Distance(v, multiple, 2) / floats.Norm(v, 2)
}

// derivativeExponent is the exponent of the derivative with respect to the weight that the operation leaves to be trained: w
// under u = α·w, and w' = u after a rescale, where ∂/∂u = ∂/∂w·∂w/∂u.
func derivativeExponent(op scaling.Operation) (float64, error) {
	chain := scaling.ReparameteriseLaw()
	byW, err := chain.Exponent(scaling.Gradient)
	if err != nil || op == scaling.OpReparameterise {
		return byW, err
	}
	inner, err := chain.Exponent(scaling.Weight) // w = u/α
	return byW + inner, err
}

// gradientAndBracket returns the gradient by autodiff, and ∂ℓ/∂y·∂y/∂w at the same y from the rows and the softmax.
func gradientAndBracket(ctx context.Context, l *lab.Lab, op scaling.Operation, start training.Start, alpha float64, seed int64) (gradient, bracket []float64, err error) {
	p, data, changes, err := regressionAt(ctx, l, op, start, alpha, seed)
	if err != nil {
		return nil, nil, err
	}
	gradients, err := p.Gradients(changes...)
	if err != nil {
		return nil, nil, err
	}
	logits, _, err := p.Outputs(changes...)
	if err != nil {
		return nil, nil, err
	}
	slope := outputGradient(logits, data)
	bracket = make([]float64, data.Width()*data.Classes)
	for row := range data.Rows() {
		for i, x := range data.Inputs[row*data.Width() : (row+1)*data.Width()] {
			floats.AddScaled(bracket[i*data.Classes:(i+1)*data.Classes], x, slope[row*data.Classes:(row+1)*data.Classes])
		}
	}
	return gradients[0], bracket, nil
}

// regressionAt is the probe of the regression with the changes of an operation on all weights.
func regressionAt(ctx context.Context, l *lab.Lab, op scaling.Operation, start training.Start, alpha float64, seed int64) (
	p *probe.Probe, data dataset.Set, changes []probe.Change, err error,
) {
	if p, err = l.InitialProbe(regression(), 100, seed); err != nil {
		return nil, data, nil, err
	}
	data = dataset.Digits().First(100)
	changes, err = l.Changes(op, start, scaling.Weights(), alpha)
	return p, data, changes, err
}

// outputGradient is ∂ℓ/∂y of the mean cross-entropy, row by row.
func outputGradient(logits []float64, data dataset.Set) []float64 {
	var out []float64
	for row, label := range data.Labels {
		slope := law.CrossEntropyGradient(logits[row*data.Classes:(row+1)*data.Classes], label, 1)
		floats.Scale(1/float64(data.Rows()), slope)
		out = append(out, slope...)
	}
	return out
}

// addRatio adds the same of a deep network: its gradient with respect to w in units of that with respect to w' at the same
// point.
func addRatio(ctx context.Context, l *lab.Lab, c *Case) error {
	predicted, err := l.Exponent(scaling.ReparameteriseLaw(), scaling.Gradient)
	if err != nil {
		return err
	}
	fit, err := addExponent(ctx, l, c, "gradient with respect to w in units of that with respect to w' in a ReLU perceptron", predicted, fewAlphas,
		func(seed int64) ([]float64, error) {
			return inUnits(ctx, l, scaling.Gradient, scaling.ReparameteriseLaw(), scaling.LayerLaw(), seed)
		})
	c.Agrees = c.Agrees && isExponent(fit, 1)
	return err
}

// addOutputGradient adds that ∂ℓ/∂y is the same at every α where the function is kept, and moves where it is not.
func addOutputGradient(ctx context.Context, l *lab.Lab, c *Case) error {
	slopes := result.Series{Label: "from the same weights", X: result.Alpha(), Y: result.Quantity{Name: "gradient with respect to the outputs", Symbol: "‖∂ℓ/∂y‖"}}
	var kept, moved, unscaled []float64
	for _, alpha := range []float64{1, 1. / 8, 1. / 2, 2, 8} { // powers of two, at which the function is kept to the last bit
		for _, start := range []training.Start{training.KeepFunction, training.KeepWeights} {
			p, data, changes, err := regressionAt(ctx, l, scaling.OpReparameterise, start, alpha, l.Seeds()[0])
			if err != nil {
				return err
			}
			logits, _, err := p.Outputs(changes...)
			if err != nil {
				return err
			}
			slope := outputGradient(logits, data)
			if start == training.KeepWeights {
				slopes.Xs, slopes.Ys = append(slopes.Xs, alpha), append(slopes.Ys, floats.Norm(slope, 2))
				moved = append(moved, slope...)
				continue
			}
			kept = append(kept, slope...)
			unscaled = append(unscaled, kept[:len(slope)]...) // those at α = 1
		}
	}
	c.Checks = append(c.Checks, judge.Identical("values of ∂ℓ/∂y that α moves where the function is kept", unscaled, kept))
	c.Controls = append(c.Controls, judge.Identical("control: values of ∂ℓ/∂y that α moves where it is not", unscaled, moved))
	c.Series = append(c.Series, slopes)
	return nil
}
