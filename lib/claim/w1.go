package claim

import (
	"context"
	"fmt"
	"math"

	"alphascale/lib/lab"

	"alphascale/lib/backend"
	"alphascale/lib/judge"
	"alphascale/lib/probe"
	"alphascale/lib/scaling"
	"alphascale/lib/training"

	"gonum.org/v1/gonum/floats"
)

var w1 = Claim{
	ID:          "W1",
	Chapter:     "01_weights",
	Says:        "Scaled weights w' = αw are larger for α > 1 and smaller for α < 1.",
	Operation:   scaling.OpRescale,
	Words:       []Word{{"scaled weights w'", Looked, []string{inUse}}},
	Found:       "Every magnitude is multiplied by α, in place and in the forward pass alike. A reparameterisation leaves the stored w as it is; a negative α, which is less than 1 too, turns the signs and enlarges where |α| > 1; α = 0 leaves nothing.",
	experiments: []experiment{rescaledWeights, effectiveWeights, storedWeights, negativeWeights},
}

// What can be looked at of weights that are multiplied.
const (
	inUse = "the weights in use"
	held  = "the held w"
)

// rescaledWeights multiplies the weights of a network in place.
func rescaledWeights(ctx context.Context, l *lab.Lab) (Case, error) {
	c := Case{Setting: "w ← α·w in place, " + lab.PlainNet().String(), Facts: facts(scaling.OpRescale, OneLayer, Fact{Looked, inUse}, Fact{Number, "α > 0"}), Law: "L8: |αw| = |α|·|w|"}
	predicted, err := l.Exponent(scaling.PenaltyLaw(), scaling.Weight)
	if err != nil {
		return c, err
	}
	var w, quarter []float64
	fit, err := addExponent(ctx, l, &c, "sum of |w|", predicted, fewAlphas, func(seed int64) (sums []float64, err error) {
		for _, alpha := range fewAlphas {
			if w, err = inPlace(ctx, l, seed, alpha); err != nil {
				return nil, err
			}
			sums = append(sums, floats.Norm(w, 1))
		}
		if w, err = inPlace(ctx, l, seed, 1); err == nil {
			quarter, err = inPlace(ctx, l, seed, 1./4)
		}
		return sums, err
	})
	if err != nil {
		return c, err
	}
	exact := make([]float64, len(w))
	for i := range w {
		exact[i] = math.Ldexp(w[i], -2)
	}
	c.Checks = append(c.Checks, judge.Identical("weights at α = 2⁻² that are not w with an exponent less by 2", exact, quarter))
	c.Controls = append(c.Controls, judge.Identical("control: weights at α = 2⁻² that are not w", w, quarter))
	c.Agrees = isExponent(fit, 1)
	return c, nil
}

// inPlace returns the weights of the first layer after the operation that stands for a rescale by the factor.
func inPlace(ctx context.Context, l *lab.Lab, seed int64, factor float64) ([]float64, error) {
	p, err := l.InitialProbe(lab.PlainNet(), 100, seed)
	if err != nil {
		return nil, err
	}
	values, err := p.Values()
	if err != nil {
		return nil, err
	}
	if values, err = l.Rescaled(values, []string{lab.FirstWeights}, factor); err != nil {
		return nil, err
	}
	return backend.Floats(values[lab.FirstWeights])
}

// effectiveWeights reads, inside the graph, the weights that a reparameterised network computes with.
func effectiveWeights(ctx context.Context, l *lab.Lab) (Case, error) {
	c := Case{Setting: "the weights u that the forward pass uses under u = α·w, " + lab.PlainNet().String(), Facts: facts(scaling.OpReparameterise, OneLayer, Fact{Looked, inUse}, Fact{Number, "α > 0"}), Law: "L1: u = α·w"}
	q, err := scaling.ReparameteriseLaw().Exponent(scaling.Weight) // w = u/α where u is held
	predicted, err := l.Predict(-q, err)
	if err != nil {
		return c, err
	}
	fit, err := addExponent(ctx, l, &c, "sum of |u|", predicted, fewAlphas, func(seed int64) (sums []float64, err error) {
		p, err := l.Probe(fmt.Sprintf("weights in use of %s, seed %d", lab.PlainNet(), seed), func() (probe.Config, error) {
			return lab.InUseConfig(lab.PlainNet().Model, nil, seed), nil
		})
		if err != nil {
			return nil, err
		}
		return atEach(ctx, l, scaling.OpReparameterise, func(changes []probe.Change) (float64, error) {
			u, _, err := p.Outputs(changes...)
			return floats.Norm(u, 1), err
		})
	})
	c.Agrees = err == nil && isExponent(fit, 1)
	return c, err
}

