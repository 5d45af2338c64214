package optim_test

import (
	"maps"
	"math"
	"testing"

	"alphascale/lib/optim"
)

// TestUnitsByChangingThem finds every unit by experiment. The papers' algorithms in plain Go train on gradients that are
// multiplied by a and from weights that are multiplied by b, with every hyperparameter converted by its unit: the weights
// must be b times those of the run in the old units at every step, and each slot aᵍbʷ times, g and w the powers that its unit
// says. A unit with another power of either gives another run, or another slot.
func TestUnitsByChangingThem(t *testing.T) {
	p := newProblem(4)
	for _, family := range optim.Families() {
		t.Run(string(family), func(t *testing.T) {
			h := settings(family).Merge(optim.Values{optim.L2: 0.2, optim.L1: 0.1, optim.ClipNorm: 2})
			weights, slots := unitRun(family, h, p)
			for _, units := range []struct{ gradient, weight float64 }{{8, 1}, {1, 8}, {0.25, 2}} {
				in := func(u optim.Unit) float64 {
					return math.Pow(units.gradient, float64(u.Gradient)) * math.Pow(units.weight, float64(u.Weight))
				}
				converted := optim.Values{}
				for name, x := range h {
					unit, err := optim.UnitOf(family, name)
					if err != nil {
						t.Fatal(err)
					}
					converted[name] = x * in(unit)
				}
				scaled := problem{start: times(p.start, units.weight)}
				for _, g := range p.gradients {
					scaled.gradients = append(scaled.gradients, times(g, units.gradient))
				}
				gotWeights, gotSlots := unitRun(family, converted, scaled)
				for i := range weights {
					if d := apart(times(weights[i], units.weight), gotWeights[i]); !(d < 1e-12) {
						t.Errorf("gradients × %g and weights × %g: at step %d the weights are off by %g", units.gradient, units.weight, i, d)
					}
				}
				for slot, unit := range optim.Slots(family) {
					if d := apart(times(slots[slot], in(unit)), gotSlots[slot]); !(d < 1e-12) {
						t.Errorf("gradients × %g and weights × %g: %s is off from unit %s by %g", units.gradient, units.weight, slot, unit, d)
					}
				}
			}
		})
	}
}

// A variable of zeros has no trust ratio. Its first step, from zero, is in units of the weight with the learning rate in the
// unit that PlainRateUnit says, whatever that of the family is elsewhere.
func TestPlainRateUnitByChangingIt(t *testing.T) {
	for _, family := range optim.Families() {
		t.Run(string(family), func(t *testing.T) {
			p := newProblem(1)
			p.start = times(p.start, 0)
			plain, err := optim.PlainRateUnit(family)
			if err != nil {
				t.Fatal(err)
			}
			h := settings(family).With(optim.ClipNorm, 1e9)
			want, _ := unitRun(family, h, p)
			const gradient, weight = 8, 0.5
			converted := optim.Values{}
			for name, x := range h {
				unit, err := optim.UnitOf(family, name)
				if err != nil {
					t.Fatal(err)
				}
				if name == optim.LearningRate {
					unit = plain
				}
				converted[name] = x * math.Pow(gradient, float64(unit.Gradient)) * math.Pow(weight, float64(unit.Weight))
			}
			got, _ := unitRun(family, converted, problem{p.start, []map[string][]float64{times(p.gradients[0], gradient)}})
			if d := apart(times(want[0], weight), got[0]); !(d < 1e-12) {
				t.Errorf("the step from zero is off by %g in units of %s", d, plain)
			}
		})
	}
	if unit, err := optim.PlainRateUnit("adamx"); err == nil {
		t.Errorf("an unknown optimizer has the unit %s", unit)
	}
}

func TestUnitsMultiplyAndPrint(t *testing.T) {
	gradient, weight := optim.Unit{Gradient: 1}, optim.Unit{Weight: 1}
	for _, test := range []struct {
		unit optim.Unit
		want string
	}{
		{optim.Unit{}, "1"},
		{weight.Times(gradient, -1), "gradient^-1 weight"},
		{gradient.Times(gradient, 1), "gradient^2"},
		{gradient.Times(weight.Times(gradient, -1), 1), "weight"},
		{weight.Times(weight, -1), "1"},
		{optim.Unit{}.Times(optim.Unit{Gradient: 2, Weight: -1}, 1), "gradient^2 weight^-1"},
	} {
		if got := test.unit.String(); got != test.want {
			t.Errorf("the unit is %s, want %s", got, test.want)
		}
	}
}

// unitRun trains by the reference on clipped and penalised gradients. It returns the weights after each step, and the slots
// of all variables after the last.
func unitRun(family optim.Family, h optim.Values, p problem) (weights []map[string][]float64, slots map[string]map[string][]float64) {
	now, rules := times(p.start, 1), map[string]*reference{}
	for _, name := range names {
		rules[name] = newReference(family, h, size(name))
	}
	for _, gradients := range p.gradients {
		gradients = penalised(clipped(gradients, h[optim.ClipNorm]), now, h[optim.L2], h[optim.L1])
		for _, name := range names {
			rules[name].step(name, now[name], gradients[name])
		}
		weights = append(weights, times(now, 1))
	}
	slots = map[string]map[string][]float64{"first_moment": {}, "second_moment": {}, "velocity": {}, "accumulator": {}, "difference": {}, "previous_gradient": {}}
	for name, r := range rules {
		slots["first_moment"][name], slots["second_moment"][name] = r.m, r.v
		slots["velocity"][name], slots["accumulator"][name] = r.a, r.b
		slots["difference"][name], slots["previous_gradient"][name] = r.a, r.b // Adan's, whose letters they share
	}
	return weights, slots
}

// times returns a copy of the values, multiplied by a factor.
func times(values map[string][]float64, factor float64) map[string][]float64 {
	out := map[string][]float64{}
	for name, x := range values {
		out[name] = make([]float64, len(x))
		each(x, func(i int) { out[name][i] = factor * x[i] })
	}
	return out
}

// apart is the largest difference of two sets of values relative to the largest value. It is 1 where all are zero, since
// nothing could be told of such a slot's unit, or where there are none.
func apart(want, got map[string][]float64) float64 {
	off, size := 0.0, 0.0
	for name := range want {
		each(want[name], func(i int) {
			off, size = max(off, math.Abs(want[name][i]-got[name][i])), max(size, math.Abs(want[name][i]))
		})
	}
	if size == 0 {
		return 1
	}
	return off / size
}

// Slots are kept where SlotPaths looks for them, in the same units; GoMLX's Adam keeps what Adam does.
func TestSlotPathsHaveTheUnitsOfSlots(t *testing.T) {
	want := map[string]optim.Unit{
		"/AdamOptimizer/layer/w_1st_moment": optim.Slots(optim.Adam)["first_moment"],
		"/AdamOptimizer/layer/w_2nd_moment": optim.Slots(optim.Adam)["second_moment"],
	}
	for _, family := range optim.Families() {
		for slot, unit := range optim.Slots(family) {
			want[optim.SlotPath(family, "/layer/w", slot)] = unit
		}
	}
	if got := optim.SlotPaths("/layer/w"); !maps.Equal(got, want) {
		t.Errorf("the paths have the units %v, want %v", got, want)
	}
}
