package claim

import (
	"context"
	"fmt"
	"math"

	"alphascale/lib/lab"

	"alphascale/lib/judge"
	"alphascale/lib/optim"
	"alphascale/lib/result"
	"alphascale/lib/scaling"

	"gonum.org/v1/gonum/floats"
)

var p1 = Claim{
	ID:        "P1",
	Chapter:   "06_regularisation",
	Says:      "The penalty is scaled too, L2 with the square of the scaled weights: the strength of the regularisation changes.",
	Operation: scaling.OpRescale,
	Found:     "After a rescale its number yes, at that instant: L2 by α², L1 by |α|, which is an identity. Its strength no: the pull of L2 relative to w stays ηλ. Under u = α·w with the penalty on w it is the other way round: the effective λ falls, by α² (L2) and by α (L1, decoupled decay, whose η·λ stays).",
	experiments: append(each([]scaling.Observable{scaling.L2Penalty, scaling.L1Penalty}, rescaledPenaltyCase),
		append([]experiment{rescaledPullCase}, each(penalties(), effectiveStrengthCase)...)...),
}

// penaltyAlphas are powers of two, so that no rounding hides a weak penalty.
var penaltyAlphas = []float64{1. / 4, 1. / 2, 1, 2, 4}

// What can be looked at of a penalty.
const (
	penaltyNumber = "the penalty's number"
	penaltyPull   = "its pull relative to w"
)

// rescaledPullCase multiplies the weights of a trained network and measures by what share of their length the penalty shortens them
// in the next step.
func rescaledPullCase(ctx context.Context, l *lab.Lab) (Case, error) {
	p := penalties()[0]
	c := Case{
		Setting: fmt.Sprintf("w ← α·w in the first layer of a trained ReLU perceptron, pull of %s in the next step", p.what), Law: "L8: the step −ηλw is in proportion to w",
		Facts: facts(scaling.OpRescale, OneLayer, Fact{Penalty, p.what}, Fact{Looked, penaltyPull}),
	}
	predicted, err := l.Predict(0, nil)
	if err != nil {
		return c, err
	}
	fit, err := addExponent(ctx, l, &c, "pull of the penalty relative to w", predicted, penaltyAlphas, func(seed int64) (pulls []float64, err error) {
		trained, paths, err := trainedWeights(ctx, l, p, seed)
		if err != nil {
			return nil, err
		}
		var lengths []float64
		for _, alpha := range penaltyAlphas {
			start, err := l.Rescaled(trained, paths, alpha)
			if err != nil {
				return nil, err
			}
			length, err := lab.FlatWeights(start, paths, 1)
			if err != nil {
				return nil, err
			}
			_, pull, err := penaltyShare(ctx, l, p, start, paths, 1, seed)
			if err != nil {
				return nil, err
			}
			pulls, lengths = append(pulls, pull), append(lengths, floats.Norm(length, 2))
		}
		return pulls, c.addMoved("length of w", predicted, penaltyAlphas, lengths)
	})
	c.Agrees = err == nil && fit.Low > judge.ExponentTolerance
	return c, err
}

// rescaledPenaltyCase multiplies the weights of a trained network and measures the penalty at that instant.
func rescaledPenaltyCase(ctx context.Context, l *lab.Lab, of scaling.Observable) (Case, error) {
	c := Case{
		Setting: fmt.Sprintf("w ← α·w in the first layer of a trained ReLU perceptron, %s", of), Law: "L8: ‖αw‖² = α²‖w‖², ‖αw‖₁ = |α|·‖w‖₁",
		Facts: facts(scaling.OpRescale, OneLayer, Fact{Penalty, string(of)}, Fact{Looked, penaltyNumber}),
	}
	predicted, err := l.Exponent(scaling.PenaltyLaw(), of)
	if err != nil {
		return c, err
	}
	square, power := of == scaling.L2Penalty, 1.
	if square {
		power = 2
	}
	fit, err := addExponent(ctx, l, &c, string(of), predicted, penaltyAlphas, func(seed int64) (sums []float64, err error) {
		weights, paths, err := trainedWeights(ctx, l, penalties()[0], seed)
		if err != nil {
			return nil, err
		}
		for _, alpha := range penaltyAlphas {
			scaled, err := l.Rescaled(weights, paths, alpha)
			if err != nil {
				return nil, err
			}
			flat, err := lab.FlatWeights(scaled, paths, 1)
			if err != nil {
				return nil, err
			}
			sums = append(sums, math.Pow(floats.Norm(flat, power), power))
		}
		return sums, nil
	})
	c.Agrees = err == nil && fit.Low > judge.ExponentTolerance && (!square || math.Abs(fit.Exponent-2) < judge.ExponentTolerance)
	return c, err
}

// effectiveStrengthCase measures the effective λ of a penalty on w, with u = α·w, in three ways: by its share in one step
// of a trained network, by whole runs without α that are the same bit for bit, and by the closed form of regression.
func effectiveStrengthCase(ctx context.Context, l *lab.Lab, p penalty) (Case, error) {
	c := Case{
		Setting: fmt.Sprintf("u = α·w in the first layer, penalty on w, ReLU perceptron, %s with %s", p.family, p.what),
		Facts:   facts(scaling.OpReparameterise, OneLayer, by(p.family), Fact{Penalty, p.what}, Fact{Looked, penaltyPull}),
		Law:     "L8: λ‖w‖² = (λ/α²)‖u‖², λ‖w‖₁ = (λ/α)‖u‖₁; decoupled, η·λ stays",
	}
	predicted, err := l.EffectiveExponent(scaling.ReparameteriseLaw(), p.family, p.name)
	if err != nil {
		return c, err
	}
	var alphas, shares, decays []float64
	for _, seed := range l.Seeds() {
		share, decay, err := penaltyShares(ctx, l, p, seed)
		if err != nil {
			return c, err
		}
		alphas = append(alphas, penaltyAlphas...)
		shares, decays = append(shares, lab.PerUnit(share)...), append(decays, lab.PerUnit(decay)...)
		if err := strengthFold(ctx, l, &c, p, predicted, seed); err != nil {
			return c, err
		}
	}
	share, err := c.addFit(lab.Relative("penalty's share in a step of a trained network"), alphas, shares, predicted)
	if err != nil {
		return c, err
	}
	c.Agrees = share.Low > judge.ExponentTolerance
	if p.name == optim.WeightDecay {
		rate, err := l.LearningRateExponent(p.family)
		if err != nil {
			return c, err
		}
		_, err = c.addFit(lab.Relative("decay η·λ in a step"), alphas, decays, rate+predicted)
		return c, err
	}
	strengths, err := regressionStrengths(p.name)
	if err != nil {
		return c, err
	}
	_, err = c.addFit(result.Quantity{Name: "effective λ in closed-form regression"}, penaltyAlphas, strengths, predicted)
	return c, err
}
