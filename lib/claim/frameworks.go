package claim

import (
	"context"
	"fmt"
	"math"
	"regexp"
	"strconv"

	"alphascale/lib/frameworks"
	"alphascale/lib/judge"
	"alphascale/lib/lab"
	"alphascale/lib/optim"
	"alphascale/lib/scaling"
)

// recorded is a setting in another framework, of which the runs are those that the comparison of frameworks has made and
// frameworks.Runs keeps: u = α·w in all layers of the digits' perceptron, with what is advised and with what is not.
type recorded struct {
	framework, optimizer, given string // as the table has them
	family                      optim.Family
	adjusted                    string      // the framework's name of what is adjusted
	hyper                       optim.Hyper // the library's
	penalty                     string      // its kind, where it is one
	rows                        func() [][]frameworks.Ran
}

// recordedRates are those whose learning rate is adjusted.
func recordedRates(families ...optim.Family) (all []recorded) {
	for _, of := range []struct{ framework, sgd, adam, rate string }{
		{frameworks.Torch, "SGD", "Adam", "lr"}, {frameworks.Optax, "sgd", "adam", "learning_rate"}, {frameworks.Keras, "SGD", "Adam", "learning_rate"},
	} {
		for _, family := range families {
			r := recorded{framework: of.framework, optimizer: of.sgd, given: fmt.Sprintf(`{%q:0.1}`, of.rate), family: family, adjusted: of.rate, hyper: optim.LearningRate}
			if family == optim.Adam {
				r.optimizer, r.given = of.adam, fmt.Sprintf(`{%q:0.003}`, of.rate)
			}
			all = append(all, r)
		}
	}
	return all
}

// recordedDecay are those whose weight decay is adjusted: decoupled in all three, and in the gradient in PyTorch's SGD.
func recordedDecay() []recorded {
	decay := func(framework, optimizer, rate string) recorded {
		return recorded{
			framework: framework, optimizer: optimizer, given: fmt.Sprintf(`{%q:0.003}`, rate), family: optim.AdamW,
			adjusted: "weight_decay", hyper: optim.WeightDecay, penalty: "decoupled decay",
		}
	}
	return []recorded{
		{
			framework: frameworks.Torch, optimizer: "SGD", given: `{"lr":0.02,"momentum":0.9,"weight_decay":0.01}`, family: optim.HeavyBall,
			adjusted: "weight_decay", hyper: optim.L2, penalty: "L2 in the gradient",
		},
		decay(frameworks.Torch, "AdamW", "lr"), decay(frameworks.Keras, "AdamW", "learning_rate"), decay(frameworks.Optax, "adamw", "learning_rate"),
	}
}

// recordedCase holds the runs with α against the one without, those that are adjusted as advised and the one that leaves the number as it
// was, and what they were adjusted by against the law.
func recordedCase(more ...Fact) func(ctx context.Context, l *lab.Lab, r recorded) (Case, error) {
	return func(_ context.Context, l *lab.Lab, r recorded) (Case, error) {
		c := Case{Facts: facts(scaling.OpReparameterise, AllLayers, append([]Fact{by(r.family), {Ran, r.framework}}, more...)...)}
		if r.penalty != "" {
			c.Facts = append(c.Facts, Fact{Penalty, r.penalty})
		}
		c.Setting, c.Law = fmt.Sprintf("u = α·w in all layers of a ReLU perceptron, %s.%s(%s)", r.framework, r.optimizer, r.given), "L1: chain rule, in the framework's own optimizer"
		if err := reparameterised(l); err != nil {
			return c, err
		}
		rows, err := r.find()
		if err != nil {
			return c, err
		}
		c.Setting = fmt.Sprintf("u = α·w in all layers of a ReLU perceptron, %s of %s, run on %s", r.optimizer, rows[0].Version, rows[0].Date)
		predicted, err := r.exponent(l)
		if err != nil {
			return c, err
		}
		return c, c.addRecorded(r.adjusted, predicted, rows)
	}
}

