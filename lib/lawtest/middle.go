package lawtest

import (
	"maps"
	"math"
	"slices"
	"strings"

	"alphascale/lib/instrument"
	"alphascale/lib/optim"
	"alphascale/lib/scaling"
	"alphascale/lib/training"

	"github.com/gomlx/gomlx/core/tensors"
)

// fromTheMiddle tests the slots: after half of the steps the run goes on as it was, at another α, with a multiplied loss, and with
// slots that are wrong.
func (l *law) fromTheMiddle() {
	l.t.Helper()
	first := l.run(training.Settings{Alpha: 1, Hyper: l.h, Initial: l.start, Steps: half, Keep: true})
	if first == nil {
		return
	}
	if r := l.goOn(training.Settings{Alpha: 1, Hyper: l.h, Initial: first.Final}); r != nil {
		l.same("after an interruption", half, r.Loss)
	}
	for _, alpha := range []float64{1. / 8, 4} {
		l.midway(alpha, first.Final)
	}
	multiplied := first.Final
	for _, name := range slices.Sorted(maps.Keys(optim.Slots(l.family))) {
		unit := optim.Slots(l.family)[name]
		multiplied = l.times(multiplied, math.Pow(scaled, float64(unit.Gradient)), l.slots(name)...)
		l.slotMatters(name, first.Final)
	}
	if s, ok := l.multiplied(multiplied); ok {
		if r := l.goOn(s); r != nil {
			l.same("loss × 8 from the middle on", half, divided(r.Loss))
		}
	}
}

// goOn trains the second half.
func (l *law) goOn(s training.Settings) *training.Run {
	l.t.Helper()
	s.Start, s.Steps = training.KeepWeights, steps-half
	return l.run(s)
}

func (l *law) midway(alpha float64, values map[string]*tensors.Tensor) {
	l.t.Helper()
	s, ok := l.compensated(alpha)
	if !ok {
		return
	}
	var err error
	if s.Initial, err = scaling.Rescale(values, l.variables(true), 1/alpha, scaling.RescaleMoments); err != nil {
		l.t.Errorf("%s: %v", l.family, err)
		return
	}
	if r := l.goOn(s); r != nil {
		l.same(at(alpha)+" from the middle on", half, r.Loss)
	}
}

// slotMatters is the control of a slot.
func (l *law) slotMatters(name string, values map[string]*tensors.Tensor) {
	l.t.Helper()
	if !slices.ContainsFunc(l.slots(name), func(path string) bool { return values[path] != nil }) {
		l.t.Errorf("%s keeps nothing in its slot %s: leave it out", l.family, name)
		return
	}
	r := l.goOn(training.Settings{Alpha: 1, Hyper: l.h, Initial: l.times(values, 4, l.slots(name)...)})
	if r != nil && differs(l.without.Loss[half:], r.Loss) < 0 {
		l.t.Errorf("%s: its slot %s times 4 makes no difference, so that its unit is not tested: leave it out, or give values that matter",
			l.family, name)
	}
}

// hypersMatter is the control of the hyperparameters.
func (l *law) hypersMatter() {
	l.t.Helper()
	all := optim.Defaults(l.family).Merge(l.h)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		x, by := all[name], 4.
		if optim.IsDecayRate(l.family, name) {
			by = 1. / 4 // so that it stays below 1
		}
		if x == 0 {
			l.t.Errorf("%s: %s is 0, which has every unit: give another value, so that its unit is tested", l.family, name)
			continue
		}
		r := l.run(training.Settings{Alpha: 1, Hyper: l.h.With(name, by*x), Initial: l.start})
		if r != nil && differs(l.without.Loss, r.Loss) < 0 {
			l.t.Errorf("%s: %s = %g times %g makes no difference, so that its unit is not tested: give a value that matters, or leave it "+
				"out of the rule if that does not read it", l.family, name, x, by)
		}
	}
}

// fromZero tests the unit that η has where a variable is all zeros: the first step of the last layer is then the same in units of
// the weight.
func (l *law) fromZero(alpha float64) {
	l.t.Helper()
	zeros := slices.DeleteFunc(l.variables(true), func(path string) bool { return !strings.HasPrefix(path, lastLayer) })
	initial := l.times(l.start, 0, zeros...)
	plain, err := optim.PlainRateUnit(l.family)
	s, ok := l.compensated(alpha)
	m, okLoss := l.multiplied(initial)
	if err != nil || !ok || !okLoss {
		return
	}
	rate, err := optim.UnitOf(l.family, optim.LearningRate)
	eta := optim.Defaults(l.family).Merge(l.h)[optim.LearningRate]
	s.Initial = initial
	s.ScaledHyper = s.ScaledHyper.With(optim.LearningRate, eta*math.Pow(alpha, float64(plain.Gradient-plain.Weight)))
	m.Hyper = m.Hyper.With(optim.LearningRate, eta*math.Pow(scaled, float64(plain.Gradient)))
	want := l.firstStep(training.Settings{Alpha: 1, Hyper: l.h, Initial: initial}, zeros)
	if len(want) == 0 {
		return
	}
	if err != nil || plain != rate && slices.Max(want) == 0 {
		l.t.Errorf("%s does not move a variable of zeros (%v), so that its PlainRate is not tested: leave it out", l.family, err)
	}
	if differs(want, l.firstStep(s, zeros)) >= 0 || differs(want, l.firstStep(m, zeros)) >= 0 {
		l.t.Errorf("%s, %s: the step of a variable of zeros is another than without: state as PlainRate the unit that η has there", l.family, at(alpha))
	}
}

// firstStep is how far the first step takes u = α·w, for each variable.
func (l *law) firstStep(s training.Settings, paths []string) []float64 {
	l.t.Helper()
	s.Steps = 1
	r := l.run(s)
	if r == nil {
		return nil
	}
	var lengths []float64
	for _, path := range paths {
		length, err := r.Recorded(instrument.UpdateNorm().Name, path)
		if err != nil {
			l.t.Errorf("%s: %v", l.family, err)
			return nil
		}
		lengths = append(lengths, s.Alpha*length[0])
	}
	return lengths
}
