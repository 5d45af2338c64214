package optim_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"alphascale/lib/optim"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/gomlx/ml/train/optimizer"
	"github.com/gomlx/gomlx/support/exceptions"
)

// settings gives every hyperparameter that the family reads a value that shows in the result, other than its default.
func settings(family optim.Family) optim.Values {
	h := optim.Values{}
	for name := range optim.Defaults(family) {
		h[name] = map[optim.Hyper]float64{
			optim.LearningRate: 0.03, optim.Momentum: 0.8, optim.Beta1: 0.7, optim.Beta2: 0.95, optim.Beta3: 0.9, optim.Epsilon: 0.02,
			optim.WeightDecay: 0.3, optim.InitialAccumulator: 0.4, optim.TrustCoefficient: 0.5,
		}[name]
	}
	return h
}

// referenceRun trains by the reference and returns the weights after each step.
func referenceRun(family optim.Family, h optim.Values, p problem, prepare func(gradients, weights map[string][]float64) map[string][]float64) []map[string][]float64 {
	weights, rules := map[string][]float64{}, map[string]*reference{}
	for _, name := range names {
		weights[name] = append([]float64(nil), p.start[name]...)
		rules[name] = newReference(family, h, size(name))
	}
	var out []map[string][]float64
	for _, gradients := range p.gradients {
		if prepare != nil {
			gradients = prepare(gradients, weights)
		}
		after := map[string][]float64{}
		for _, name := range names {
			rules[name].step(name, weights[name], gradients[name])
			after[name] = append([]float64(nil), weights[name]...)
		}
		out = append(out, after)
	}
	return out
}

// farthest is the largest difference of two runs, relative to the largest weight.
func farthest(a, b []map[string][]float64) float64 {
	worst := 0.0
	for step := range a {
		for _, name := range names {
			for i := range a[step][name] {
				worst = max(worst, math.Abs(a[step][name][i]-b[step][name][i]))
				if math.IsNaN(a[step][name][i]) {
					return math.NaN()
				}
			}
		}
	}
	return worst
}

func TestEveryFamilyAgainstPlainGo(t *testing.T) {
	p, still := newProblem(6), newProblem(2)
	for _, gradients := range still.gradients {
		for _, g := range gradients {
			clear(g)
		}
	}
	for _, family := range optim.Families() {
		t.Run(string(family), func(t *testing.T) {
			o := newTrainer(t, optim.New(family))
			if d := farthest(o.run(t, nil, p), referenceRun(family, nil, p, nil)); !(d < 1e-12) {
				t.Errorf("without hyperparameters the weights differ from those by Defaults by %g", d)
			}
			h := settings(family)
			got := o.run(t, h, p)
			if d := farthest(got, referenceRun(family, h, p, nil)); !(d < 1e-12) {
				t.Errorf("after %d steps the weights differ by %g", len(p.gradients), d)
			}
			// The control: every hyperparameter that the family reads must matter.
			for name, x := range h {
				other := referenceRun(family, h.With(name, x/2), p, nil)
				if d := farthest(got, other); !(d > 1e-6) {
					t.Errorf("%s makes no difference (%g), so the test does not see it", name, d)
				}
			}
			at := []map[string][]float64{still.start, still.start}
			if d := farthest(o.run(t, optim.Defaults(family), still), at); d != 0 {
				t.Errorf("the weights move by %g without a gradient", d)
			}
		})
	}
}

func TestAgainstGoMLX(t *testing.T) {
	p := newProblem(6)
	eta := optim.Values{optim.LearningRate: 0.03}
	gomlx := func(o optimizer.Interface) optim.Interface { return o.(optim.Interface) }
	sgd := optimizer.StochasticGradientDescent().WithDecay(false).Done()
	for _, test := range []struct {
		name      string
		family    optim.Family
		h         optim.Values
		other     optim.Interface
		tolerance float64
	}{
		{"SGD", optim.SGD, eta, gomlx(sgd), 0},
		{"heavy ball without momentum", optim.HeavyBall, eta.With(optim.Momentum, 0), gomlx(sgd), 0},
		{"Nesterov without momentum", optim.Nesterov, eta.With(optim.Momentum, 0), gomlx(sgd), 0},
		{"Adam", optim.Adam, eta.With(optim.Epsilon, 1e-7), gomlx(optimizer.Adam().Done()), 1e-14},
		{
			"AdamW", optim.AdamW, eta.With(optim.Epsilon, 1e-7).With(optim.WeightDecay, 0.1),
			gomlx(optimizer.Adam().WeightDecay(0.1).Done()), 1e-14,
		},
	} {
		got := trained(t, optim.New(test.family), test.h, p)
		want := trained(t, test.other, eta, p)
		if d := farthest(got, want); !(d <= test.tolerance) {
			t.Errorf("%s differs from GoMLX's by %g, tolerated %g", test.name, d, test.tolerance)
		}
	}
}

