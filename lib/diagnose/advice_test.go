package diagnose_test

import (
	"math"
	"testing"

	"alphascale/lib/diagnose"
	"alphascale/lib/optim"
	"alphascale/lib/training"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/layers"
	"github.com/gomlx/gomlx/ml/model"
)

// The ways in which advice is followed: the change by the factor that it states.
func (c trial) rate(by float64) trial {
	c.hyper = c.hyper.With(optim.LearningRate, c.hyper[optim.LearningRate]*by)
	return c
}

func (c trial) initial(by float64) trial { c.weights *= by; return c }

func (c trial) rescaled(by float64) trial { c.inputs *= by; return c }

func raised(c trial, by float64) trial     { return c.rate(by) }
func lowered(c trial, by float64) trial    { return c.rate(1 / by) }
func larger(c trial, by float64) trial     { return c.initial(by) }
func smaller(c trial, by float64) trial    { return c.initial(1 / by) }
func strengthen(c trial, by float64) trial { return c.rescaled(by) }
func weaken(c trial, by float64) trial     { return c.rescaled(1 / by) }

func multiplied(c trial, by float64) trial {
	c.loss *= by
	return c
}

func divided(name optim.Hyper) func(c trial, by float64) trial {
	return func(c trial, by float64) trial {
		c.hyper = c.hyper.With(name, c.hyper[name]/by)
		return c
	}
}

// TestAdvice runs what does not learn, reads the one finding, follows it to the letter, and wants the changed run to learn
// without a finding: to less than half of the loss of guessing.
func TestAdvice(t *testing.T) {
	all := newTrials(t)
	const rate, weak, scaleFree = "learning rate", "proportional to the gradient", "Adam or LARS"
	for _, row := range []struct {
		name   string
		trial  trial
		want   []string
		never  []string
		follow func(c trial, by float64) trial
	}{
		{"healthy, but η = 1e-8", trial{depth: 3, optimizer: optim.SGD, hyper: eta(1e-8)}, []string{"Multiply the learning rate", weak}, []string{"signal"}, raised},
		{"the same with Adam", trial{depth: 3, optimizer: optim.Adam, hyper: eta(1e-8)}, []string{"Multiply the learning rate", "do not follow"}, []string{"signal"}, raised},
		{"chapter 7's patient", trial{depth: 6, optimizer: optim.SGD, hyper: eta(0.2), weights: 1. / 16}, []string{"fades", "/layer_5", "larger", weak, scaleFree}, []string{rate}, larger},
		{"six layers × 1/4", trial{depth: 6, optimizer: optim.SGD, hyper: eta(0.2), weights: 1. / 4}, []string{"fades", "larger", weak, scaleFree}, []string{rate}, larger},
		{"faint inputs", trial{depth: 3, optimizer: optim.SGD, hyper: eta(0.1), inputs: 1e-3}, []string{"weak from the start", "Multiply the inputs"}, []string{rate}, strengthen},
		{"loud inputs", trial{depth: 3, optimizer: optim.SGD, hyper: eta(0.1), inputs: 1e3}, []string{"Divide the inputs", "dead"}, []string{rate}, weaken},
		{"exploding, ends at guessing", trial{depth: 6, optimizer: optim.SGD, hyper: eta(0.2), weights: 4}, []string{"dead", "/layer_5", "smaller"}, []string{rate}, smaller},
		{"exploding, diverges", trial{depth: 6, optimizer: optim.SGD, hyper: eta(0.2), weights: 8}, []string{"not finite", "smaller"}, []string{rate}, smaller},
		{"saturated from the start", trial{depth: 6, activation: "tanh", optimizer: optim.SGD, hyper: eta(0.2), weights: 8}, []string{"saturated", "smaller"}, []string{rate}, smaller},
		{"AdamW, λ = 50", trial{depth: 1, optimizer: optim.AdamW, hyper: optim.Values{optim.WeightDecay: 50}}, []string{"weight_decay = 50", "shrink"}, []string{rate}, divided(optim.WeightDecay)},
		{"a loss of 1e-30", trial{depth: 1, optimizer: optim.SGD, hyper: eta(0.1), loss: 1e-30}, []string{"Multiply the loss", "e-30"}, []string{rate}, multiplied},
		{"Adam, η = 0.3, tanh", trial{depth: 3, activation: "tanh", optimizer: optim.Adam, hyper: eta(0.3)}, []string{"saturated", "Divide the learning rate"}, nil, lowered},
		{"Adam, η = 0.3, gelu", trial{depth: 3, activation: "gelu", optimizer: optim.Adam, hyper: eta(0.3)}, []string{"steps before", "Divide the learning rate"}, nil, lowered},
		{"ReLU, η = 3", trial{depth: 3, optimizer: optim.SGD, hyper: eta(3)}, []string{"dead", "Divide the learning rate"}, nil, lowered},
		{"ReLU, η = 3, one layer", trial{depth: 1, optimizer: optim.SGD, hyper: eta(3)}, []string{"dead", "Divide the learning rate"}, nil, lowered},
		{"Adam, a loss of 1e-10 beside ε", trial{depth: 1, optimizer: optim.Adam, hyper: eta(0.001), loss: 1e-10}, []string{"Multiply the learning rate", weak}, []string{"signal"}, raised},
		{"clipped to 1e-6", trial{depth: 3, optimizer: optim.SGD, options: []optim.Hyper{optim.ClipNorm}, hyper: optim.Values{optim.LearningRate: 0.1, optim.ClipNorm: 1e-6}}, []string{"Clipping", "clip_norm"}, []string{rate}, func(c trial, by float64) trial { return divided(optim.ClipNorm)(c, 1/by) }},
	} {
		t.Run(row.name, func(t *testing.T) {
			findings := diagnose.Findings(all.run(row.trial))
			if len(findings) != 1 {
				t.Fatalf("%d findings:\n%s", len(findings), text(findings))
			}
			says(t, text(findings), row.want, row.never)
			by := factorOf(t, findings[0])
			changed := all.run(row.follow(row.trial, by))
			last := changed.Loss[steps-1]
			if row.trial.loss != 0 { // in units of what it ends at
				last *= 2.3 / changed.Loss[0]
			}
			if after := diagnose.Findings(changed); !(last < chance/2) || len(after) > 0 {
				t.Errorf("%s\nfollowed by %g, the loss ends at %g\n%s", text(findings), by, last, text(after))
			}
		})
	}
}

