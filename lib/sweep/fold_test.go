package sweep

import (
	"math"
	"testing"

	"alphascale/lib/instrument"
	"alphascale/lib/network"
	"alphascale/lib/optim"
	"alphascale/lib/scaling"
	"alphascale/lib/training"
)

func altered(family optim.Family, h optim.Values, alpha, by float64, holding []scaling.Condition) (optim.Values, error) {
	out, err := scaling.Compensate(family, h, alpha, holding...)
	if err != nil {
		return nil, err
	}
	return out.With(optim.LearningRate, out[optim.LearningRate]*math.Pow(alpha, by)), nil
}

// classesOf counts what a sweep comes to without running it.
func classesOf(t *testing.T, s Spec) (runs, classes int) {
	t.Helper()
	s, err := s.resolve()
	if err != nil {
		t.Fatal(err)
	}
	p, err := s.plan()
	if err != nil {
		t.Fatal(err)
	}
	return len(p.jobs), len(p.classes)
}

func withBias(m *network.MLP) { m.NoBias = false }

func selectEverything(s Setup) Setup {
	s.Config.Scaled = scaling.Everything()
	return s
}

// invariant is a network in front of whose batch normalisation α stands, and what may be relied on in it.
func invariant(t *testing.T, holding ...scaling.Condition) Setup {
	s := small(t, optim.SGD, func(m *network.MLP) { m.Norm, m.NormEpsilon = network.BatchNorm, -1 })
	s.Config.Scaled = scaling.Under("/layer_0/dense")
	s.ScaleInvariant, s.Holding = true, holding
	return s
}

// exactly are the conditions under which it is scale-invariant in every bit.
var exactly = []scaling.Condition{scaling.NoNormEpsilon, scaling.FreshStatistics, scaling.BiasScaled}

func TestFoldCounts(t *testing.T) {
	all := func(from, to int) []float64 { return PowersOfTwo(from, to) }
	eta := func(from, to int) Axis { return Hyper(optim.LearningRate, all(from, to)...) }
	for _, test := range []struct {
		name          string
		spec          Spec
		runs, classes int
	}{
		// 2a + b for a, b = 0 … 15 takes the values 0 … 45.
		{"SGD without biases", Spec{Setup: small(t, optim.SGD, nil), Axes: []Axis{Alpha(all(-8, 7)...), eta(-10, 5)}}, 256, 46},
		// Biases train at the plain η, which no α makes up for.
		{"SGD with biases at the plain η", Spec{
			Setup: small(t, optim.SGD, withBias),
			Axes:  []Axis{Alpha(all(-8, 7)...), eta(-10, 5)},
		}, 256, 256},
		{"SGD, α on the biases too", Spec{
			Setup: selectEverything(small(t, optim.SGD, withBias)),
			Axes:  []Axis{Alpha(all(-8, 7)...), eta(-10, 5)},
		}, 256, 46},
		{"SGD with biases, the η of the weights", Spec{
			Setup: small(t, optim.SGD, withBias),
			Axes:  []Axis{Alpha(all(-8, 7)...), ScaledHyper(optim.LearningRate, all(-10, 5)...)},
		}, 256, 46},
		{"SGD at tenths of decades", Spec{
			Setup: small(t, optim.SGD, nil),
			Axes:  []Axis{Alpha(Geometric(0.1, 10, 5)...), Hyper(optim.LearningRate, Geometric(1e-3, 1, 7)...)},
		}, 35, 15},
		// α·η with ε compensated: a + b takes 7 values, but at one ε only pairs of one α are one.
		{"Adam at one ε", Spec{Setup: small(t, optim.Adam, nil), Axes: []Axis{Alpha(all(0, 3)...), eta(-10, -7)}}, 16, 16},
		{"Adam at ε in proportion to α", Spec{
			Setup: small(t, optim.Adam, nil),
			Axes:  []Axis{Alpha(all(0, 3)...), eta(-10, -7), Hyper(optim.Epsilon, all(-20, -17)...)},
		}, 64, 37},
		{"SignSGD", Spec{Setup: small(t, optim.SignSGD, nil), Axes: []Axis{Alpha(all(0, 3)...), eta(-10, -7)}}, 16, 7},
		{"SGD with L2", Spec{Setup: func() Setup {
			s := small(t, optim.SGD, nil)
			s.Terms = []optim.Hyper{optim.L2}
			return s
		}(), Axes: []Axis{Alpha(1, 2), Hyper(optim.LearningRate, 1./16, 1./4), Hyper(optim.L2, 1./64, 1./16)}}, 8, 7},
		{"LARS unless no variable is zero", Spec{Setup: small(t, optim.LARS, nil), Axes: []Axis{Alpha(1, 2, 4)}}, 3, 3},
		{"LARS", Spec{Setup: func() Setup {
			s := small(t, optim.LARS, nil)
			s.Holding = []scaling.Condition{scaling.NoZeroVariable}
			return s
		}(), Axes: []Axis{Alpha(1, 2, 4)}}, 3, 1},
		{"the same weights in any network", Spec{
			Setup: small(t, optim.SGD, nil), Axes: []Axis{Alpha(1, 2, 4)},
			Settings: training.Settings{Start: training.KeepWeights},
		}, 3, 3},
		{"the same scale-invariant weights, unstated conditions", Spec{
			Setup: invariant(t), Axes: []Axis{Alpha(1, 2, 4)},
			Settings: training.Settings{Start: training.KeepWeights},
		}, 3, 3},
		{"the same scale-invariant weights", Spec{
			Setup: invariant(t, exactly...), Axes: []Axis{Alpha(1, 2, 4)},
			Settings: training.Settings{Start: training.KeepWeights},
		}, 3, 1},
		{"weights that start larger in any network", Spec{
			Setup: small(t, optim.SGD, nil), Axes: []Axis{Alpha(1, 2, 4)},
			Settings: training.Settings{Start: training.ScaleWeights},
		}, 3, 3},
		// η/α²: b − 2a takes the values −10 … −1.
		{"scale-invariant weights that start larger", Spec{Setup: invariant(t, exactly...), Axes: []Axis{
			Alpha(all(0, 3)...),
			ScaledHyper(optim.LearningRate, all(-4, -1)...),
		}, Settings: training.Settings{Start: training.ScaleWeights}}, 16, 10},
		{"another seed is another run", Spec{Setup: small(t, optim.SGD, nil), Axes: []Axis{Alpha(1, 2), eta(-4, -2), Seed(2)}}, 12, 10},
		{"on request nothing folds", Spec{Setup: small(t, optim.SGD, nil), NoFold: true, Axes: []Axis{Alpha(1, 2), eta(-4, -2)}}, 6, 6},
		{"values that come to the same run once", Spec{
			Setup: small(t, optim.SGD, nil),
			Axes:  []Axis{Hyper(optim.LearningRate, 1./4, 1./2), ScaledHyper(optim.LearningRate, 1./8)},
		}, 1, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			if runs, classes := classesOf(t, test.spec); runs != test.runs || classes != test.classes {
				t.Errorf("%d runs in %d classes, want %d in %d", runs, classes, test.runs, test.classes)
			}
		})
	}
}

