package instrument_test

import (
	"math"
	"strings"
	"testing"

	"alphascale/lib/backend"
	"alphascale/lib/instrument"
	"alphascale/lib/internal/testkit"
	"alphascale/lib/optim"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph"
	"gonum.org/v1/gonum/floats"
)

// observe evaluates graph functions of vectors on the interpreter.
func observe(t *testing.T, dtype dtypes.DType, build func(nodes []*Node) []*Node, vectors ...[]float64) []float64 {
	t.Helper()
	b, err := backend.Interpreter()
	if err != nil {
		t.Fatal(err)
	}
	g := NewGraph(b, "observe")
	defer g.Finalize()
	var nodes []*Node
	var inputs []any
	for i, v := range vectors {
		nodes = append(nodes, Parameter(g, string(rune('a'+i)), shapes.Make(dtype, len(v))))
		input, err := backend.Tensor(v, nodes[i].Shape())
		if err != nil {
			t.Fatal(err)
		}
		inputs = append(inputs, input)
	}
	if err := g.Compile(build(nodes)...); err != nil {
		t.Fatal(err)
	}
	var out []float64
	for _, o := range g.Run(inputs...) {
		flat, err := backend.Floats(o)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, flat...)
	}
	return out
}

// stepOf turns the vectors w, w₊, g, prepared g and η into a step.
func stepOf(n []*Node) instrument.Step {
	return instrument.Step{Weight: n[0], Next: n[1], Gradient: n[2], Prepared: n[3], LearningRate: Reshape(n[4])}
}

// TestInstruments compares each with the same quantity in plain Go.
func TestInstruments(t *testing.T) {
	w, gradient, prepared := []float64{1, -2, 0.5}, []float64{0.3, 0.1, -0.4}, []float64{0.2, 0.05, -0.1}
	const eta = 0.5
	next := make([]float64, 3)
	floats.AddScaledTo(next, w, -eta, prepared)
	norm := func(v []float64) float64 { return floats.Norm(v, 2) }
	update := floats.SubTo(make([]float64, 3), next, w)
	angle := math.Acos(floats.Dot(w, next) / norm(w) / norm(next))
	growth := (norm(next)*norm(next) - norm(w)*norm(w)) / (norm(update) * norm(update))
	for _, test := range []struct {
		instrument instrument.Instrument
		want       float64
	}{
		{instrument.GradientNorm(), norm(gradient)},
		{instrument.PreparedNorm(), norm(prepared)},
		{instrument.PreconditionedNorm(), norm(prepared)}, // gradient descent takes it as it is
		{instrument.LearningRate(), eta},
		{instrument.WeightNorm(), norm(w)},
		{instrument.UpdateNorm(), norm(update)},
		{instrument.UpdateRatio(), norm(update) / norm(w)},
		{instrument.StepAngle(), angle},
		{instrument.Radial(), floats.Dot(w, gradient)},
		{instrument.RadialCosine(), floats.Dot(w, gradient) / norm(w) / norm(gradient)},
		{instrument.NormGrowth(), growth},
	} {
		build := func(n []*Node) []*Node {
			// The same step as an optimizer leaves it, with factors that a norm can take out.
			spelled := stepOf(n)
			spelled.Next = Sub(spelled.Weight, Mul(Neg(spelled.LearningRate), Neg(spelled.Prepared)))
			spelled.Gradient = MulScalar(MulScalar(spelled.Gradient, -2), -0.5)
			return []*Node{test.instrument.Weight(stepOf(n)), test.instrument.Weight(spelled)}
		}
		got := observe(t, dtypes.Float64, build, w, next, gradient, prepared, []float64{eta})
		if len(got) != 2 || !testkit.Near(got[0], test.want, 1e-13) || !testkit.Near(got[1], test.want, 1e-13) {
			t.Errorf("%s is %v, want %v", test.instrument.Name, got, test.want)
		}
		if err := test.instrument.Quantity.Check(); err != nil {
			t.Errorf("%s: %v", test.instrument.Name, err)
		}
	}
}

// TestStepAngleInFloat32 turns a vector by known angles. The arc cosine, the control, has lost them.
func TestStepAngleInFloat32(t *testing.T) {
	for _, want := range []float64{1e-6, 1e-4, 0.1, 1, 3} {
		w := []float64{300, 0, 400}
		next := []float64{300 * math.Cos(want), 500 * math.Sin(want), 400 * math.Cos(want)}
		got := observe(t, dtypes.Float32, func(n []*Node) []*Node {
			s := stepOf(n)
			cosine := Div(ReduceAllSum(Mul(s.Weight, s.Next)), Mul(L2Norm(s.Weight), L2Norm(s.Next)))
			return []*Node{instrument.StepAngle().Weight(s), cosine}
		}, w, next, w, w, []float64{1})
		if !testkit.Near(got[0], want, 1e-6) {
			t.Errorf("angle %v, want %v", got[0], want)
		}
		if control := math.Acos(min(got[1], 1)); want < 1e-3 && testkit.Near(control, want, 0.1) {
			t.Errorf("the arc cosine found %v, so the test is no test", control)
		}
	}
}