// TestOtherOptimizer follows the advice to use one whose steps do not follow the gradient's scale, from the same weights.
func TestOtherOptimizer(t *testing.T) {
	all := newTrials(t)
	for _, c := range []trial{
		{depth: 6, optimizer: optim.Adam, hyper: eta(0.003), weights: 1. / 16},
		{depth: 6, optimizer: optim.Adam, hyper: eta(0.003), weights: 1. / 4},
	} {
		r := all.run(c)
		if last, findings := r.Loss[steps-1], diagnose.Findings(r); !(last < chance*0.8) || len(findings) > 0 {
			t.Errorf("× %g: the loss ends at %g\n%s", c.weights, last, text(findings))
		}
	}
}

// TestGuessing wants a finding of runs that fall from far above the loss of guessing to guessing, in a model whose layers
// are not marked too.
func TestGuessing(t *testing.T) {
	c := trial{depth: 6, activation: "tanh", optimizer: optim.SGD, hyper: eta(0.2), weights: 8}
	config := c.config(t)
	config.Model = func(scope *model.Scope, _ any, in []*graph.Node) []*graph.Node {
		x := in[0]
		for i := range c.depth {
			x = graph.Tanh(layers.Dense(scope.In("layer_%d", i), x, true, 32))
		}
		return []*graph.Node{layers.Dense(scope.In("output"), x, true, 10)}
	}
	p, err := training.Compile(config)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Finalize()
	r, err := p.Run(c.settings())
	if err != nil {
		t.Fatal(err)
	}
	if last := r.Loss[steps-1]; r.Loss[0] < 5*r.Guessing || math.Abs(r.Guessing-chance) > 0.01 {
		t.Fatalf("the loss goes from %g to %g, and guessing is %g: the test tells nothing", r.Loss[0], last, r.Guessing)
	}
	if r.Loss[steps-1] > 0.95*r.Guessing && len(diagnose.Findings(r)) == 0 {
		t.Error("a loss that has come down to guessing is taken for learning")
	}
}
