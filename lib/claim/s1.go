package claim

import (
	"context"
	"fmt"
	"math"
	"slices"

	"alphascale/lib/lab"

	"alphascale/lib/judge"
	"alphascale/lib/optim"
	"alphascale/lib/result"
	"alphascale/lib/scaling"
	"alphascale/lib/training"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/stat"
)

var s1 = Claim{
	ID:        "S1",
	Chapter:   "08_verdicts",
	Says:      "Scaling the weights can boost or hinder a network.",
	Operation: scaling.OpReparameterise,
	Found:     "On one layer it can, with η retuned too: α is a learning rate of that layer alone, which no η of the network is. α = 1/8 on the first layer hinders, on held-out digits too; α = 8 on the last learns faster, and does no better on digits that it has not seen. On all weights from the same function (α, η) is (1, αᵖη): with η retuned no α beats α = 1, and Adam's ε left as it was changes less than another seed does. What is left is a start that changes the function, and the range of numbers.",
	experiments: slices.Concat(each(layersRetuned(), oneLayerCase), each([]optim.Family{optim.SGD, optim.Adam}, retunedCase),
		[]experiment{epsilonCase, initialisationCase, precisionCase}),
}

// firstRates are the effective learning rates at which the search for each α's best begins, in steps of rateStep;
// retunedEpsilon is Adam's ε at α = 1, large enough to matter.
var firstRates = map[optim.Family]float64{optim.SGD: 1.28, optim.Adam: 0.032}

const (
	rateStep       = 4.
	retunedEpsilon = 1e-2
)

// folded are the settings with factor α at each effective learning rate e: η = e/αᵖ for all weights.
func folded(family optim.Family, rates []float64, alpha, power float64, seed int64, start training.Start) []training.Settings {
	var out []training.Settings
	for _, e := range rates {
		h := optim.Values{optim.LearningRate: e * math.Pow(alpha, -power)}
		if family == optim.Adam {
			h[optim.Epsilon] = retunedEpsilon
		}
		out = append(out, training.Settings{Alpha: alpha, Hyper: h, Seed: seed, Start: start})
	}
	return out
}

// retune searches the effective learning rates for one that is better than its neighbours, and returns the three and their
// runs: whatever the best loss is, it is not due to where the search began or ended.
func retune(ctx context.Context, l *lab.Lab, family optim.Family, at func(rates []float64) []training.Settings) (rates []float64, runs []*training.Run, err error) {
	const most = 16
	middle := firstRates[family]
	for range most {
		rates = []float64{middle / rateStep, middle, middle * rateStep}
		if runs, err = wholeRuns(ctx, l, family, at(rates)...); err != nil {
			return nil, nil, err
		}
		best := floats.MinIdx(rateCurve(1, runs).Ys)
		if best == 1 {
			return rates, runs, nil
		}
		middle = rates[best]
	}
	return nil, nil, fmt.Errorf("no best learning rate of %s was found from %g to %g", family, firstRates[family], middle)
}

// unscaled are the settings without α.
func unscaled(family optim.Family, seed int64) func(rates []float64) []training.Settings {
	return func(rates []float64) []training.Settings {
		return folded(family, rates, 1, 0, seed, training.KeepFunction)
	}
}

// wholeRuns trains the perceptron with α on every variable, biases included.
func wholeRuns(ctx context.Context, l *lab.Lab, family optim.Family, settings ...training.Settings) ([]*training.Run, error) {
	key, config := lab.WholePerceptron(family)
	return l.Run(ctx, key, config, l.ReparameterisedAll(settings)...)
}

// retunedCase runs a grid of α and η whose diagonals αᵖη are the same run, and compares the best losses.
func retunedCase(ctx context.Context, l *lab.Lab, family optim.Family) (Case, error) {
	c := Case{
		Setting: fmt.Sprintf("u = α·w on every variable from the same function, η retuned, ReLU perceptron, %s", family),
		Facts:   facts(scaling.OpReparameterise, AllLayers, by(family), Fact{Rate, "η retuned"}),
		Law:     "L1: the trajectory depends on α and η by αᵖη alone (Adam: and on ε/α)",
	}
	p, err := l.LearningRateExponent(family)
	if err != nil {
		return c, err
	}
	for _, seed := range l.Seeds() {
		rates, reference, err := retune(ctx, l, family, unscaled(family, seed))
		if err != nil {
			return c, err
		}
		for _, alpha := range []float64{1. / 4, 4} {
			lawful := folded(family, rates, alpha, p, seed, training.KeepFunction)
			wrong := folded(family, rates, alpha, p-lab.WrongBy, seed, training.KeepFunction)
			if family == optim.Adam { // ε is retuned along with η
				for i := range lawful {
					lawful[i].Hyper[optim.Epsilon], wrong[i].Hyper[optim.Epsilon] = alpha*retunedEpsilon, alpha*retunedEpsilon
				}
			}
			runs, err := wholeRuns(ctx, l, family, append(lawful, wrong[1])...)
			if err != nil {
				return c, err
			}
			runs, off := runs[:len(lawful)], runs[len(lawful)]
			gain := bestLoss(runs)/bestLoss(reference) - 1
			what := fmt.Sprintf("losses that differ along the diagonals αᵖη, α = %g", alpha)
			c.Checks = append(c.Checks, judge.Identical(what, allLosses(reference), allLosses(runs)),
				judge.Exact(fmt.Sprintf("best loss over η against that at α = 1, relative, α = %g", alpha), 0, gain, 0))
			c.Controls = append(c.Controls, judge.Identical("control: with a wrong p, "+what, reference[1].Loss, off.Loss))
			c.Series = append(c.Series, rateCurve(alpha, runs))
			c.Agrees = c.Agrees || gain != 0
		}
		c.Series = append(c.Series, rateCurve(1, reference))
	}
	return c, nil
}

// finalLoss is the mean loss of the last epoch; infinite for a run that diverged.
func finalLoss(run *training.Run) float64 {
	const epoch = 14 // 1792 rows in batches of 128; the eleven of oneLayerCase and three more
	if run.Diverged >= 0 || len(run.Loss) < epoch {
		return math.Inf(1)
	}
	return stat.Mean(run.Loss[len(run.Loss)-epoch:], nil)
}

// bestLoss is the least of the final losses: that of the best learning rate.
func bestLoss(runs []*training.Run) float64 { return floats.Min(rateCurve(1, runs).Ys) }

// rateCurve is the final loss against the learning rate.
func rateCurve(alpha float64, runs []*training.Run) result.Series {
	s := result.Series{Alpha: alpha, X: result.LearningRate(), Y: result.Loss()}
	for _, run := range runs {
		s.Xs, s.Ys = append(s.Xs, run.Settings.Hyper[optim.LearningRate]), append(s.Ys, finalLoss(run))
	}
	return s
}

// allLosses joins the traces of runs, each with its length, so that one that ended early is seen to differ.
func allLosses(runs []*training.Run) []float64 {
	var out []float64
	for _, run := range runs {
		out = append(append(out, float64(len(run.Loss))), run.Loss...)
	}
	return out
}
