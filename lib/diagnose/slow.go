package diagnose

import (
	"cmp"
	"fmt"
	"slices"

	"alphascale/lib/instrument"
)

// slow finds weights that hardly move: those of a weak gradient together, and all together if it is all.
func (v *view) slow() []Finding {
	still, movable := v.still(), v.movable()
	if len(still) == 0 {
		return nil
	}
	if len(still) == len(movable) {
		return []Finding{v.explain(still, v.elasticities(movable) < weakness)}
	}
	var out []Finding
	var weak []weight
	for _, w := range still {
		if v.elasticity(w) < weakness && v.follows() {
			weak = append(weak, w)
			continue
		}
		out = append(out, v.explain([]weight{w}, false))
	}
	if len(weak) > 0 {
		out = append([]Finding{v.explain(weak, true)}, out...)
	}
	return out
}

// weakness is an elasticity below which the gradient is what is small: to first order, weights that change by all of
// themselves change the loss by less than a tenth of it.
const weakness = 0.1

func (v *view) elasticities(weights []weight) float64 {
	sum := 0.0
	for _, w := range weights {
		sum += v.elasticity(w)
	}
	return sum
}

// explain says why the weights, one or all, hardly move; weak reports that the gradient hardly tells them to.
func (v *view) explain(still []weight, weak bool) Finding {
	now := largest(still, func(w weight) float64 { return lately(w.ratio) })
	f, zero := v.describe(still, now)
	pace := v.pace(f.Since)
	clip := v.clipped(still)
	switch {
	case pace > v.high || zero && pace > v.middle:
		f.What += fmt.Sprintf(". The steps before were up to %.2g times the norm of the weights", pace)
		f.Remedy = v.lower(pace)
	case zero:
		f.Remedy = "What stops it was not recorded: see that the loss depends on these weights, and mark the model's activations " +
			"(instrument.Activations) so that dead units show"
	case clip < 1 && now/clip > v.low && v.follows():
		f.What += fmt.Sprintf(". Clipping leaves %.2g of the gradient", clip)
		f.Remedy = fmt.Sprintf("Multiply clip_norm by about %s", number(min(1/clip, v.middle/now)))
	case weak && v.follows(): // the gradient is to blame, not the learning rate
		v.weak(&f, still)
	default:
		v.raise(&f, still, now)
	}
	return f
}

// describe says which weights hardly move, since when, and whether that is because no gradient at all arrives; now is the
// largest of their ratios.
func (v *view) describe(still []weight, now float64) (f Finding, zero bool) {
	zero = true
	for _, w := range still {
		since, _ := v.stillSince(w)
		f.Since = max(f.Since, since)
		_, none := lasting(w.gradient, isZero)
		zero = zero && none
	}
	ratio := instrument.UpdateRatio().Quantity.Name
	of := fmt.Sprintf("of %d of %d weights, the first of them %s,", len(still), len(v.weights), still[0].path)
	if len(still) == len(v.weights) {
		of = fmt.Sprintf("of all %d weights", len(still))
	}
	switch {
	case zero && len(still) == 1:
		f.Path, f.What = still[0].path, "no gradient arrives: it is zero"
	case len(still) == 1:
		f.Path, f.What = still[0].path, fmt.Sprintf("the %s is below %.2g (%.2g now): these weights hardly move", ratio, v.low, now)
	case zero:
		f.What = fmt.Sprintf("the gradient %s is zero", of)
	default:
		f.What = fmt.Sprintf("the %s %s is below %.2g (%.2g at most now): they hardly move", ratio, of, v.low, now)
	}
	return f, zero
}

// clipped is the share of the gradient that clipping leaves, or 1.
func (v *view) clipped(still []weight) float64 {
	share := 1.0
	for _, w := range still {
		if x := lately(w.prepared) / lately(w.gradient); x > 0 && x < share {
			share = x
		}
	}
	return share
}

// raise advises a higher learning rate: to what makes the fastest of the weights move at the middle of the range.
func (v *view) raise(f *Finding, still []weight, now float64) {
	own := ""
	if len(still) < len(v.movable()) {
		own = " of these weights"
	}
	if now == 0 {
		f.Remedy = "Raise the learning rate" + own + v.rates() + " until they move: a step is smaller than any number that is recorded"
		return
	}
	f.What += v.optimizer()
	f.Remedy = fmt.Sprintf("Multiply the learning rate%s%s by about %s", own, ratesOf(still), number(v.middle/now))
}

// weak says of a weak gradient where it was lost, as far as that was measured.
func (v *view) weak(f *Finding, still []weight) {
	const scaleFree = ", or use " + others
	strong := slices.MaxFunc(v.movable(), func(a, b weight) int { return cmp.Compare(a.gradient[0], b.gradient[0]) })
	here := slices.MinFunc(still, func(a, b weight) int { return cmp.Compare(a.gradient[0], b.gradient[0]) })
	f.What += v.optimizer()
	faint, strengthen := v.tooSmall()
	switch factor := strong.gradient[0] / here.gradient[0]; {
	case faint != "":
		f.What += ", and " + faint
		f.Remedy = strengthen + scaleFree
	case factor > 1/v.high:
		f.What += fmt.Sprintf(". At step 0 the gradient's norm, %.2g for %s, was %s times smaller than for %s",
			here.gradient[0], here.path, number(factor), strong.path)
		f.Remedy = "Normalise, or take activations that pass more of the gradient" + scaleFree
	default:
		f.What += fmt.Sprintf(". That is weak: a change of these weights by all of themselves changes the loss by about %.2g of it; "+
			"why was not measured", v.elasticities(still))
		f.Remedy = "Look at the scale of inputs, targets and initial weights" + scaleFree
	}
}

// hasty finds weights that each step rewrites.
func (v *view) hasty() []Finding {
	var out []Finding
	for _, w := range v.weights {
		since, found := lasting(w.ratio, func(x float64) bool { return x > v.high })
		if _, none := lasting(w.gradient, isZero); !found || none {
			continue
		}
		now := lately(w.ratio)
		f := Finding{Path: w.path, Since: since, What: fmt.Sprintf("the %s is above %.2g (%.2g now): each step rewrites these weights",
			instrument.UpdateRatio().Quantity.Name, v.high, now)}
		f.Remedy = fmt.Sprintf("Divide their learning rate%s by about %s", ratesOf([]weight{w}), number(now/v.middle))
		if rate, name := v.decayRate(); name != "" && rate > now/2 {
			f.Remedy = fmt.Sprintf("Divide %s by about %s: each step takes %.2g times the weights off them", name, number(rate/v.low), rate)
		} else if what, remedy := v.tooLarge(); what != "" && since == 0 {
			f.What, f.Remedy = f.What+". Before any step it was too much: "+what, remedy
		}
		out = append(out, f)
	}
	return out
}
