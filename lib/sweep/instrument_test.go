package sweep

import (
	"strings"
	"testing"

	"alphascale/lib/instrument"
	"alphascale/lib/optim"
	"alphascale/lib/result"
	"alphascale/lib/scaling"
	"alphascale/lib/training"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/layers"
	"github.com/gomlx/gomlx/ml/layers/activation"
	"github.com/gomlx/gomlx/ml/model"
)

// mine are instruments that no other package knows.
func mine() []instrument.Instrument {
	inner := func(a, b *graph.Node) *graph.Node { return graph.ReduceAllSum(graph.Mul(a, b)) }
	of := func(name string, unit instrument.Unit, build func(s instrument.Step) *graph.Node) instrument.Instrument {
		return instrument.Instrument{Name: name, Quantity: result.Quantity{Name: name}, Unit: &unit, Weight: build}
	}
	return []instrument.Instrument{
		of("squared weight", instrument.Unit{Weight: 2}, func(s instrument.Step) *graph.Node { return inner(s.Weight, s.Weight) }),
		of("largest gradient", instrument.Unit{Gradient: 1}, func(s instrument.Step) *graph.Node { return graph.ReduceAllMax(graph.Abs(s.Gradient)) }),
		of("first-order decrease", instrument.Unit{Gradient: 1, Weight: 1}, func(s instrument.Step) *graph.Node {
			return inner(s.Gradient, graph.Sub(s.Next, s.Weight))
		}),
		of("cubed gradient by weight", instrument.Unit{Gradient: 3, Weight: -1}, func(s instrument.Step) *graph.Node {
			return graph.Div(graph.ReduceAllSum(graph.Mul(graph.Square(s.Gradient), graph.Abs(s.Gradient))), graph.ReduceAllMax(graph.Abs(s.Weight)))
		}),
		of("descent of the flow", instrument.Unit{Gradient: 2, LearningRate: 1}, func(s instrument.Step) *graph.Node {
			return graph.Mul(graph.ConvertDType(s.LearningRate, s.Gradient.DType()), inner(s.Gradient, s.Gradient))
		}),
		of("share of gradients uphill", instrument.Unit{}, func(s instrument.Step) *graph.Node {
			return graph.ReduceAllMean(graph.ConvertDType(graph.IsPositive(graph.Mul(s.Weight, s.Gradient)), dtypes.Float32))
		}),
	}
}

// anyStart are sweeps that fold at each start, with α from a quarter to 4; those of Adam with ε in proportion.
func anyStart(t *testing.T) map[string]Spec {
	t.Helper()
	alphas := Alpha(PowersOfTwo(-2, 2)...)
	eta := ScaledHyper(optim.LearningRate, PowersOfTwo(-6, -3)...)
	return map[string]Spec{
		"SGD": {Setup: small(t, optim.SGD, nil), Axes: []Axis{alphas, eta}},
		"Adam": {Setup: small(t, optim.Adam, nil), Axes: []Axis{
			Alpha(1, 2, 4), Hyper(optim.LearningRate, 1./64, 1./32), Hyper(optim.Epsilon, 1./16, 1./8),
		}},
		"LARS": {Setup: func() Setup {
			s := small(t, optim.LARS, nil)
			s.Holding = []scaling.Condition{scaling.NoZeroVariable}
			return s
		}(), Axes: []Axis{alphas}},
		"the same weights": {
			Setup: invariant(t, exactly...), Axes: []Axis{alphas, eta}, Settings: training.Settings{Start: training.KeepWeights},
		},
		"weights that start larger": {
			Setup: invariant(t, exactly...), Axes: []Axis{alphas, eta}, Settings: training.Settings{Start: training.ScaleWeights},
		},
	}
}

// A new instrument folds by the unit that it states. The oracle is to run everything.
func TestNewInstrumentsFold(t *testing.T) {
	for name, s := range anyStart(t) {
		t.Run(name, func(t *testing.T) {
			s.Config.Instruments = mine()
			folded := run(t, s)
			s.NoFold = true
			real := run(t, s)
			if folded.Computed >= real.Computed || len(folded.Notes) > 0 {
				t.Fatalf("%d runs folded, %d in all, notes %q", folded.Computed, real.Computed, folded.Notes)
			}
			sameRuns(t, folded, real)
		})
	}
}

// A unit that is wrong by one power of the gradient or of the weight is refuted, and so is one of the learning rate where the
// family's has a unit.
func TestVerifyRefutesAWrongUnit(t *testing.T) {
	for name, s := range anyStart(t) {
		if name == "the same weights" { // whose records no unit enters
			continue
		}
		t.Run(name, func(t *testing.T) {
			s.Verify = 1
			for i, own := range mine() {
				for _, wrong := range []instrument.Unit{{Gradient: 1}, {Weight: 1}, {LearningRate: 1}} {
					if name == "LARS" && wrong.LearningRate != 0 {
						continue
					}
					altered := mine()[i]
					altered.Unit = &instrument.Unit{
						Gradient: own.Unit.Gradient + wrong.Gradient, Weight: own.Unit.Weight + wrong.Weight,
						LearningRate: own.Unit.LearningRate + wrong.LearningRate,
					}
					s.Config.Instruments = []instrument.Instrument{altered}
					if r := run(t, s); !strings.Contains(r.Mismatch, own.Name) {
						t.Errorf("%s in units of %+v passes: mismatch %q", own.Name, *altered.Unit, r.Mismatch)
					}
				}
			}
		})
	}
}

