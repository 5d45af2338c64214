package claim

import (
	"context"
	"fmt"
	"math"
	"slices"

	"alphascale/lib/lab"

	"alphascale/lib/subject"

	"alphascale/lib/dataset"
	"alphascale/lib/judge"
	"alphascale/lib/law"
	"alphascale/lib/network"
	"alphascale/lib/optim"
	"alphascale/lib/result"
	"alphascale/lib/scaling"
	"alphascale/lib/training"

	"github.com/gomlx/compute/dtypes"
)

var b1 = Claim{
	ID:          "B1",
	Chapter:     "07_practice",
	Says:        "Avoid large scalars.",
	Operation:   scaling.OpReparameterise,
	Found:       "At a fixed η a large α leaves the stable range, η < 2/(α²h). With η' = η/α² it is harmless, bit for bit for α = 2^k, until η', a weight or a gradient leaves the range of float32.",
	experiments: []experiment{stableRange, compensatedRange, formatRange},
}

// stableLimit is what a bisection finds.
func stableLimit() result.Quantity { return result.Quantity{Name: "largest stable learning rate"} }

// curvature is the largest eigenvalue of the least-squares problem.
const curvature = 4.

// stableRange bisects for the learning rate at which gradient descent on least squares begins to diverge.
func stableRange(ctx context.Context, l *lab.Lab) (Case, error) {
	c := Case{
		Setting: "u = α·w at a fixed η, least squares of known curvature, SGD", Law: "L5: stable for η < 2/(α²h)",
		Facts: facts(scaling.OpReparameterise, OneLayer, by(optim.SGD), Fact{Rate, "η as it is"}),
	}
	p, err := l.LearningRateExponent(optim.SGD)
	if err != nil {
		return c, err
	}
	alphas := []float64{1, 3, 8, 20, 64}
	limits, err := stabilityLimits(ctx, l, alphas)
	if err != nil {
		return c, err
	}
	fit, err := c.addFit(stableLimit(), alphas, limits, -p)
	if err != nil {
		return c, err
	}
	for i, alpha := range alphas {
		limit, err := law.StabilityLimit(law.GradientDescent, curvature, 0, alpha)
		if err != nil {
			return c, err
		}
		ratio := limits[i] / limit
		c.Checks = append(c.Checks, judge.Exact(fmt.Sprintf("largest stable η over 2/(α²h) at α = %g", alpha), 1, ratio, 0.01))
		if i > 0 {
			c.Controls = append(c.Controls, judge.Exact(fmt.Sprintf("control: over 2/h at α = %g", alpha), 1, ratio/alpha/alpha, 0.01))
		}
	}
	c.Agrees = fit.High < -judge.ExponentTolerance // a larger α leaves less room
	return c, nil
}

// stabilityLimits bisects for all α at once, between learning rates six decades apart.
func stabilityLimits(ctx context.Context, l *lab.Lab, alphas []float64) ([]float64, error) {
	low, high := slices.Repeat([]float64{math.Log(1e-6)}, len(alphas)), slices.Repeat([]float64{0.}, len(alphas))
	for range 14 { // to 0.1 %
		var settings []training.Settings
		for i, alpha := range alphas {
			eta := math.Exp((low[i] + high[i]) / 2)
			settings = append(settings, l.Reparameterised(training.Settings{
				Alpha: alpha, Hyper: optim.Values{optim.LearningRate: eta}, Seed: 1,
			}))
		}
		runs, err := l.Run(ctx, "least squares", leastSquares, settings...)
		if err != nil {
			return nil, err
		}
		for i, run := range runs {
			middle := (low[i] + high[i]) / 2
			// Half-way on only the steepest direction is left, or the slowest, which shrinks.
			if n := len(run.Loss); run.Diverged >= 0 || run.Loss[n-1] > run.Loss[n/2] {
				high[i] = middle
			} else {
				low[i] = middle
			}
		}
	}
	out := make([]float64, len(alphas))
	for i := range out {
		out[i] = math.Exp((low[i] + high[i]) / 2)
	}
	return out, nil
}

// leastSquares is a linear regression with known eigenvalues of the Hessian.
func leastSquares() (training.Config, error) {
	q, err := dataset.NewQuadratic([]float64{curvature, 1, 0.5}, 1)
	if err != nil {
		return training.Config{}, err
	}
	optimizer := optim.New(optim.SGD)
	return training.Config{
		Subject: subject.Subject{Model: network.MLP{Outputs: 1, NoBias: true}.Model, Data: q.Set, DType: dtypes.Float64}, Optimizer: optimizer,
		Steps: 200,
	}, nil
}

// compensatedRange trains with η' = η/α² at powers of two and compares every loss with that of the run without α.
func compensatedRange(ctx context.Context, l *lab.Lab) (Case, error) {
	c := Case{
		Setting: "u = α·w in the first layer with η' = η/α², ReLU perceptron in float32, SGD", Law: "L1: the same run, bit for bit at α = 2^k",
		Facts: facts(scaling.OpReparameterise, OneLayer, by(optim.SGD), Fact{Rate, "η' = η/α²"}),
	}
	var away float64
	for _, seed := range l.Seeds() {
		reference, err := compensatedRun(ctx, l, 1, seed)
		if err != nil {
			return c, err
		}
		for _, alpha := range []float64{0x1p4, 0x1p20, 0x1p40} {
			run, err := compensatedRun(ctx, l, alpha, seed)
			if err != nil {
				return c, err
			}
			same := judge.Identical(fmt.Sprintf("losses that differ at α = %s, seed %d", result.Power(alpha), seed), reference.Loss, run.Loss)
			c.Checks, away = append(c.Checks, same), max(away, same.Measured())
			c.Series = append(c.Series, run.LossSeries())
		}
		plain, err := perceptronRuns(ctx, l, optim.SGD, training.Settings{Alpha: 0x1p4, Hyper: safe, Seed: seed})
		if err != nil {
			return c, err
		}
		c.Controls = append(c.Controls, judge.Identical("control: losses that differ without compensation", reference.Loss, plain[0].Loss))
	}
	c.Agrees = away > 0
	return c, nil
}

// safe are settings with which the perceptron learns at α = 1.
var safe = optim.Values{optim.LearningRate: 0.1}

func compensatedRun(ctx context.Context, l *lab.Lab, alpha float64, seed int64) (*training.Run, error) {
	s, err := l.Compensate(optim.SGD, safe, alpha, seed)
	if err != nil {
		return nil, err
	}
	runs, err := perceptronRuns(ctx, l, optim.SGD, s)
	if err != nil {
		return nil, err
	}
	return runs[0], nil
}
