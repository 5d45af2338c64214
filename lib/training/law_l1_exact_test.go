package training_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"alphascale/lib/subject"

	"alphascale/lib/dataset"
	"alphascale/lib/network"
	"alphascale/lib/optim"
	"alphascale/lib/scaling"
	"alphascale/lib/training"

	"github.com/gomlx/compute/dtypes"
)

// lawL1Case is one row of the law's table: an optimizer with terms, at hyperparameters that all matter.
type lawL1Case struct {
	family  optim.Family
	options []optim.Hyper
	h       optim.Values
}

func (c lawL1Case) String() string {
	name := string(c.family)
	for _, o := range c.options {
		name += map[optim.Hyper]string{optim.ClipNorm: "+clip", optim.L2: "+l2", optim.L1: "+l1"}[o]
	}
	return name
}

// lawL1Conditions hold here: weights start at random, biases are not multiplied, and a group is clipped by itself.
var lawL1Conditions = []scaling.Condition{scaling.NoZeroVariable, scaling.ClippedTogether}

func lawL1Table() []lawL1Case {
	rate := func(eta float64) optim.Values { return optim.Values{optim.LearningRate: eta} }
	moments := func(eta float64) optim.Values { return rate(eta).With(optim.Epsilon, 1e-3) }
	decayed := func(h optim.Values) optim.Values { return h.With(optim.WeightDecay, 0.1) }
	return []lawL1Case{
		{optim.SGD, nil, rate(0.1)},
		{optim.HeavyBall, nil, rate(0.02)},
		{optim.Nesterov, nil, rate(0.02)},
		{optim.SignSGD, nil, rate(0.002)},
		{optim.Lion, nil, decayed(rate(0.001))},
		{optim.RMSProp, nil, moments(0.002)},
		{optim.Adam, nil, moments(0.005)},
		{optim.AdamW, nil, decayed(moments(0.005))},
		{optim.Adagrad, nil, moments(0.05).With(optim.InitialAccumulator, 0.01)},
		{optim.Muon, nil, decayed(moments(0.01))},
		{optim.Adan, nil, decayed(moments(0.005))},
		{optim.LARS, nil, decayed(rate(1).With(optim.TrustCoefficient, 0.01))},
		{optim.LAMB, nil, decayed(moments(0.01))},
		{optim.SGD, []optim.Hyper{optim.L2, optim.L1}, rate(0.1).With(optim.L2, 0.01).With(optim.L1, 0.002)},
		{optim.HeavyBall, []optim.Hyper{optim.ClipNorm, optim.L2}, rate(0.02).With(optim.ClipNorm, 0.3).With(optim.L2, 0.01)},
		{optim.Adam, []optim.Hyper{optim.ClipNorm, optim.L1}, moments(0.005).With(optim.ClipNorm, 0.3).With(optim.L1, 0.002)},
	}
}

const lawL1Steps = 200

func lawL1Program(t *testing.T, c lawL1Case, dtype dtypes.DType) *training.Program {
	t.Helper()
	data := dataset.Digits().First(512)
	optimizer := optim.New(c.family, c.options...)
	return compile(t, training.Config{
		Subject: subject.Subject{Model: network.MLP{Hidden: []int{16}, Outputs: 10}.Model, Data: data, DType: dtype}, Optimizer: optimizer,
		Batch: 64, Steps: lawL1Steps,
	})
}

// lawL1Runs are the runs that one program is tried with: without α, compensated, and for each hyperparameter that the
// compensation touches, compensated but for that one, whose exponent is off by a tenth.
type lawL1Runs struct {
	reference   *training.Run
	compensated map[float64]*training.Run
	controls    map[string]*training.Run
}

