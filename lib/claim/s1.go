package claim

import (
	"fmt"
	"math"

	"alphascale/lib/law"
	"alphascale/lib/network"
	"alphascale/lib/optim"
	"alphascale/lib/result"
	"alphascale/lib/scaling"
	"alphascale/lib/training"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/stat"
)

var s1 = Claim{
	ID:        "S1",
	Says:      "Scaling the weights can boost or hinder a network.",
	Operation: scaling.OpReparameterise,
	Found:     "Where the function is kept and the law is exact, (α, η) is (1, αᵖη): with η retuned no α beats α = 1. What is left to gain or lose is in ε, the initialisation and the range of numbers.",
	Flips:     "an ε that is not compensated, a start that changes the function, numbers out of range",
	judge:     judgeS1,
}

func judgeS1(l *Lab) ([]Case, error) {
	var cases []Case
	for _, measured := range []func() (Case, error){
		func() (Case, error) { return l.retunedCase(optim.SGD) }, func() (Case, error) { return l.retunedCase(optim.Adam) },
		l.epsilonCase, l.initialisationCase, l.precisionCase,
	} {
		c, err := measured()
		if err != nil {
			return cases, err
		}
		cases = append(cases, c)
	}
	return cases, nil
}

// retunedRates are the effective learning rates among which each α is given its best; retunedEpsilon is Adam's ε at α = 1,
// large enough to matter.
var retunedRates = map[optim.Family][]float64{
	optim.SGD:  {0.02, 0.08, 0.32, 1.28},
	optim.Adam: {0.002, 0.008, 0.032, 0.128},
}

const retunedEpsilon = 1e-2

// noticeable is the share of the loss above which a difference of best losses is a gain or a loss.
const noticeable = 0.01

// folded are the settings with factor α at each effective learning rate e: η = e/αᵖ for all weights.
func (l *Lab) folded(family optim.Family, alpha, power float64, seed int64, start training.Start) []training.Settings {
	var out []training.Settings
	for _, e := range retunedRates[family] {
		h := optim.Values{optim.LearningRate: e * math.Pow(alpha, -power)}
		if family == optim.Adam {
			h[optim.Epsilon] = retunedEpsilon
		}
		out = append(out, training.Settings{Alpha: alpha, Hyper: h, Seed: seed, Start: start})
	}
	return out
}

// wholeRuns trains the perceptron with α on every variable, biases included.
func (l *Lab) wholeRuns(family optim.Family, settings ...training.Settings) ([]*training.Run, error) {
	return l.run("whole perceptron "+string(family), func() (training.Config, error) {
		c, err := perceptron(family)
		c.Scaled, c.Instruments = scaling.Everything(), nil
		c.Model = network.MLP{Hidden: []int{24, 24}, Outputs: 10}.Model
		return c, err
	}, l.all(settings)...)
}

// retunedCase runs a grid of α and η whose diagonals αᵖη are the same run, and compares the best losses.
func (l *Lab) retunedCase(family optim.Family) (Case, error) {
	c := Case{Setting: fmt.Sprintf("u = α·w from the same function, η retuned, ReLU perceptron, %s", family),
		Law: "L1: the trajectory depends on α and η by αᵖη alone (Adam: and on ε/α)"}
	p, err := l.learningRateExponent(family)
	if err != nil {
		return c, err
	}
	for _, seed := range l.seeds() {
		reference, err := l.wholeRuns(family, l.folded(family, 1, p, seed, training.KeepFunction)...)
		if err != nil {
			return c, err
		}
		best := bestLoss(reference)
		for _, alpha := range []float64{1. / 4, 4} {
			lawful, wrong := l.folded(family, alpha, p, seed, training.KeepFunction), l.folded(family, alpha, p-wrongBy, seed, training.KeepFunction)
			if family == optim.Adam { // ε is retuned along with η
				for i := range lawful {
					lawful[i].Hyper[optim.Epsilon], wrong[i].Hyper[optim.Epsilon] = alpha*retunedEpsilon, alpha*retunedEpsilon
				}
			}
			runs, err := l.wholeRuns(family, append(lawful, wrong[1])...)
			if err != nil {
				return c, err
			}
			runs, off := runs[:len(lawful)], runs[len(lawful)]
			gain := bestLoss(runs)/best - 1
			c.Checks = append(c.Checks, Identical(fmt.Sprintf("losses that differ along the diagonals αᵖη, α = %g", alpha), allLosses(reference), allLosses(runs)),
				exact(fmt.Sprintf("best loss over η at α = %g against α = 1, relative", alpha), 0, gain, 0))
			c.Controls = append(c.Controls, Identical(fmt.Sprintf("control: along αᵖη with a wrong p, α = %g", alpha), reference[1].Loss, off.Loss))
			c.Series = append(c.Series, rateCurve(alpha, runs))
			c.Agrees = c.Agrees || math.Abs(gain) > noticeable
		}
		c.Series = append(c.Series, rateCurve(1, reference))
	}
	return c, nil
}

