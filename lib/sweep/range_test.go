package sweep

import (
	"math"
	"slices"
	"strings"
	"testing"

	"alphascale/lib/dataset"
	"alphascale/lib/instrument"
	"alphascale/lib/network"
	"alphascale/lib/optim"
	"alphascale/lib/scaling"
	"alphascale/lib/training"

	"github.com/gomlx/compute/dtypes"
)

// compensatedAt is a sweep over 1 and α, and for each hyperparameter over its default and what α makes of it: the first
// point is without α, the last has α and everything compensated.
func compensatedAt(t *testing.T, family optim.Family, setup Setup, alpha float64) Spec {
	t.Helper()
	setup.Holding = []scaling.Condition{scaling.NoZeroVariable, scaling.InFloat64}
	h, err := scaling.Compensate(family, nil, alpha, setup.Holding...)
	if err != nil {
		t.Fatal(err)
	}
	s := Spec{Setup: setup, Axes: []Axis{Alpha(1, alpha)}, Settings: training.Settings{Seed: 1}}
	defaults := optim.Defaults(family)
	for name, x := range defaults {
		if h[name] != x {
			s.Axes = append(s.Axes, Hyper(name, x, h[name]))
		}
	}
	return s
}

// What is called exact is what the run itself records, in every bit, and nothing is folded where a number is lost.
func TestFoldStaysInRange(t *testing.T) {
	for _, family := range optim.Families() {
		t.Run(string(family), func(t *testing.T) {
			for _, exponent := range []int{-60, -20, -4, 4, 20, 60} {
				alpha := math.Ldexp(1, exponent)
				s := compensatedAt(t, family, small(t, family, nil), alpha)
				s.Config.Instruments = training.Norms()
				folded := run(t, s)
				s.NoFold = true
				last, real := folded.Points[len(folded.Points)-1], run(t, s)
				own := real.Points[len(real.Points)-1].Run
				if last.Exact || !last.Folded {
					sameRuns(t, &Result{Points: []Point{last}}, &Result{Points: []Point{{Run: own}}})
				} else if step := differsAt(last.Run.Loss, own.Loss, defaultTolerance); step >= 0 {
					t.Errorf("α = 2^%d is folded, and at step %d the loss is %g, not %g", exponent, step, own.Loss[step], last.Run.Loss[step])
				}
				near, far := max(exponent, -exponent) == 4, max(exponent, -exponent) == 60
				if near && !last.Exact || far && last.Folded {
					t.Errorf("α = 2^%d: folded %v, exact %v", exponent, last.Folded, last.Exact)
				}
			}
		})
	}
}

// α = 2⁻⁶⁰ as it comes, and as the one that a run at 1 would be converted to.
func TestFoldIsRefusedFromBothSides(t *testing.T) {
	tiny := math.Ldexp(1, -60)
	adam := small(t, optim.Adam, nil)
	for name, s := range map[string]Spec{
		"KeepFunction, small": compensatedAt(t, optim.Adam, adam, tiny),
		"KeepFunction, large": compensatedAt(t, optim.Adam, adam, 1/tiny),
		"η beyond float32": {Setup: small(t, optim.SGD, nil), Axes: []Axis{
			Alpha(1, 0x1p-62), Hyper(optim.LearningRate, 0x1p10, 0x1p134),
		}},
		"ScaleWeights": {Setup: invariant(t, exactly...), Settings: training.Settings{Start: training.ScaleWeights}, Axes: []Axis{
			Alpha(1, 0x1p64), ScaledHyper(optim.LearningRate, 0x1p-8, 0x1p120),
		}},
		"KeepWeights": {
			Setup: invariant(t, exactly...), Settings: training.Settings{Start: training.KeepWeights},
			Axes: []Axis{Alpha(1, 0x1p64)},
		},
	} {
		t.Run(name, func(t *testing.T) {
			if runs, classes := classesOf(t, s); runs != classes {
				t.Errorf("%d runs in %d classes, want each by itself", runs, classes)
			}
			s, err := s.resolve()
			if err != nil {
				t.Fatal(err)
			}
			if p, err := s.plan(); err != nil || len(p.notes) != 1 || !strings.Contains(p.notes[0], "range of Float32") {
				t.Errorf("notes %q, %v", p.notes, err)
			}
		})
	}
}

// Nothing is folded in float16, where weights and gradients underflow at another α than they would.
func TestFloat16DoesNotFold(t *testing.T) {
	s := Spec{Setup: small(t, optim.SGD, nil), Axes: []Axis{Alpha(1, 0.5), Hyper(optim.LearningRate, 0.25, 1)}}
	s.Config.DType = dtypes.Float16
	r := run(t, s)
	if r.Computed != 4 || len(r.Notes) != 1 || !strings.Contains(r.Notes[0], "in Float16") {
		t.Errorf("%d runs, notes %q", r.Computed, r.Notes)
	}
	s.Config.DType = dtypes.BFloat16
	folded := run(t, s)
	s.NoFold = true
	sameRuns(t, folded, run(t, s))
	if last := folded.Points[3]; !last.Folded || !last.Exact {
		t.Errorf("bfloat16: folded %v, exact %v", last.Folded, last.Exact)
	}
}

// Inputs of 2⁻⁴⁰ make gradients of which α = 2⁻³⁰ leaves too little: what was recorded decides, whatever α is.
func TestWhatWasRecordedKeepsFromFolding(t *testing.T) {
	for _, test := range []struct {
		input         float64
		folded, exact bool
	}{{1, true, true}, {0x1p-40, true, false}, {0x1p-60, false, false}} {
		setup := small(t, optim.SGD, nil)
		setup.Config.Model = network.MLP{Outputs: 1, NoBias: true}.Model
		setup.Config.Data = dataset.Set{
			Name: "one", Shape: []int{1}, Inputs: slices.Repeat([]float64{test.input}, 16), Targets: slices.Repeat([]float64{1}, 16),
		}
		setup.Config.Instruments = []instrument.Instrument{instrument.GradientNorm()}
		alpha := 0x1p-12
		s := compensatedAt(t, optim.SGD, setup, alpha)
		r := run(t, s)
		if last := r.Points[len(r.Points)-1]; last.Folded != test.folded || last.Exact != test.exact {
			t.Errorf("inputs of %g: folded %v, exact %v", test.input, last.Folded, last.Exact)
		}
	}
}

// A run that diverges does so at another step where α is another.
func TestDivergedIsNotExact(t *testing.T) {
	s := Spec{Setup: small(t, optim.SGD, nil), Axes: []Axis{Alpha(1, 0.5), ScaledHyper(optim.LearningRate, 0x1p60, 0x1p62)}}
	last := run(t, s).Points[3]
	if last.Run.Diverged < 0 || !last.Folded || last.Exact {
		t.Errorf("diverged at %d, folded %v, exact %v", last.Run.Diverged, last.Folded, last.Exact)
	}
}
