package claim

import (
	"context"
	"fmt"
	"math"

	"alphascale/lib/lab"

	"alphascale/lib/dataset"
	"alphascale/lib/instrument"
	"alphascale/lib/judge"
	"alphascale/lib/law"
	"alphascale/lib/network"
	"alphascale/lib/optim"
	"alphascale/lib/scaling"
	"alphascale/lib/subject"
	"alphascale/lib/training"

	"github.com/gomlx/compute/dtypes"
	"gonum.org/v1/gonum/floats"
)

// regressionLambda is the L2 penalty of the trained regressions at α = 1.
const regressionLambda = 0.1

// trainedRegressionFold trains linear regression with L2 in the gradient until it stands still and holds it against the
// closed form at the folded λ.
func trainedRegressionFold(ctx context.Context, l *lab.Lab) (Case, error) {
	c := Case{
		Setting: "u = α·w in linear regression, trained by sgd with L2", Law: "L8: ridge regression with λ/α²; Hoerl & Kennard 1970",
		Facts: facts(scaling.OpReparameterise, OneLayer, by(optim.SGD), Fact{Penalty, string(scaling.L2Penalty)}),
	}
	q, err := l.Exponent(scaling.ReparameteriseLaw(), scaling.L2Penalty)
	if err != nil {
		return c, err
	}
	alphas := []float64{1. / 2, 1, 3}
	trained, err := trainedRegressions(ctx, l, alphas)
	if err != nil {
		return c, err
	}
	var sizes, strengths []float64
	for i, alpha := range alphas {
		folded := regressionLambda * math.Pow(alpha, q)
		off, err := ridgeDistance(trained[i], folded)
		if err != nil {
			return c, err
		}
		what := fmt.Sprintf("relative distance from ridge regression at the folded λ, α = %g", alpha)
		c.Checks = append(c.Checks, judge.Exact(what, 0, off, 1e-6))
		if alpha != 1 { // where every exponent is right
			if off, err = ridgeDistance(trained[i], folded*math.Pow(alpha, -lab.WrongBy)); err != nil {
				return c, err
			}
			c.Controls = append(c.Controls, judge.Exact("control: by a wrong exponent, "+what, 0, off, 1e-6))
		}
		sizes, strengths = append(sizes, floats.Norm(trained[i], 2)), append(strengths, folded)
	}
	curve := strengthCurve("trained at one λ")
	curve.Xs, curve.Ys = strengths, sizes
	c.Series = append(c.Series, curve)
	c.Agrees = rises(sizes)
	return c, nil
}

// trainedRegressions returns the u = α·w that training ends at, at each α and one λ.
func trainedRegressions(ctx context.Context, l *lab.Lab, alphas []float64) ([][]float64, error) {
	var settings []training.Settings
	for _, alpha := range alphas {
		s, err := l.Compensate(optim.SGD, optim.Values{optim.LearningRate: 0.1}, alpha, 1)
		if err != nil {
			return nil, err
		}
		s.ScaledHyper, s.Keep = s.ScaledHyper.With(optim.L2, regressionLambda), true
		settings = append(settings, s)
	}
	runs, err := l.Run(ctx, regressionKey, regressionConfig, l.ReparameterisedAll(settings)...)
	if err != nil {
		return nil, err
	}
	out := make([][]float64, len(runs))
	for i, run := range runs {
		if out[i], err = lab.FlatWeights(run.Final, run.Watched(), run.Settings.Alpha); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// ridgeDistance is the relative distance of u from ridge regression at a penalty λ in the gradient of the mean of
// squares, which is 2/n times the sum of half squares of the closed form.
func ridgeDistance(u []float64, lambda float64) (float64, error) {
	x, y, err := regressionData()
	if err != nil {
		return 0, err
	}
	ridge, err := law.Ridge(x, y, lambda*regressionRows/2)
	if err != nil {
		return 0, err
	}
	return floats.Distance(u, ridge, 2) / floats.Norm(ridge, 2), nil
}

func regressionConfig() (training.Config, error) {
	data, err := dataset.DiabetesLike(regressionRows, 1)
	if err != nil {
		return training.Config{}, err
	}
	optimizer := optim.New(optim.SGD, optim.L2)
	return training.Config{
		Subject: subject.Subject{Model: network.MLP{Outputs: 1, NoBias: true}.Model, Data: data.Set, DType: dtypes.Float64}, Optimizer: optimizer,
		Batch: regressionRows, Steps: 2000, Instruments: []instrument.Instrument{instrument.UpdateNorm()},
	}, nil
}

// trainingFold trains the perceptron at one λ and several α, and holds runs against others without α at the folded λ.
func trainingFold(ctx context.Context, l *lab.Lab, p penalty) (Case, error) {
	c := Case{
		Setting: fmt.Sprintf("u = α·w in the first layer, ReLU perceptron, %s with %s", p.family, p.what),
		Facts:   facts(scaling.OpReparameterise, OneLayer, by(p.family), Fact{Penalty, p.what}),
		Law:     "L8 and L1: (α, λ) is (1, λ·α^q) with η' = η/αᵖ",
	}
	q, err := l.EffectiveExponent(scaling.ReparameteriseLaw(), p.family, p.name)
	if err != nil {
		return c, err
	}
	c.Agrees = true
	for _, seed := range l.Seeds() {
		if err := strengthFold(ctx, l, &c, p, q, seed); err != nil {
			return c, err
		}
		var sizes []float64
		for _, alpha := range []float64{1. / 4, 1, 4} {
			s, err := l.Compensate(p.family, p.h, alpha, seed)
			if err != nil {
				return c, err
			}
			s.ScaledHyper, s.Keep = s.ScaledHyper.With(p.name, p.h[p.name]), true
			runs, err := penalisedRuns(ctx, l, p, s)
			if err != nil {
				return c, err
			}
			u, err := lab.FlatWeights(runs[0].Final, runs[0].Watched(), runs[0].Settings.Alpha)
			if err != nil {
				return c, err
			}
			sizes = append(sizes, floats.Norm(u, 2))
		}
		c.Agrees = c.Agrees && rises(sizes)
	}
	return c, nil
}

// rises says whether the norms of solutions at growing α grow: a larger α regularises less.
func rises(sizes []float64) bool {
	for i := 1; i < len(sizes); i++ {
		if sizes[i] <= sizes[i-1] {
			return false
		}
	}
	return true
}
