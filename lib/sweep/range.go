package sweep

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"alphascale/lib/optim"
	"alphascale/lib/result"

	"github.com/gomlx/compute/dtypes"
)

// The laws are about real numbers. Floating-point ones obey them to the last digit as long as α is a power of two and none
// of them leaves the range of its dtype, which those do first that go with α²: a second moment, the square in a norm.

// span is the range in which a dtype's numbers keep all their digits. A training with another α is the same from
// smallest to largest.
type span struct {
	smallest, largest float64
	digits            int     // binary
	exact             float64 // α from 1/exact to exact leaves room for the gradients and weights that occur
}

// spanOf knows no float16, whose range is so short that training itself leaves it. A bfloat16 has the exponents of a float32.
func spanOf(dtype dtypes.DType) (s span, known bool) {
	switch dtype {
	case dtypes.Float64:
		return span{0x1p-1022, math.MaxFloat64, 53, 0x1p192}, true
	case dtypes.Float32, dtypes.BFloat16:
		return span{0x1p-126, math.MaxFloat32, 24, 0x1p24}, true
	}
	return span{}, false
}

func (s span) holds(x float64) bool { return x == 0 || (s.smallest <= x && x <= s.largest) }

// norms are those between which a norm and what it is the norm of keep their digits, squared as well.
func (s span) norms() (low, high float64) {
	return math.Ldexp(math.Sqrt(s.smallest), s.digits), math.Sqrt(s.largest)
}

// checkRange returns an error unless the dtype holds the hyperparameters of what α multiplies, and α leaves room for squares:
// that of a gradient is in proportion to α², that of a weight to 1/α², and a second moment below ε² has no effect.
func (p *program) checkRange(alpha float64, scaled optim.Values) error {
	within, known := spanOf(p.about.DType)
	if !known {
		return fmt.Errorf("nothing is folded in %s: with another α it rounds and underflows elsewhere; use Float32 or BFloat16",
			p.about.DType)
	}
	numbers := slices.Collect(maps.Values(scaled))
	if p.squares() {
		numbers = append(numbers, scaled[optim.Epsilon]*scaled[optim.Epsilon])
	}
	low, _ := within.norms()
	if alpha < low || alpha > 1/low || slices.ContainsFunc(numbers, func(x float64) bool { return !within.holds(x) }) {
		return fmt.Errorf("where α is not from %s to %s, or a hyperparameter of %s leaves the range of %s or ε does when squared, "+
			"nothing is folded: squares of gradients or weights become zero or infinite",
			result.Power(low), result.Power(1/low), p.setup.Family, p.about.DType)
	}
	return nil
}

// squares reports whether the optimizer keeps squares of gradients.
func (p *program) squares() bool {
	for _, unit := range optim.Slots(p.setup.Family) {
		if unit.Gradient == 2 {
			return true
		}
	}
	return false
}

// keepsDigits reports whether the job runs far enough inside the range that nothing which leaves it has an effect. A second
// moment starts as (1−β₂)·g²; what of it underflows has none if its root is below the last digit of ε.
func (j *job) keepsDigits() bool {
	within, known := spanOf(j.program.about.DType)
	if alpha := j.settings.Alpha; !known || alpha < 1/within.exact || alpha > within.exact {
		return false
	}
	if !j.program.squares() {
		return true
	}
	scaled, _ := effective(j.settings)
	h := j.program.about.Defaults.Merge(scaled)
	low, _ := within.norms()
	return h[optim.Epsilon]*math.Sqrt(1-h[optim.Beta2]) >= low
}

// exact reports whether the fold of a job holds in every bit: the two α differ by a power of two and the converted
// hyperparameters in nothing, and neither the settings nor what was recorded come near the end of the range.
func exact(a, lead *job) bool {
	fraction, _ := math.Frexp(a.settings.Alpha / lead.settings.Alpha)
	if fraction != 0.5 || !maps.Equal(a.canonical.scaled, lead.canonical.scaled) || !maps.Equal(a.canonical.others, lead.canonical.others) {
		return false
	}
	if !a.keepsDigits() || !lead.keepsDigits() || lead.run.Diverged >= 0 {
		return false
	}
	within, _ := spanOf(lead.program.about.DType)
	low, high := within.norms()
	outside := func(x float64) bool { return !(low <= math.Abs(x) && math.Abs(x) <= high) }
	// At a loss of zero no gradient is known to be above the range. Zero norms may have been some.
	return !slices.ContainsFunc(lead.run.Loss, outside) && !lead.recorded(a, outside)
}

// leavesRange reports whether the lead's records, converted to a, lie outside the range: a then has to run itself.
func leavesRange(a, lead *job) bool {
	within, known := spanOf(lead.program.about.DType)
	if !known || lead.run == nil {
		return false
	}
	return lead.recorded(a, func(x float64) bool {
		square := x * x
		return x != 0 && !math.IsNaN(x) && !math.IsInf(x, 0) && !within.holds(square)
	})
}

// outside lists the jobs that cannot be derived from the run of their class, because what it recorded leaves the range.
func (r *runner) outside() []*job {
	var out []*job
	for _, c := range r.plan.classes {
		for _, j := range c.jobs {
			if j.run == nil && leavesRange(j, c.lead()) {
				out = append(out, j)
			}
		}
	}
	return out
}

// recorded reports whether a record of what α multiplies, as it is or as it is for a, is one of those.
func (j *job) recorded(a *job, those func(x float64) bool) bool {
	for _, r := range j.run.Records() {
		if r.Layer || !slices.Contains(j.program.about.Scaled, r.Path) {
			continue
		}
		q, err := j.program.recordExponent(r.Instrument, a.settings.Start)
		if err != nil || q == 0 {
			continue
		}
		factor := math.Pow(a.settings.Alpha/j.settings.Alpha, q)
		if slices.ContainsFunc(r.Values, func(x float64) bool { return those(x) || those(factor*x) }) {
			return true
		}
	}
	return false
}