// The records of an instrument whose unit is not stated could not be converted. A unit of no dimension is one that is stated.
func TestUnstatedUnitKeepsFromFolding(t *testing.T) {
	s := Spec{Setup: small(t, optim.SGD, nil), Axes: []Axis{Alpha(1, 2), Hyper(optim.LearningRate, 1./16, 1./4)}}
	own := instrument.RadialCosine()
	own.Name = "mine"
	s.Config.Instruments = []instrument.Instrument{own}
	if r := run(t, s); r.Computed != 3 || len(r.Notes) != 0 {
		t.Errorf("a cosine: %d runs, notes %q", r.Computed, r.Notes)
	}
	own.Unit = nil
	s.Config.Instruments = []instrument.Instrument{instrument.GradientNorm(), own}
	r := run(t, s)
	if r.Computed != 4 || len(r.Notes) != 1 || !strings.Contains(r.Notes[0], `"mine"`) || !strings.Contains(r.Notes[0], "Unit") {
		t.Errorf("no unit: %d runs, notes %q", r.Computed, r.Notes)
	}
}

// Between α and a normalisation activations are multiplied by α, though the network does not notice. What is recorded of them
// is not shared, unless its unit says that it makes no difference.
func TestActivationsInFrontOfANormalisation(t *testing.T) {
	s := Spec{Setup: invariant(t, exactly...), Axes: []Axis{Alpha(1, 2), ScaledHyper(optim.LearningRate, 1./16, 1./4)}}
	s.Config.Scaled = scaling.Under("/inside")
	s.Config.Model = func(scope *model.Scope, _ any, inputs []*graph.Node) []*graph.Node {
		x := inputs[0]
		inside := activation.Relu(layers.Dense(scope.In("inside"), graph.Reshape(x, x.Shape().Dim(0), -1), false, 4))
		inside = inside.WithAlias("/inside/relu")
		normalised := graph.Div(inside, graph.Sqrt(graph.ReduceAllMean(graph.Square(inside))))
		return []*graph.Node{layers.Dense(scope.In("output"), normalised, false, 10)}
	}
	for _, test := range []struct {
		start      training.Start
		instrument instrument.Instrument
		computed   int
	}{
		{training.KeepWeights, instrument.DeadUnits(), 2},
		{training.KeepWeights, instrument.ActivationScale(), 4},
		{training.ScaleWeights, instrument.DeadUnits(), 3},
		{training.ScaleWeights, instrument.ActivationScale(), 4},
		{training.KeepFunction, instrument.ActivationScale(), 3},
		{training.KeepFunction, instrument.ActivationShare(0, 0.5), 3}, // a bin of a histogram
		{training.ScaleWeights, instrument.ActivationShare(0, 0.5), 4},
	} {
		s.Config.Instruments = []instrument.Instrument{test.instrument}
		s.Settings.Start = test.start
		folded := run(t, s)
		if folded.Computed != test.computed {
			t.Errorf("%s at start %d: %d runs, want %d; notes %q", test.instrument.Name, test.start, folded.Computed, test.computed, folded.Notes)
		}
		real := s
		real.NoFold = true
		sameRuns(t, folded, run(t, real))
	}
}

// The description of a column says the instrument's unit under the optimizer of the run.
func TestColumnsSayTheUnit(t *testing.T) {
	unstated := instrument.Radial()
	unstated.Name, unstated.Unit = "unstated", nil
	for family, want := range map[optim.Family]map[string]string{
		optim.SGD: {
			"preconditioned_norm:": ", in units of gradient, ", "radial:": ", in units of gradient weight, ", "update_ratio:": "Δw‖/‖w‖, of",
			"unstated:": "⟨w,∇ℓ⟩, of",
		},
		optim.Adam: {"preconditioned_norm:": "‖Δw‖/η, of", "learning_rate:": "η, in units of weight, "},
	} {
		s := Spec{Setup: small(t, family, nil)}
		s.Config.Instruments = append(allInstruments(), unstated)
		s, err := s.resolve()
		if err != nil {
			t.Fatal(err)
		}
		p, err := s.plan()
		if err != nil {
			t.Fatal(err)
		}
		columns := p.jobs[0].program.description(p.jobs[0]).Columns
		for column, text := range want {
			if !strings.Contains(columns[column], text) {
				t.Errorf("%s: column %s is %q, want %q in it", family, column, columns[column], text)
			}
		}
	}
}