// epsilonCase leaves Adam's ε as it is: at α it acts as ε/α, which no η makes up for.
func (l *Lab) epsilonCase() (Case, error) {
	c := Case{Setting: "u = α·w from the same function, η retuned and ε not, ReLU perceptron, adam", Law: "L1: ε acts as ε/α"}
	p, err := l.learningRateExponent(optim.Adam)
	if err != nil {
		return c, err
	}
	q, err := l.effectiveExponent(scaling.ReparameteriseLaw(), optim.Adam, optim.Epsilon)
	if err != nil {
		return c, err
	}
	for _, seed := range l.seeds() {
		reference, err := l.wholeRuns(optim.Adam, l.folded(optim.Adam, 1, p, seed, training.KeepFunction)...)
		if err != nil {
			return c, err
		}
		for _, alpha := range []float64{1. / 16, 16} {
			runs, err := l.wholeRuns(optim.Adam, l.folded(optim.Adam, alpha, p, seed, training.KeepFunction)...)
			if err != nil {
				return c, err
			}
			effective := l.folded(optim.Adam, 1, p, seed, training.KeepFunction)
			for i := range effective {
				effective[i].Hyper[optim.Epsilon] = retunedEpsilon * math.Pow(alpha, q)
			}
			same, err := l.wholeRuns(optim.Adam, effective...)
			if err != nil {
				return c, err
			}
			c.compareGrids(alpha, reference, same, runs)
		}
	}
	return c, nil
}

// compareGrids adds runs with α that the law says are the same as others without, and not those of the reference. The case
// agrees where the best of them is noticeably better or worse than that of the reference.
func (c *Case) compareGrids(alpha float64, reference, same, runs []*training.Run) {
	c.Checks = append(c.Checks, Identical(fmt.Sprintf("losses that differ from the law's at α = 1, α = %g", alpha), allLosses(same), allLosses(runs)))
	c.Controls = append(c.Controls, Identical(fmt.Sprintf("control: from the plain ones at α = 1, α = %g", alpha), allLosses(reference), allLosses(runs)))
	c.Series = append(c.Series, rateCurve(alpha, runs))
	c.Agrees = c.Agrees || math.Abs(bestLoss(runs)/bestLoss(reference)-1) > noticeable
}

// initialisationCase starts at w₀ = u₀: the network is another one, with effective weights α times as large, and then
// follows the law from there.
func (l *Lab) initialisationCase() (Case, error) {
	c := Case{Setting: "u = α·w from the same weights, η retuned, ReLU perceptron, sgd", Law: "L1 from another function: the start α·u₀, the learning rate α²η"}
	p, err := l.learningRateExponent(optim.SGD)
	if err != nil {
		return c, err
	}
	for _, seed := range l.seeds() {
		plain := l.folded(optim.SGD, 1, p, seed, training.KeepFunction)
		reference, err := l.wholeRuns(optim.SGD, plain...)
		if err != nil {
			return c, err
		}
		still := training.Settings{Alpha: 1, Hyper: optim.Values{optim.LearningRate: 0}, Seed: seed, Steps: 1, Keep: true}
		drawn, err := l.wholeRuns(optim.SGD, still)
		if err != nil {
			return c, err
		}
		var weights []string
		for path, value := range drawn[0].Final {
			if value.Shape().Rank() > 1 {
				weights = append(weights, path)
			}
		}
		for _, alpha := range []float64{1. / 4, 2} {
			runs, err := l.wholeRuns(optim.SGD, l.folded(optim.SGD, alpha, p, seed, training.KeepWeights)...)
			if err != nil {
				return c, err
			}
			rescaled := l.folded(optim.SGD, 1, p, seed, training.KeepFunction)
			for i := range rescaled {
				if rescaled[i].Initial, err = scaling.Rescale(drawn[0].Final, weights, alpha, scaling.KeepMoments); err != nil {
					return c, err
				}
			}
			same, err := l.wholeRuns(optim.SGD, rescaled...)
			if err != nil {
				return c, err
			}
			c.compareGrids(alpha, reference, same, runs)
		}
	}
	return c, nil
}

// precisionCase looks for the smallest α = 2^k at which the run with η' = η/αᵖ is still that of α = 1, where float32 ends.
func (l *Lab) precisionCase() (Case, error) {
	const eta = 0.08
	c := Case{Setting: "u = α·w from the same function at extreme α, η retuned, ReLU perceptron in float32, sgd",
		Law: "L11: η' = η/α² must not exceed the largest number of the format"}
	p, err := l.learningRateExponent(optim.SGD)
	if err != nil {
		return c, err
	}
	at := func(power float64) training.Settings {
		h := optim.Values{optim.LearningRate: eta * math.Pow(2, -p*power)}
		return training.Settings{Alpha: math.Pow(2, power), Hyper: h, Seed: 1}
	}
	runs, err := l.wholeRuns(optim.SGD, at(0))
	if err != nil {
		return c, err
	}
	reference, last := runs[0], math.NaN()
	for k := -60.; k >= -80; k-- {
		if runs, err = l.wholeRuns(optim.SGD, at(k)); err != nil {
			return c, err
		}
		if runs[0].Diverged >= 0 {
			break
		}
		last = k
	}
	c.Agrees = runs[0].Diverged >= 0 && reference.Diverged < 0
	for _, exponent := range []int{2, 1} {
		m := law.Magnitudes{Weight: 0.2, Gradient: 0.01, LearningRate: eta, Exponent: exponent, Compensated: true}
		low, _, err := law.Float32().Flushing().AlphaRange(m)
		if err != nil {
			return c, err
		}
		check := exact("log₂ of the smallest α that learns, by the law's \""+low.Reason+"\"", math.Log2(low.Alpha), last, 1)
		if exponent == 2 {
			c.Checks = append(c.Checks, check)
		} else {
			check.What = "control: by the exponent of another optimizer, " + check.What
			c.Controls = append(c.Controls, check)
		}
	}
	return c, nil
}

// finalLoss is the mean loss of the last epoch; infinite for a run that diverged.
func finalLoss(run *training.Run) float64 {
	const epoch = 14 // 1792 rows in batches of 128
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
