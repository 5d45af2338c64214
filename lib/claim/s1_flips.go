package claim

import (
	"fmt"
	"math"

	"alphascale/lib/law"
	"alphascale/lib/optim"
	"alphascale/lib/scaling"
	"alphascale/lib/training"
)

// epsilonCase leaves Adam's ε as it is: at α it acts as ε/α, and no η gives the run without α back. The article is given
// the same range of αη at every α: at a tiny α Adam with ε/α is gradient descent with the rate αη/(ε/α) = α²η/ε, and
// whoever follows that far beyond the range of α = 1 loses little of the final loss.
func (l *Lab) epsilonCase() (Case, error) {
	c := Case{Setting: "u = α·w from the same function, η retuned over a factor of 64 and ε not, ReLU perceptron, adam", Law: "L1: ε acts as ε/α"}
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
		for _, alpha := range []float64{0x1p-12, 16} {
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
	check := fmt.Sprintf("losses that differ from those that the law names, α = %g", alpha)
	control := fmt.Sprintf("control: from those at α = 1 as they are, α = %g", alpha)
	c.Checks = append(c.Checks, Identical(check, allLosses(same), allLosses(runs)))
	c.Controls = append(c.Controls, Identical(control, allLosses(reference), allLosses(runs)))
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
		reference, err := l.wholeRuns(optim.SGD, l.folded(optim.SGD, 1, p, seed, training.KeepFunction)...)
		if err != nil {
			return c, err
		}
		for _, alpha := range []float64{1. / 4, 2} {
			runs, err := l.wholeRuns(optim.SGD, l.folded(optim.SGD, alpha, p, seed, training.KeepWeights)...)
			if err != nil {
				return c, err
			}
			same, err := l.rescaledStart(alpha, seed, l.folded(optim.SGD, 1, p, seed, training.KeepFunction))
			if err != nil {
				return c, err
			}
			c.compareGrids(alpha, reference, same, runs)
		}
	}
	return c, nil
}

// rescaledStart trains without α from initial weights that are multiplied in place. Biases start at zero.
func (l *Lab) rescaledStart(alpha float64, seed int64, settings []training.Settings) ([]*training.Run, error) {
	still := training.Settings{Alpha: 1, Hyper: optim.Values{optim.LearningRate: 0}, Seed: seed, Steps: 1, Keep: true}
	drawn, err := l.wholeRuns(optim.SGD, still)
	if err != nil {
		return nil, err
	}
	var weights []string
	for path, value := range drawn[0].Final {
		if value.Shape().Rank() > 1 {
			weights = append(weights, path)
		}
	}
	initial, err := scaling.Rescale(drawn[0].Final, weights, alpha, scaling.KeepMoments)
	if err != nil {
		return nil, err
	}
	for i := range settings {
		settings[i].Initial = initial
	}
	return l.wholeRuns(optim.SGD, settings...)
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
