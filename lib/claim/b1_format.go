package claim

import (
	"context"
	"math"

	"alphascale/lib/lab"
	"alphascale/lib/scaling"

	"alphascale/lib/backend"
	"alphascale/lib/instrument"
	"alphascale/lib/judge"
	"alphascale/lib/law"
	"alphascale/lib/optim"
	"alphascale/lib/result"
	"alphascale/lib/training"

	"gonum.org/v1/gonum/floats"
)

// formatRange looks for the α at which the compensated run stops learning, since a number leaves float32.
func formatRange(ctx context.Context, l *lab.Lab) (Case, error) {
	c := Case{
		Setting: "u = α·w in the first layer with η' = η/α² beyond the range of float32, SGD", Law: "L11: the range of normal numbers",
		Facts: facts(scaling.OpReparameterise, OneLayer, by(optim.SGD), Fact{Rate, "η' = η/α²"}, Fact{Number, "beyond the range of float32"}),
	}
	sizes, err := magnitudes(ctx, l)
	if err != nil {
		return c, err
	}
	_, limit, err := law.Float32().Flushing().AlphaRange(sizes)
	if err != nil {
		return c, err
	}
	sizes.Exponent = 1
	_, wrong, err := law.Float32().Flushing().AlphaRange(sizes)
	if err != nil {
		return c, err
	}
	low, high, curve, err := largestAlpha(ctx, l)
	if err != nil {
		return c, err
	}
	const factor = 1 // of two
	found := (low + high) / 2
	check := judge.Between("log₂ of the largest α that learns; beyond it "+limit.Reason, math.Log2(limit.Alpha), found, low, high, factor)
	c.Checks = []judge.Check{check}
	c.Controls = []judge.Check{check.Control("control: the same for an optimizer with p = 1", math.Log2(wrong.Alpha))}
	c.Series = []result.Series{curve}
	c.Agrees = high < widestAlpha // there is an α that is too large
	return c, nil
}

// widestAlpha is the log₂ of the largest α that is tried; float32 ends at 2¹²⁸.
const widestAlpha = 120.

// largestAlpha bisects for the log₂ of the α from which on the compensated run does not come half as far as the run
// without α. The curve is the last loss at each α that was tried.
func largestAlpha(ctx context.Context, l *lab.Lab) (low, high float64, curve result.Series, err error) {
	curve = result.Series{Label: "η' = η/α²", X: result.Alpha(), Y: result.Loss()}
	p, err := l.LearningRateExponent(optim.SGD)
	if err != nil {
		return 0, 0, curve, err
	}
	reference, err := compensatedRun(ctx, l, 1, 1)
	if err != nil {
		return 0, 0, curve, err
	}
	half := (reference.Loss[0] + reference.Loss[len(reference.Loss)-1]) / 2
	for high = widestAlpha; high-low > 0.05; {
		middle := (low + high) / 2
		// scaling.Compensate refuses what float32 cannot hold, so the law's η' is put in by hand.
		s := training.Settings{
			Alpha: math.Exp2(middle), Hyper: safe, Seed: 1,
			ScaledHyper: safe.With(optim.LearningRate, safe[optim.LearningRate]*math.Exp2(-p*middle)),
		}
		runs, err := perceptronRuns(ctx, l, optim.SGD, s)
		if outOfRange(err) {
			high = middle
			continue
		}
		if err != nil {
			return 0, 0, curve, err
		}
		last := runs[0].Loss[len(runs[0].Loss)-1]
		curve.Xs, curve.Ys = append(curve.Xs, s.Alpha), append(curve.Ys, last)
		if last < half {
			low = middle
		} else {
			high = middle
		}
	}
	order, losses := make([]int, len(curve.Xs)), curve.Ys
	floats.Argsort(curve.Xs, order)
	curve.Ys = make([]float64, len(losses))
	for i, tried := range order {
		curve.Ys[i] = losses[tried]
	}
	return low, high, curve, nil
}

// magnitudes are the root mean squares of weights and gradients in the first layer after one step without α.
func magnitudes(ctx context.Context, l *lab.Lab) (law.Magnitudes, error) {
	m := law.Magnitudes{LearningRate: safe[optim.LearningRate], Exponent: 2, Compensated: true}
	runs, err := perceptronRuns(ctx, l, optim.SGD, training.Settings{Alpha: 1, Hyper: safe, Seed: 1, Steps: 1, Keep: true})
	if err != nil {
		return m, err
	}
	w, err := backend.Floats(runs[0].Final[lab.FirstWeights])
	if err != nil {
		return m, err
	}
	step, err := runs[0].Recorded(instrument.UpdateNorm().Name, lab.FirstWeights)
	if err != nil {
		return m, err
	}
	root := math.Sqrt(float64(len(w)))
	m.Weight, m.Gradient = floats.Norm(w, 2)/root, step[0]/m.LearningRate/root
	return m, nil
}
