package claim

import (
	"context"
	"fmt"
	"math"

	"alphascale/lib/lab"

	"alphascale/lib/judge"
	"alphascale/lib/optim"
	"alphascale/lib/training"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// penaltyShares takes one step of u from the same trained weights with the penalty and one without it, at each α. The
// share is the length of their difference over that of the step without; the decay is it over the length of u.
func penaltyShares(ctx context.Context, l *lab.Lab, p penalty, seed int64) (shares, decays []float64, err error) {
	trained, paths, err := trainedWeights(ctx, l, p, seed)
	if err != nil {
		return nil, nil, err
	}
	for _, alpha := range penaltyAlphas {
		share, decay, err := penaltyShare(ctx, l, p, trained, paths, alpha, seed)
		if err != nil {
			return nil, nil, err
		}
		shares, decays = append(shares, share), append(decays, decay)
	}
	return shares, decays, nil
}

// penaltyShare is penaltyShares of one α, from the given weights.
func penaltyShare(ctx context.Context, l *lab.Lab, p penalty, initial byPath, paths []string, alpha float64, seed int64) (share, decay float64, err error) {
	start, err := lab.FlatWeights(initial, paths, 1)
	if err != nil {
		return 0, 0, err
	}
	with := training.Settings{Alpha: alpha, Hyper: p.h, Seed: seed, Initial: initial, Steps: 1, Keep: true}
	without := with
	without.Hyper = p.h.With(p.name, 0)
	runs, err := penalisedRuns(ctx, l, p, with, without)
	if err != nil {
		return 0, 0, err
	}
	penalised, err := lab.FlatWeights(runs[0].Final, paths, alpha)
	if err != nil {
		return 0, 0, err
	}
	plain, err := lab.FlatWeights(runs[1].Final, paths, alpha)
	if err != nil {
		return 0, 0, err
	}
	difference := floats.Distance(penalised, plain, 2)
	return difference / floats.Distance(plain, start, 2), difference / floats.Norm(start, 2), nil
}

// strengthFold compares runs with α and λ as it is, η' = η/αᵖ, with runs without α at the effective λ.
func strengthFold(ctx context.Context, l *lab.Lab, c *Case, p penalty, exponent float64, seed int64) error {
	for _, alpha := range []float64{1. / 4, 4} {
		s, err := l.Compensate(p.family, p.h, alpha, seed)
		if err != nil {
			return err
		}
		s.ScaledHyper = s.ScaledHyper.With(p.name, p.h[p.name])
		at := func(power float64) training.Settings {
			return training.Settings{Alpha: 1, Hyper: p.h, ScaledHyper: optim.Values{p.name: p.h[p.name] * math.Pow(alpha, power)}, Seed: seed}
		}
		runs, err := penalisedRuns(ctx, l, p, shortened(s, at(exponent), at(exponent-lab.WrongBy))...)
		if err != nil {
			return err
		}
		what := fmt.Sprintf("losses that differ from those at the effective λ, α = %g", alpha)
		c.Checks = append(c.Checks, judge.Identical(what, runs[0].Loss, runs[1].Loss))
		c.Controls = append(c.Controls, judge.Identical("control: by a wrong exponent, "+what, runs[0].Loss, runs[2].Loss))
		c.Series = append(c.Series, runs[0].LossSeries())
	}
	return nil
}

// regressionStrengths solves ridge regression or the lasso on αX at a fixed λ and returns, for each of penaltyAlphas, the
// λ at which u = α·w is a solution on X: by the condition for a minimum Xᵀ(y − Xu) = λ·u or, where u ≠ 0, λ·sign(u).
func regressionStrengths(name optim.Hyper) ([]float64, error) {
	x, y, err := regressionData()
	if err != nil {
		return nil, err
	}
	var out []float64
	for _, alpha := range penaltyAlphas {
		u, err := solveScaled(name, x, y, 20, alpha)
		if err != nil {
			return nil, err
		}
		var residual, pull mat.VecDense
		residual.MulVec(x, mat.NewVecDense(len(u), u))
		residual.SubVec(mat.NewVecDense(len(y), y), &residual)
		pull.MulVec(x.T(), &residual)
		if name == optim.L2 {
			out = append(out, mat.Norm(&pull, 2)/floats.Norm(u, 2))
		} else {
			out = append(out, mat.Norm(&pull, math.Inf(1)))
		}
	}
	return out, nil
}
