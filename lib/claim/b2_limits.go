package claim

import (
	"context"
	"fmt"
	"math"

	"alphascale/lib/instrument"
	"alphascale/lib/lab"

	"alphascale/lib/judge"
	"alphascale/lib/optim"
	"alphascale/lib/result"
	"alphascale/lib/scaling"
	"alphascale/lib/training"
)

// limitSeeds are always five: networks of width 32 scatter about their law, and whether most of them fail is what is asked.
var limitSeeds = []int64{1, 2, 3, 4, 5}

// limitCase trains the ReLU network from weights multiplied by one α, and holds the alarm by its gradients, the backward signal,
// against whether most networks fail. The law of the backward signal is checked with it; no law says which networks fail.
func limitCase(ctx context.Context, l *lab.Lab, steps int, alpha float64) (Case, error) {
	m := monitoredNets()[0]
	c := Case{
		Setting: fmt.Sprintf("w ← α·w in all layers at initialisation, α = %.3g, %d steps, %s", alpha, steps, m.net()), Law: m.law,
		Facts: facts(scaling.OpRescale, AllLayers, by(optim.SGD), Fact{Looked, fmt.Sprintf("α = %.3g over %d steps", alpha, steps)}),
	}
	if err := backwardSignal(ctx, l, m, &c); err != nil {
		return c, err
	}
	runs, err := m.runs(ctx, l, optim.SGD, steps, []float64{alpha}, limitSeeds...)
	if err != nil {
		return c, err
	}
	alarms, _, err := signalRatio.alarms(runs, []float64{alpha})
	if err != nil {
		return c, err
	}
	for _, run := range runs[0] {
		curve := run.LossSeries()
		curve.Alpha = alpha
		c.Series = append(c.Series, curve)
	}
	c.Agrees = (alarms[0] == 1) != mostLearned(runs[0])
	return c, nil
}

// patientCase is an α at which the signal vanishes and the network learns all the same, given the time.
func patientCase(ctx context.Context, l *lab.Lab) (Case, error) { return limitCase(ctx, l, 1000, 1./2) }

// unnoticedCase is an α at which the signal is within its range and the network fails: its first steps are too long, of which the
// gradient alone says nothing.
func unnoticedCase(ctx context.Context, l *lab.Lab) (Case, error) {
	return limitCase(ctx, l, monitorSpan, math.Sqrt2)
}

// adamCase trains with Adam, whose first step is η for every weight whatever its gradient: the update-to-weight ratio follows the
// weights alone.
func adamCase(ctx context.Context, l *lab.Lab) (Case, error) {
	m := monitoredNets()[0]
	c := Case{
		Setting: fmt.Sprintf("w ← α·w in all layers at initialisation, adam, %s", m.net()), Law: "L1: Adam's step has no unit of the gradient; its ratio is η√n/‖w‖",
		Facts: facts(scaling.OpRescale, AllLayers, by(optim.Adam)), Agrees: true,
	}
	weight, err := scaling.PenaltyLaw().Exponent(scaling.Weight)
	predicted, err := l.Predict(-weight, err)
	if err != nil {
		return c, err
	}
	runs, err := m.runs(ctx, l, optim.Adam, monitorSpan, rescaledBy, limitSeeds...)
	if err != nil {
		return c, err
	}
	if _, err = addExponent(ctx, l, &c, "update-to-weight ratio", predicted, rescaledBy[:3], func(seed int64) (ratios []float64, err error) {
		// Beyond α = 1 the softmax is exactly 0 for some classes, and some weights do not move.
		for _, seeds := range runs[:3] {
			for _, run := range seeds {
				if run.Settings.Seed != seed {
					continue
				}
				recorded, err := run.Recorded(instrument.UpdateRatio().Name, lab.FirstWeights)
				if err != nil {
					return nil, err
				}
				ratios = append(ratios, recorded[0])
			}
		}
		return ratios, nil
	}); err != nil {
		return c, err
	}
	for _, watch := range []monitor{signalRatio, updateRatio} {
		alarms, curve, err := watch.alarms(runs, rescaledBy)
		if err != nil {
			return c, err
		}
		c.Series = append(c.Series, curve)
		for i, seeds := range runs {
			c.Agrees = c.Agrees && (alarms[i] == 1) != mostLearned(seeds)
		}
	}
	return c, nil
}

// compensatedAlarmCase watches the gradient of the first layer over that of the second, with α in the forward pass of the first: it
// leaves every range, in a run that is, compensated, the one without α to the last bit.
func compensatedAlarmCase(ctx context.Context, l *lab.Lab) (Case, error) {
	c := Case{
		Setting: "u = α·w in the first layer with η' = η/α², gradients with respect to w from layer to layer, ReLU perceptron, sgd",
		Law:     "L1: ∇_w has the factor α, and nothing in the run has", Agrees: true,
		Facts: facts(scaling.OpReparameterise, OneLayer, by(optim.SGD), Fact{Rate, "η' = η/α²"}),
	}
	predicted, err := l.Exponent(scaling.ReparameteriseLaw(), scaling.Gradient)
	if err != nil {
		return c, err
	}
	alphas := []float64{1, 1. / 64, 64}
	ratios := result.Series{}
	if _, err = addExponent(ctx, l, &c, "gradient norm of the first layer over that of the second", predicted, alphas, func(seed int64) ([]float64, error) {
		s := gradientSetting{law: scaling.ReparameteriseLaw(), of: scaling.Gradient, net: lab.PlainNet(), selected: lab.FirstWeights, watched: lab.FirstWeights, start: training.KeepFunction}
		first, err := gradientNorms(ctx, l, s, seed, alphas)
		if err != nil {
			return nil, err
		}
		s.watched = secondWeights
		second, err := gradientNorms(ctx, l, s, seed, alphas)
		for i := range second {
			first[i] /= second[i]
		}
		ratios.Ys = first
		return first, err
	}); err != nil {
		return c, err
	}
	for i, alpha := range alphas[1:] {
		reference, err := compensatedRun(ctx, l, 1, l.Seeds()[0])
		if err != nil {
			return c, err
		}
		run, err := compensatedRun(ctx, l, alpha, l.Seeds()[0])
		if err != nil {
			return c, err
		}
		c.Checks = append(c.Checks, judge.Identical(fmt.Sprintf("losses that differ from those without α, α = %g", alpha), reference.Loss, run.Loss))
		c.Agrees = c.Agrees && weightRatio.alarm(ratios.Ys[i+1]) != learns(run)
	}
	plain, err := perceptronRuns(ctx, l, optim.SGD, training.Settings{Alpha: 64, Hyper: safe, Seed: l.Seeds()[0]})
	if err != nil {
		return c, err
	}
	reference, err := compensatedRun(ctx, l, 1, l.Seeds()[0])
	if err != nil {
		return c, err
	}
	c.Controls = append(c.Controls, judge.Identical("control: losses that differ without compensation, α = 64", reference.Loss, plain[0].Loss))
	return c, nil
}