// TestUnits counts by hand: three rows of four units.
func TestUnits(t *testing.T) {
	for _, test := range []struct {
		instrument instrument.Instrument
		kind       string
		values     []float64
		want       float64
	}{
		{instrument.DeadUnits(), "relu", []float64{0, 1, 0, 0, 0, 0, 0, 2, 0, 3, 0, 0}, 0.5},
		{instrument.DeadUnits(), "relu", make([]float64, 12), 1},
		{instrument.SaturatedUnits(), "tanh", []float64{0.98, -0.98, 0.96, -0.96, 1, -1, 0, 0, 0, 0, 0, 0}, 4. / 12},
		{instrument.SaturatedUnits(), "sigmoid", []float64{0.99, 0.01, 0.98, 0.02, 0.5, 0, 1, 0, 0.5, 0.5, 0.5, 0.5}, 5. / 12},
		{instrument.ActivationShare(-1, 2), "tanh", []float64{-1, -1.5, 0, 1.99, 2, 3, -2, 0.5, 7, 8, 9, 10}, 4. / 12}, // −1 is in, 2 is not
		{instrument.ActivationScale(), "gelu", []float64{1, -2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3}, 0.5},
		{instrument.ActivationScale(), "relu", []float64{0x1p600, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, 0x1p600 / 12}, // its square is beyond float64
	} {
		for _, dims := range [][]int{{3, 4}, {1, 3, 4}, {3, 1, 1, 4}} {
			got := observe(t, dtypes.Float64, func(n []*Node) []*Node {
				return []*Node{test.instrument.Layer(instrument.Activation{Path: "/x", Kind: test.kind, Node: Reshape(n[0], dims...)})}
			}, test.values)
			if !testkit.Near(got[0], test.want, 1e-15) {
				t.Errorf("%s of %s %v is %v, want %v", test.instrument.Name, test.kind, test.values, got, test.want)
			}
		}
	}
}

func TestPickLayers(t *testing.T) {
	layers := []instrument.Activation{{Path: "/a", Kind: "relu"}, {Path: "/b", Kind: "tanh"}, {Path: "/c", Kind: "relu"}}
	picked, err := instrument.DeadUnits().Pick(layers)
	if err != nil || len(picked) != 2 || picked[1].Path != "/c" {
		t.Errorf("%v (%v)", picked, err)
	}
	_, err = instrument.SaturatedUnits().Pick(layers[2:])
	if err == nil || !strings.Contains(err.Error(), "/c/relu") || !strings.Contains(err.Error(), "alias") {
		t.Errorf("error %v should list the layers and name the remedy", err)
	}
	if picked, err = instrument.ActivationScale().Pick(layers); err != nil || len(picked) != 3 {
		t.Errorf("%v (%v): it is meant for every activation", picked, err)
	}
	if picked, err = instrument.ActivationScale().Pick(nil); err != nil || len(picked) != 0 {
		t.Errorf("%v (%v): it does without layers", picked, err)
	}
}

// TestLearningRateOfNone is NaN for an optimizer that has none.
func TestLearningRateOfNone(t *testing.T) {
	got := observe(t, dtypes.Float64, func(n []*Node) []*Node {
		return []*Node{instrument.LearningRate().Weight(instrument.Step{Weight: n[0]})}
	}, []float64{1})
	if !math.IsNaN(got[0]) {
		t.Errorf("η is %v", got)
	}
}

// TestActivations finds nodes by their alias and passes over other aliases.
func TestActivations(t *testing.T) {
	observe(t, dtypes.Float64, func(n []*Node) []*Node {
		Tanh(n[0]).WithAlias("/second/tanh")
		Abs(n[0]).WithAlias("/first/relu")
		Neg(n[0]).WithAlias("/logits")
		Neg(n[0]).WithAlias("top")
		got := instrument.Activations(n[0].Graph())
		if len(got) != 2 || got[0].Path != "/first" || got[0].Kind != "relu" || got[1].Path != "/second" {
			t.Errorf("found %v", got)
		}
		return n
	}, []float64{1})
}

// By hand: what SGD makes of a gradient is a gradient; what Adam makes of it is a pure number, and its η a length of weights.
func TestUnitsUnderAnOptimizer(t *testing.T) {
	for _, test := range []struct {
		instrument instrument.Instrument
		family     optim.Family
		want       optim.Unit
	}{
		{instrument.PreconditionedNorm(), optim.SGD, optim.Unit{Gradient: 1}},
		{instrument.PreconditionedNorm(), optim.Adam, optim.Unit{}},
		{instrument.PreconditionedNorm(), optim.LARS, optim.Unit{Weight: 1}},
		{instrument.LearningRate(), optim.SGD, optim.Unit{Gradient: -1, Weight: 1}},
		{instrument.LearningRate(), optim.Adam, optim.Unit{Weight: 1}},
		{instrument.Radial(), optim.Adam, optim.Unit{Gradient: 1, Weight: 1}},
	} {
		if got, err := test.instrument.Unit.For(test.family); err != nil || got != test.want {
			t.Errorf("%s under %s is in units of %s (%v), want %s", test.instrument.Name, test.family, got, err, test.want)
		}
	}
	if unit, err := instrument.GradientNorm().Unit.For("adamx"); err == nil {
		t.Errorf("under an unknown optimizer the unit is %s", unit)
	}
}
