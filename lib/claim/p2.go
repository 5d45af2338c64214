package claim

import (
	"fmt"
	"math"

	"alphascale/lib/dataset"
	"alphascale/lib/law"
	"alphascale/lib/network"
	"alphascale/lib/optim"
	"alphascale/lib/result"
	"alphascale/lib/scaling"
	"alphascale/lib/training"

	"github.com/gomlx/compute/dtypes"
	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

var p2 = Claim{
	ID:        "P2",
	Says:      "α can be used to adjust the strength of a regularisation, with careful tuning.",
	Operation: scaling.OpReparameterise,
	Found:     "It can, and without tuning: (α, λ) is (1, λ/α²) for L2 and (1, λ/α) for L1, in closed form for ridge and lasso and bit for bit in training at α = 2^k with η' = η/αᵖ.",
	judge:     judgeP2,
}

func judgeP2(l *Lab) ([]Case, error) {
	var cases []Case
	for _, name := range []optim.Hyper{optim.L2, optim.L1} {
		c, err := l.regressionFold(name)
		if err != nil {
			return cases, err
		}
		cases = append(cases, c)
	}
	c, err := l.trainedRegressionFold()
	if err != nil {
		return cases, err
	}
	cases = append(cases, c)
	for _, p := range penalties() {
		c, err := l.trainingFold(p)
		if err != nil {
			return cases, err
		}
		cases = append(cases, c)
	}
	return cases, nil
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
func (l *Lab) regressionFold(name optim.Hyper) (Case, error) {
	c := Case{Setting: "u = α·w in linear regression, closed form, " + string(penaltyOf[name]),
		Law: "L8: λ/α² (Hoerl & Kennard 1970), λ/α (Tibshirani 1996)"}
	q, err := l.exponent(scaling.ReparameteriseLaw(), penaltyOf[name])
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
		size := 0.0
		for _, alpha := range foldAlphas {
			factor := alpha
			if l.operation(scaling.OpReparameterise) != scaling.OpReparameterise {
				factor = 1 // nothing else multiplies X
			}
			u, err := solveScaled(name, x, y, lambda, factor)
			if err != nil {
				return c, err
			}
			for _, power := range []float64{q, q - wrongBy} {
				folded, err := solveScaled(name, x, y, lambda*math.Pow(alpha, power), 1)
				if err != nil {
					return c, err
				}
				distance := floats.Distance(u, folded, 2) / floats.Norm(folded, 2)
				if power == q {
					off = max(off, distance)
				} else {
					wrongOff = max(wrongOff, distance)
				}
			}
			c.addStrength(alpha, lambda*math.Pow(alpha, q), floats.Norm(u, 2))
			c.Agrees = c.Agrees && floats.Norm(u, 2) > size // a larger α regularises less
			size = floats.Norm(u, 2)
		}
	}
	c.Checks = []Check{exact("largest relative difference of the solutions on αX and folded", 0, off, 1e-9)}
	c.Controls = []Check{exact("control: folded by a wrong exponent", 0, wrongOff, 1e-9)}
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
	c.Series = append(c.Series, result.Series{Alpha: alpha, X: result.Quantity{Name: "effective strength"},
		Y: result.Quantity{Name: "norm of the effective weights", Symbol: "‖u‖"}, Xs: []float64{lambda}, Ys: []float64{size}})
}

const regressionRows = 200

func regressionData() (*mat.Dense, []float64, error) {
	data, err := dataset.DiabetesLike(regressionRows, 1)
	if err != nil {
		return nil, nil, err
	}
	return mat.NewDense(data.Rows(), data.Width(), data.Inputs), data.Targets, nil
}

// trainedRegressionFold trains linear regression with L2 in the gradient until it stands still and holds it against the
// closed form at the folded λ.
func (l *Lab) trainedRegressionFold() (Case, error) {
	c := Case{Setting: "u = α·w in linear regression, trained by SGD with L2", Law: "L8: ridge regression with λ/α²; Hoerl & Kennard 1970"}
	q, err := l.exponent(scaling.ReparameteriseLaw(), scaling.L2Penalty)
	if err != nil {
		return c, err
	}
	x, y, err := regressionData()
	if err != nil {
		return c, err
	}
	c.Agrees = true
	alphas := []float64{1. / 2, 1, 3}
	var settings []training.Settings
	for _, alpha := range alphas {
		s, err := l.compensate(optim.SGD, optim.Values{optim.LearningRate: 0.1}, alpha, 1)
		if err != nil {
			return c, err
		}
		s.Scaled, s.Keep = s.Scaled.With(optim.L2, 0.1), true
		settings = append(settings, s)
	}
	runs, err := l.run("regression sgd with l2", regressionConfig, l.all(settings)...)
	if err != nil {
		return c, err
	}
	size := 0.0
	for i, alpha := range alphas {
		u, err := flatWeights(runs[i].Final, runs[i].Watched(), runs[i].Settings.Alpha)
		if err != nil {
			return c, err
		}
		for _, power := range []float64{q, q - wrongBy} {
			// The loss is the mean of squares, 2/n of the closed form's half sum.
			folded, err := law.Ridge(x, y, regressionRows/2.*0.1*math.Pow(alpha, power))
			if err != nil {
				return c, err
			}
			off := floats.Distance(u, folded, 2) / floats.Norm(folded, 2)
			check := exact(fmt.Sprintf("relative distance of the trained weights from ridge regression at the folded λ, α = %g", alpha), 0, off, 1e-6)
			switch {
			case power == q:
				c.Checks = append(c.Checks, check)
			case alpha != 1: // where every exponent is right
				check.What = "control: by a wrong exponent, " + check.What
				c.Controls = append(c.Controls, check)
			}
		}
		c.addStrength(alpha, 0.1*math.Pow(alpha, q), floats.Norm(u, 2))
		c.Agrees = c.Agrees && floats.Norm(u, 2) > size
		size = floats.Norm(u, 2)
	}
	return c, nil
}

func regressionConfig() (training.Config, error) {
	data, err := dataset.DiabetesLike(regressionRows, 1)
	if err != nil {
		return training.Config{}, err
	}
	optimizer, err := optim.New(optim.SGD, optim.PenaltyL2)
	c, _ := perceptron(optim.SGD)
	return training.Config{Model: network.MLP{Outputs: 1, NoBias: true}.Model, Data: data.Set, Optimizer: optimizer,
		Batch: regressionRows, Steps: 2000, DType: dtypes.Float64, Instruments: c.Instruments}, err
}

// trainingFold trains the perceptron at one λ and several α, and holds each run against one without α at the folded λ.
func (l *Lab) trainingFold(p penalty) (Case, error) {
	c := Case{Setting: fmt.Sprintf("u = α·w, ReLU perceptron, %s with %s", p.family, p.what), Law: "L8 and L1: (α, λ) is (1, λ·α^q) with η' = η/αᵖ"}
	q, err := l.effectiveExponent(scaling.ReparameteriseLaw(), p.family, p.name)
	if err != nil {
		return c, err
	}
	c.Agrees = true
	for _, seed := range l.seeds() {
		if err := l.strengthFold(&c, p, q, seed); err != nil {
			return c, err
		}
		size := 0.0
		for _, alpha := range []float64{1. / 4, 1, 4} {
			s, err := l.compensate(p.family, p.h, alpha, seed)
			if err != nil {
				return c, err
			}
			s.Scaled, s.Keep = s.Scaled.With(p.name, p.h[p.name]), true
			runs, err := l.penalisedRuns(p, s)
			if err != nil {
				return c, err
			}
			u, err := flatWeights(runs[0].Final, runs[0].Watched(), runs[0].Settings.Alpha)
			if err != nil {
				return c, err
			}
			c.Agrees = c.Agrees && floats.Norm(u, 2) > size // a larger α regularises less
			size = floats.Norm(u, 2)
		}
	}
	return c, nil
}