func allInstruments() []instrument.Instrument {
	return []instrument.Instrument{
		instrument.GradientNorm(), instrument.PreparedNorm(), instrument.PreconditionedNorm(), instrument.WeightNorm(),
		instrument.UpdateNorm(), instrument.UpdateRatio(), instrument.StepAngle(), instrument.Radial(), instrument.RadialCosine(),
		instrument.NormGrowth(), instrument.LearningRate(), instrument.DeadUnits(),
	}
}

// What a fold says of a run is what the run records, loss and instruments, in every bit. The oracle is to run everything.
func TestFoldedIsReal(t *testing.T) {
	eta := Hyper(optim.LearningRate, PowersOfTwo(-6, -3)...)
	for _, test := range []struct {
		name string
		spec func() Spec
	}{
		{"SGD", func() Spec {
			return Spec{Setup: small(t, optim.SGD, nil), Axes: []Axis{Alpha(PowersOfTwo(-2, 2)...), eta}}
		}},
		{"momentum, weights alone", func() Spec {
			return Spec{
				Setup: small(t, optim.HeavyBall, withBias),
				Axes:  []Axis{Alpha(1, 2, 4), ScaledHyper(optim.LearningRate, PowersOfTwo(-8, -3)...)},
			}
		}},
		{"SignSGD", func() Spec {
			return Spec{Setup: small(t, optim.SignSGD, nil), Axes: []Axis{Alpha(PowersOfTwo(-2, 2)...), eta}}
		}},
		{"Adam", func() Spec {
			return Spec{
				Setup: small(t, optim.Adam, nil),
				Axes:  []Axis{Alpha(1, 2, 4), Hyper(optim.LearningRate, 1./64, 1./32), Hyper(optim.Epsilon, 1./16, 1./8)},
			}
		}},
		{"scale-invariant", func() Spec {
			return Spec{
				Setup: invariant(t, exactly...), Axes: []Axis{Alpha(PowersOfTwo(-2, 2)...), eta},
				Settings: training.Settings{Start: training.KeepWeights},
			}
		}},
		{"scale-invariant, weights that start larger", func() Spec {
			return Spec{
				Setup:    invariant(t, exactly...),
				Axes:     []Axis{Alpha(PowersOfTwo(-2, 2)...), ScaledHyper(optim.LearningRate, PowersOfTwo(-6, -3)...)},
				Settings: training.Settings{Start: training.ScaleWeights},
			}
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := test.spec()
			s.Config.Instruments = allInstruments()
			folded := run(t, s)
			s.NoFold = true
			real := run(t, s)
			if folded.Computed >= real.Computed || real.Computed != len(real.Points) {
				t.Fatalf("%d runs folded, %d in all, for %d points", folded.Computed, real.Computed, len(real.Points))
			}
			sameRuns(t, folded, real)
			for i, p := range folded.Points {
				if from := folded.Points[p.From]; p.Folded && (p.By == "" || from.Folded || !p.Exact) || !p.Folded && p.From != i {
					t.Errorf("%s: folded %v by %q from %s", p.At, p.Folded, p.By, from.At)
				}
			}
			distinct := map[float64]bool{}
			for _, p := range real.Points {
				distinct[p.Run.Loss[len(p.Run.Loss)-1]] = true
			}
			if len(distinct) < folded.Computed {
				t.Errorf("only %d different final losses among %d classes: the test would not see a wrong fold",
					len(distinct), folded.Computed)
			}
		})
	}
}
