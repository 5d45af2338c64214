package claim

import (
	"context"
	"math"
	"slices"

	"alphascale/lib/lab"

	"alphascale/lib/dataset"
	"alphascale/lib/judge"
	"alphascale/lib/law"
	"alphascale/lib/optim"
	"alphascale/lib/result"
	"alphascale/lib/scaling"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

var p2 = Claim{
	ID:        "P2",
	Chapter:   "06_regularisation",
	Says:      "α can be used to adjust the strength of a regularisation, with careful tuning.",
	Operation: scaling.OpReparameterise,
	Found:     "In the forward pass, with the penalty on w, it can, and without tuning: (α, λ) is (1, λ/α²) for L2 and (1, λ/α) for L1 and decoupled decay, in closed form for ridge and lasso and bit for bit in training at α = 2^k with η' = η/αᵖ. In place it cannot: training forgets where it began.",
	experiments: slices.Concat(each([]optim.Hyper{optim.L2, optim.L1}, regressionFold),
		[]experiment{trainedRegressionFold, inPlaceRegression}, each(penalties(), trainingFold)),
}

// foldAlphas and foldLambdas span the plane that folds onto one line.
var (
	foldAlphas  = []float64{1. / 4, 1. / 2, 1, 3, 8}
	foldLambdas = []float64{1, 4, 16}
)

// penaltyOf is the number that the law states for a penalty in the gradient.
var penaltyOf = map[optim.Hyper]scaling.Observable{optim.L2: scaling.L2Penalty, optim.L1: scaling.L1Penalty}

// regressionFold holds the solution of ridge regression or the lasso on αX with λ against that on X with λ·α^q, over the
// plane of α and λ.
func regressionFold(ctx context.Context, l *lab.Lab, name optim.Hyper) (Case, error) {
	c := Case{
		Setting: "u = α·w in linear regression, closed form, " + string(penaltyOf[name]),
		Facts:   facts(scaling.OpReparameterise, OneLayer, Fact{Penalty, string(penaltyOf[name])}),
		Law:     "L8: λ/α² (Hoerl & Kennard 1970), λ/α (Tibshirani 1996)",
	}
	q, err := l.Exponent(scaling.ReparameteriseLaw(), penaltyOf[name])
	if err != nil {
		return c, err
	}
	x, y, err := regressionData()
	if err != nil {
		return c, err
	}
	off, wrongOff := 0.0, 0.0
	c.Agrees = true
	for _, lambda := range foldLambdas {
		var sizes []float64
		for _, alpha := range foldAlphas {
			factor := alpha
			if l.Operation(scaling.OpReparameterise) != scaling.OpReparameterise {
				factor = 1 // nothing else multiplies X
			}
			u, err := solveScaled(name, x, y, lambda, factor)
			if err != nil {
				return c, err
			}
			folded, err := solveScaled(name, x, y, lambda*math.Pow(alpha, q), 1)
			if err != nil {
				return c, err
			}
			wrong, err := solveScaled(name, x, y, lambda*math.Pow(alpha, q-lab.WrongBy), 1)
			if err != nil {
				return c, err
			}
			off = max(off, floats.Distance(u, folded, 2)/floats.Norm(folded, 2))
			wrongOff = max(wrongOff, floats.Distance(u, wrong, 2)/floats.Norm(wrong, 2))
			sizes = append(sizes, floats.Norm(u, 2))
			c.addStrength(alpha, lambda*math.Pow(alpha, q), floats.Norm(u, 2))
		}
		c.Agrees = c.Agrees && rises(sizes)
	}
	c.Checks = []judge.Check{judge.Exact("largest relative difference of the solutions on αX and folded", 0, off, 1e-9)}
	c.Controls = []judge.Check{judge.Exact("control: folded by a wrong exponent", 0, wrongOff, 1e-9)}
	return c, nil
}

// addStrength adds a point to the curve of its α: the size of the solution against the folded λ. Where the fold holds,
// all curves are one.
func (c *Case) addStrength(alpha, lambda, size float64) {
	for i := range c.Series {
		if c.Series[i].Alpha == alpha {
			c.Series[i].Xs, c.Series[i].Ys = append(c.Series[i].Xs, lambda), append(c.Series[i].Ys, size)
			return
		}
	}
	curve := strengthCurve("")
	curve.Alpha, curve.Xs, curve.Ys = alpha, []float64{lambda}, []float64{size}
	c.Series = append(c.Series, curve)
}

func strengthCurve(label string) result.Series {
	return result.Series{
		Label: label, X: result.Quantity{Name: "effective strength"},
		Y: result.Quantity{Name: "norm of the effective weights", Symbol: "‖u‖"},
	}
}

const regressionRows = 200

func regressionData() (*mat.Dense, []float64, error) {
	data, err := dataset.DiabetesLike(regressionRows, 1)
	if err != nil {
		return nil, nil, err
	}
	return mat.NewDense(data.Rows(), data.Width(), data.Inputs), data.Targets, nil
}

// solveScaled returns u = α·w for the w that solves ridge regression or the lasso on αX.
func solveScaled(name optim.Hyper, x *mat.Dense, y []float64, lambda, alpha float64) ([]float64, error) {
	var scaled mat.Dense
	scaled.Scale(alpha, x)
	solve := law.Ridge
	if name == optim.L1 {
		solve = law.Lasso
	}
	w, err := solve(&scaled, y, lambda)
	if err != nil {
		return nil, err
	}
	floats.Scale(alpha, w)
	return w, nil
}