func lawL1Execute(t *testing.T, p *training.Program, c lawL1Case, alphas []float64) lawL1Runs {
	t.Helper()
	settings := []training.Settings{{Alpha: 1, Hyper: c.h, Seed: 1}}
	titles := []string{"reference"}
	for _, alpha := range alphas {
		h, err := scaling.Compensate(c.family, c.h, alpha, lawL1Conditions...)
		if err != nil {
			t.Fatal(err)
		}
		s := training.Settings{Alpha: alpha, Hyper: c.h, ScaledHyper: h, Seed: 1}
		settings, titles = append(settings, s), append(titles, "")
		if alpha != alphas[len(alphas)-1] {
			continue // the controls of one α are enough
		}
		s.Steps = 50
		for name, value := range h {
			if name != optim.LearningRate && value == optim.Defaults(c.family).Merge(c.h)[name] {
				continue // it has no unit
			}
			s.ScaledHyper = h.With(name, value*math.Pow(alpha, 0.1))
			settings, titles = append(settings, s), append(titles, fmt.Sprintf("%s at α = %g", name, alpha))
		}
	}
	runs, err := p.RunAll(t.Context(), settings, nil)
	if err != nil {
		t.Fatal(err)
	}
	out := lawL1Runs{runs[0], map[float64]*training.Run{}, map[string]*training.Run{}}
	for i, run := range runs[1:] {
		if title := titles[i+1]; title != "" {
			out.controls[title] = run
		} else {
			out.compensated[run.Settings.Alpha] = run
		}
	}
	last := out.reference.Loss[len(out.reference.Loss)-1]
	if out.reference.Diverged >= 0 || last > 0.8*out.reference.Loss[0] {
		t.Fatalf("the run without α does not learn: loss %g to %g", out.reference.Loss[0], last)
	}
	return out
}

// The law is exact in any precision when α is a power of two, for scaling by one commutes with rounding.
func TestLawL1BitForBitAtPowersOfTwo(t *testing.T) {
	for _, c := range lawL1Table() {
		t.Run(c.String(), func(t *testing.T) {
			t.Parallel()
			runs := lawL1Execute(t, lawL1Program(t, c, dtypes.Float32), c, []float64{1. / 4, 8})
			for alpha, run := range runs.compensated {
				if step := firstDifference(runs.reference.Loss, run.Loss); step >= 0 {
					t.Errorf("α = %g: the compensated run differs from step %d on", alpha, step)
				}
			}
			for title, run := range runs.controls {
				if firstDifference(runs.reference.Loss[:len(run.Loss)], run.Loss) < 0 {
					t.Errorf("an exponent that is off by a tenth passes: %s", title)
				}
			}
		})
	}
}

// At other α what remains is rounding, which float64 makes small.
func TestLawL1ToTenDigitsElsewhere(t *testing.T) {
	const tolerance = 1e-10
	for _, c := range lawL1Table() {
		t.Run(c.String(), func(t *testing.T) {
			t.Parallel()
			runs := lawL1Execute(t, lawL1Program(t, c, dtypes.Float64), c, []float64{0.3, 3.7})
			for alpha, run := range runs.compensated {
				if d := lawL1Distance(runs.reference, run); !(d < tolerance) {
					t.Errorf("α = %g: the losses differ by %.2g of their size", alpha, d)
				}
			}
			for title, run := range runs.controls {
				if d := lawL1Distance(runs.reference, run); d < 1000*tolerance {
					t.Errorf("an exponent that is off by a tenth differs by %.2g only: %s", d, title)
				}
			}
		})
	}
}

// lawL1Distance is the largest relative difference of the losses at any step of the second run; infinite if that ended
// early.
func lawL1Distance(a, b *training.Run) float64 {
	if len(b.Loss) < b.Settings.Steps || len(b.Loss) > len(a.Loss) {
		return math.Inf(1)
	}
	worst := 0.0
	for i := range b.Loss {
		worst = max(worst, math.Abs(a.Loss[i]-b.Loss[i])/math.Abs(a.Loss[i]))
	}
	return worst
}

// Without the condition there is no compensation: a bias that starts at zero has no trust ratio, and under LARS takes a
// plain first step, to which p = 2 applies.
func TestLawL1FailsWhereItsConditionDoes(t *testing.T) {
	c := lawL1Case{optim.LARS, nil, optim.Values{optim.LearningRate: 0.1, optim.TrustCoefficient: 0.01}}
	_, err := scaling.Compensate(c.family, c.h, 8)
	if err == nil || !strings.Contains(err.Error(), "NoZeroVariable") {
		t.Fatalf("error %v does not name the condition", err)
	}
	data := dataset.Digits()
	p := compile(t, training.Config{
		Subject: subject.Of(network.MLP{Hidden: []int{16}, Outputs: 10}.Model, data), Optimizer: optim.New(c.family),
		Steps: 5, Scaled: scaling.Everything(),
	})
	h, err := scaling.Compensate(c.family, c.h, 8, scaling.NoZeroVariable)
	if err != nil {
		t.Fatal(err)
	}
	reference := run(t, p, training.Settings{Alpha: 1, Hyper: c.h, Seed: 1})
	scaled := run(t, p, training.Settings{Alpha: 8, Hyper: c.h, ScaledHyper: h, Seed: 1})
	if firstDifference(reference.Loss, scaled.Loss) < 0 {
		t.Error("biases that start at zero keep the trajectory, so the condition is not needed")
	}
}