// reparameterised returns an error for a lab that has put another operation in the place of that which was run in the frameworks.
func reparameterised(l *lab.Lab) error {
	if op := l.Operation(scaling.OpReparameterise); op != scaling.OpReparameterise {
		return fmt.Errorf("what was run in the frameworks is %s and not %s", scaling.OpReparameterise, op)
	}
	return nil
}

// exponent is that of α in the number that is adjusted, by the law: −p of the learning rate, and what keeps a penalty's strength.
func (r recorded) exponent(l *lab.Lab) (float64, error) {
	if r.hyper == optim.LearningRate {
		p, err := l.LearningRateExponent(r.family)
		return -p, err
	}
	q, err := l.EffectiveExponent(scaling.ReparameteriseLaw(), r.family, r.hyper)
	return -q, err
}

// find returns the trial's runs.
func (r recorded) find() ([]frameworks.Ran, error) {
	all := r.rows
	if all == nil {
		all = func() [][]frameworks.Ran { return frameworks.RunsOf(r.framework, r.optimizer) }
	}
	for _, rows := range all() {
		if rows[0].Given == r.given {
			return rows, nil
		}
	}
	return nil, fmt.Errorf("the table has no run of %s.%s(%s): make frameworks ONLY=%s makes them", r.framework, r.optimizer, r.given, r.framework)
}

// addRecorded adds the checks and controls of a trial.
func (c *Case) addRecorded(adjusted string, predicted float64, rows []frameworks.Ran) error {
	c.Agrees = true
	left := 0
	for _, row := range rows {
		if row.Place != frameworks.OnAll || row.Alpha == 1 {
			if row.Alpha == 1 {
				c.Series = append(c.Series, row.Curve())
			}
			continue
		}
		differ := judge.Exact(fmt.Sprintf("losses that differ, α = %g", row.Alpha), 0, float64(row.LossesDiffer), 0)
		switch row.Wrong {
		case frameworks.Nothing:
			power, err := exponentOf(adjusted, rows[0], row)
			if err != nil {
				return err
			}
			what := fmt.Sprintf("exponent of α in %s, α = %g", adjusted, row.Alpha)
			exponent := judge.Exact(what, predicted, power, 1e-9)
			c.Checks = append(c.Checks, differ, exponent)
			c.Controls = append(c.Controls, exponent.Control("control: "+what+", off by a fifth", predicted+lab.WrongBy))
			c.Series = append(c.Series, row.Curve())
			c.Agrees = c.Agrees && differ.Holds()
		case adjusted + " as α^0":
			left++
			c.Controls = append(c.Controls, judge.Exact(fmt.Sprintf("control: losses that differ with %s as it was, α = %g", adjusted, row.Alpha), 0, float64(row.LossesDiffer), 0))
			c.Agrees = c.Agrees && row.LossesDiffer > 0
		}
	}
	if left == 0 || len(c.Checks) == 0 {
		return fmt.Errorf("the table lacks the runs with %s adjusted or the one with it as it was: make frameworks makes them", adjusted)
	}
	return nil
}

// exponentOf reads from two lines of Python by which power of α a number in them differs.
func exponentOf(name string, without, with frameworks.Ran) (float64, error) {
	value := regexp.MustCompile(`\b` + name + `=([0-9.eE+-]+)`)
	var numbers [2]float64
	for i, row := range []frameworks.Ran{without, with} {
		found := value.FindStringSubmatch(row.Line)
		if found == nil {
			return 0, fmt.Errorf("there is no %s in %q", name, row.Line)
		}
		x, err := strconv.ParseFloat(found[1], 64)
		if err != nil {
			return 0, err
		}
		numbers[i] = x
	}
	return math.Log(numbers[1]/numbers[0]) / math.Log(with.Alpha), nil
}
