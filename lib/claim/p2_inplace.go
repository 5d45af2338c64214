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

	"gonum.org/v1/gonum/floats"
)

const regressionKey = "regression sgd with l2"

// inPlaceRegression multiplies the initial weights once and trains linear regression with L2 until it stands still: the loss has one
// minimum, so it ends at the ridge regression of one λ whatever α was.
func inPlaceRegression(ctx context.Context, l *lab.Lab) (Case, error) {
	c := Case{
		Setting: "w ← α·w at the start of linear regression, trained by sgd with L2", Law: "L8: the loss and its penalty have no α; Hoerl & Kennard 1970",
		Facts: facts(scaling.OpRescale, OneLayer, by(optim.SGD), Fact{Penalty, string(scaling.L2Penalty)}),
	}
	q, err := l.Predict(0, nil)
	if err != nil {
		return c, err
	}
	forward, err := scaling.ReparameteriseLaw().Exponent(scaling.L2Penalty)
	if err != nil {
		return c, err
	}
	drawn, err := l.Initial(regressionKey, regressionConfig, 1)
	if err != nil {
		return c, err
	}
	curve := strengthCurve("from weights multiplied in place")
	for _, alpha := range []float64{1. / 4, 4} {
		s := training.Settings{Alpha: 1, Hyper: optim.Values{optim.LearningRate: 0.1, optim.L2: regressionLambda}, Seed: 1, Keep: true}
		plain := s
		if s.Initial, err = l.Rescaled(drawn, []string{outputWeights}, alpha); err != nil {
			return c, err
		}
		runs, err := l.Run(ctx, regressionKey, regressionConfig, s, plain)
		if err != nil {
			return c, err
		}
		u, err := lab.FlatWeights(runs[0].Final, []string{outputWeights}, 1)
		if err != nil {
			return c, err
		}
		off, err := ridgeDistance(u, regressionLambda*math.Pow(alpha, q))
		if err != nil {
			return c, err
		}
		wrong, err := ridgeDistance(u, regressionLambda*math.Pow(alpha, forward))
		if err != nil {
			return c, err
		}
		what := fmt.Sprintf("relative distance from ridge regression at λ, α = %g", alpha)
		c.Checks = append(c.Checks, judge.Exact(what, 0, off, 1e-6))
		// That α is not to be seen at the end says something only where it was there at the start.
		c.Controls = append(c.Controls, judge.Exact("control: at the λ of u = α·w, "+what, 0, wrong, 1e-6),
			judge.Identical(fmt.Sprintf("control: first losses that differ from those at α = 1, α = %g", alpha), runs[1].Loss[:1], runs[0].Loss[:1]))
		curve.Xs, curve.Ys = append(curve.Xs, alpha), append(curve.Ys, floats.Norm(u, 2))
	}
	curve.X.Name = "α at the start"
	c.Series = append(c.Series, curve)
	// A strength that α adjusts would show in the length of the solution, as it does in the forward pass: beyond what is rounded.
	c.Agrees = curve.Ys[1] > curve.Ys[0]*(1+1e-6)
	return c, nil
}