// atEach measures a number at each of fewAlphas, the operation acting on the first layer as it is.
func atEach(ctx context.Context, l *lab.Lab, op scaling.Operation, measured func(changes []probe.Change) (float64, error)) ([]float64, error) {
	var out []float64
	for _, alpha := range fewAlphas {
		changes, err := l.Changes(op, training.KeepWeights, scaling.Select(lab.FirstWeights), alpha)
		if err != nil {
			return nil, err
		}
		value, err := measured(changes)
		if err != nil {
			return nil, err
		}
		out = append(out, value)
	}
	return out, nil
}

// storedWeights looks at w itself under u = α·w: what the optimizer, a penalty and a checkpoint see.
func storedWeights(ctx context.Context, l *lab.Lab) (Case, error) {
	c := Case{Setting: "the stored w under u = α·w from the same weights, " + lab.PlainNet().String(), Facts: facts(scaling.OpReparameterise, OneLayer, Fact{Looked, held}, Fact{Number, "α > 0"}), Law: "L1: u = α·w"}
	predicted, err := l.FromSameWeights(scaling.PenaltyLaw(), scaling.Weight)
	if err != nil {
		return c, err
	}
	fit, err := addExponent(ctx, l, &c, "norm of w", predicted, fewAlphas, func(seed int64) ([]float64, error) {
		p, err := l.InitialProbe(lab.PlainNet(), 100, seed)
		if err != nil {
			return nil, err
		}
		used, err := atEach(ctx, l, scaling.OpReparameterise, func(changes []probe.Change) (float64, error) {
			outputs, _, err := p.Outputs(changes...)
			return floats.Norm(outputs, 2), err
		})
		if err != nil {
			return nil, err
		}
		if err := c.addMoved("norm of the outputs", predicted, fewAlphas, used); err != nil {
			return nil, err
		}
		return atEach(ctx, l, scaling.OpReparameterise, func(changes []probe.Change) (float64, error) {
			return p.WeightNorm(lab.FirstWeights, changes...)
		})
	})
	c.Agrees = err == nil && isExponent(fit, 1)
	return c, err
}

// negativeWeights multiplies by negative factors, which every law here leaves out.
func negativeWeights(ctx context.Context, l *lab.Lab) (Case, error) {
	c := Case{Setting: "w ← −|α|·w in place, " + lab.PlainNet().String(), Facts: facts(scaling.OpRescale, OneLayer, Fact{Looked, inUse}, Fact{Number, "α < 0"}), Law: "L8: |αw| = |α|·|w|"}
	predicted, err := l.Exponent(scaling.PenaltyLaw(), scaling.Weight)
	if err != nil {
		return c, err
	}
	var w, negative []float64
	fit, err := addExponent(ctx, l, &c, "sum of |w|", predicted, fewAlphas, func(seed int64) (sums []float64, err error) {
		for _, alpha := range fewAlphas {
			if negative, err = inPlace(ctx, l, seed, -alpha); err != nil {
				return nil, err
			}
			sums = append(sums, floats.Norm(negative, 1))
		}
		w, err = inPlace(ctx, l, seed, 1)
		return sums, err
	})
	if err != nil {
		return c, err
	}
	turned := signs(w)
	floats.Scale(-1, turned)
	kept := judge.Identical("control: weights whose sign is turned", signs(w), signs(negative))
	c.Checks = append(c.Checks, judge.Identical("weights whose sign is not turned", turned, signs(negative)))
	c.Controls = append(c.Controls, kept)
	c.Agrees = isExponent(fit, 1) && floats.Norm(negative, 1) < floats.Norm(w, 1) // at α = −8, which is less than 1
	return c, nil
}

// signs are −1, 0 or 1.
func signs(values []float64) []float64 {
	out := make([]float64, len(values))
	for i, v := range values {
		if v != 0 {
			out[i] = math.Copysign(1, v)
		}
	}
	return out
}