// Clipping sees the gradients before the penalties do, and the rule sees both.
func TestOptionsInTheirOrder(t *testing.T) {
	p := newProblem(5)
	h := optim.Values{optim.LearningRate: 0.03, optim.ClipNorm: 2, optim.L2: 0.2, optim.L1: 0.1}
	prepared := func(penaltiesFirst bool) func(g, w map[string][]float64) map[string][]float64 {
		return func(g, w map[string][]float64) map[string][]float64 {
			if penaltiesFirst {
				return clipped(penalised(g, w, 0.2, 0.1), 2)
			}
			return penalised(clipped(g, 2), w, 0.2, 0.1)
		}
	}
	for _, family := range []optim.Family{optim.SGD, optim.Adam} {
		// The order in which the options are named must not matter.
		got := trained(t, optim.New(family, optim.L1, optim.ClipNorm, optim.L2), h, p)
		if d := farthest(got, referenceRun(family, h, p, prepared(false))); !(d < 1e-12) {
			t.Errorf("%s with clipping and penalties differs by %g", family, d)
		}
		if d := farthest(got, referenceRun(family, h, p, prepared(true))); !(d > 1e-6) {
			t.Errorf("%s: the other order gives the same, so the test does not see it", family)
		}
	}
}

func clipped(gradients map[string][]float64, limit float64) map[string][]float64 {
	square := 0.0
	for _, g := range gradients {
		square += norm(g) * norm(g)
	}
	out := map[string][]float64{}
	for name, g := range gradients {
		out[name] = make([]float64, len(g))
		each(g, func(i int) { out[name][i] = g[i] * min(1, limit/math.Sqrt(square)) })
	}
	return out
}

func penalised(gradients, weights map[string][]float64, l2, l1 float64) map[string][]float64 {
	out := map[string][]float64{}
	for name, g := range gradients {
		out[name] = append([]float64(nil), g...)
		if len(shapesOf[name]) > 1 {
			each(g, func(i int) { out[name][i] += l2*weights[name][i] + l1*sign(weights[name][i]) })
		}
	}
	return out
}

func TestClippingZeroGradientsLeavesThem(t *testing.T) {
	p := newProblem(1)
	for _, g := range p.gradients[0] {
		clear(g)
	}
	got := trained(t, optim.New(optim.SGD, optim.ClipNorm), optim.Values{optim.ClipNorm: 1}, p)
	if d := farthest(got, []map[string][]float64{p.start}); d != 0 {
		t.Errorf("a clipped gradient of zero moves the weights by %g", d)
	}
}

// A variable that is all zeros has no trust ratio, and takes a plain step.
func TestZeroWeightsTakeAPlainStep(t *testing.T) {
	p := newProblem(3)
	clear(p.start["/layer/bias"])
	for _, family := range []optim.Family{optim.LARS, optim.LAMB} {
		h := settings(family)
		got := trained(t, optim.New(family), h, p)
		if d := farthest(got, referenceRun(family, h, p, nil)); !(d < 1e-12) {
			t.Errorf("%s from zero biases differs by %g", family, d)
		}
	}
}

func TestErrorsNameTheValueAndTheRemedy(t *testing.T) {
	building := func(o optim.Interface) error {
		return exceptions.TryCatch[error](func() { o.UpdateGraphWithGradients(nil, nil, dtypes.Float32) })
	}
	family, term := building(optim.New("adamx")), building(optim.New(optim.SGD, optim.Beta1))
	_, unit := optim.UnitOf(optim.SGD, optim.Epsilon)
	for _, test := range []struct {
		err  error
		says []string
	}{
		{family, []string{"adamx", "lamb"}},
		{term, []string{"beta1", "clip_norm"}},
		{unit, []string{"sgd", "epsilon", "learning_rate"}},
		{optim.Values{"eta": 1}.Check(), []string{"eta", "learning_rate"}},
		{optim.Values{optim.Beta1: 1}.Check(), []string{"beta1", "below 1"}},
		{optim.Values{optim.L2: -1}.Check(), []string{"l2", "-1"}},
		{optim.Values{optim.ClipNorm: 0}.Check(), []string{"clip_norm"}},
	} {
		for _, part := range test.says {
			if test.err == nil || !strings.Contains(test.err.Error(), part) {
				t.Errorf("error %v does not mention %q", test.err, part)
			}
		}
	}
}

func ExampleUnitOf() {
	for _, family := range []optim.Family{optim.SGD, optim.Adam, optim.LAMB} {
		unit, _ := optim.UnitOf(family, optim.LearningRate)
		fmt.Printf("%s: %s\n", family, unit)
	}
	// Output:
	// sgd: gradient^-1 weight
	// adam: weight
	// lamb: 1
}
