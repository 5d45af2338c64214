package diagnose

import (
	"fmt"
	"math"
	"slices"

	"alphascale/lib/optim"
)

// The shares of a layer's units that let nothing or hardly anything through.
const (
	mostDead      = 0.9
	mostSaturated = 0.9
)

// frozen finds that every weight has a learning rate of 0.
func (v *view) frozen() (Finding, bool) {
	if len(v.weights) == 0 || len(v.movable()) > 0 {
		return Finding{}, false
	}
	since, found := lasting(v.weights[0].rate, isZero)
	return Finding{
		Since: since, What: "the learning rate of all weights that are watched is 0", Remedy: "Give them one, unless they are meant to stay",
	}, found
}

// blockedLayer is the one that has let nothing through for longest, the first of them.
func (v *view) blockedLayer() (blocked layer, since int, found bool) {
	since = len(v.run.Loss)
	for _, l := range v.layers {
		dead, isDead := lasting(l.dead, func(x float64) bool { return x >= mostDead })
		saturated, isSaturated := lasting(l.saturated, func(x float64) bool { return x >= mostSaturated })
		if isDead && dead < since {
			blocked, since, found = l, dead, true
		}
		if isSaturated && saturated < since {
			blocked, since, found = l, saturated, true
		}
	}
	return blocked, since, found
}

// blocked finds a layer whose units are dead or saturated while weights hardly move. Whether the units were so
// from the start or came to it by the steps says what to change.
func (v *view) blocked() (Finding, bool) {
	l, since, found := v.blockedLayer()
	still := v.still()
	if !found || len(still) == 0 {
		return Finding{}, false
	}
	moved := slices.ContainsFunc(still, func(w weight) bool { // until the units were blocked, or a little longer by its momentum
		stopped, _ := v.stillSince(w)
		return stopped > max(0, since-patience)
	})
	what, remedy := v.tooLarge()
	faint, strengthen := v.tooSmall()
	if faint != "" && !moved && v.follows() {
		return Finding{}, false // see slow: what the weak signal leaves is blocked later
	}
	f := Finding{Path: l.path, Since: since}
	f.What = fmt.Sprintf("%.0f %% of this layer's units are saturated: hardly any gradient passes", 100*lately(l.saturated))
	if l.dead != nil {
		f.What = fmt.Sprintf("%.0f %% of this layer's units are dead: no gradient passes through them", 100*lately(l.dead))
	}
	pace := v.pace(since)
	switch {
	case what != "":
		f.What, f.Remedy = f.What+". Before any step it was too much: "+what, remedy
	case faint != "" && v.follows():
		f.What += fmt.Sprintf(". The steps before were up to %.2g times the norm of the weights, yet %s", pace, faint)
		f.Remedy = strengthen + ", and lower the learning rate"
	case since == 0:
		f.What += ". They were so before the first step"
		f.Remedy = "No learning rate brings them back: start from other weights or with biases above zero, or normalise"
	case moved && pace > v.middle:
		f.What += fmt.Sprintf(". The steps before were up to %.2g times the norm of the weights", pace)
		f.Remedy = v.lower(pace)
	default:
		f.What += fmt.Sprintf(". The steps before were no more than %.2g times the norm of the weights, so what led to it was not measured", pace)
		f.Remedy = "Start from other weights, or normalise"
	}
	return f, true
}

func (v *view) lower(pace float64) string {
	return fmt.Sprintf("Divide the learning rate%s by about %s, and start anew", v.rates(), number(pace/v.middle))
}

// still are the movable weights that have hardly moved for ten steps, or got no gradient. Steps below their range that could
// halve the loss in the course of the run all the same are not counted.
func (v *view) still() []weight {
	var out []weight
	within := 0.0
	for _, w := range v.movable() {
		if _, found := v.stillSince(w); found {
			out = append(out, w)
			if reach := v.reach(w); reach > 0 {
				within += reach
			}
		}
	}
	if within > 0.5 {
		return nil
	}
	return out
}

// reach is the share of the loss by which a run of steps as they have been lately changes it at most, to first order.
func (v *view) reach(w weight) float64 {
	return float64(steps(v.run)) * lately(w.ratio) * v.elasticity(w)
}

func (v *view) stillSince(w weight) (int, bool) {
	if since, found := lasting(w.gradient, isZero); found {
		return since, true
	}
	return lasting(w.ratio, func(x float64) bool { return x < v.low })
}

// tiny is a loss so small that float32 cannot hold the squares of its gradients, or loses them beside an optimizer's ε.
const tiny = 1e-7

// outOfNumbers finds a loss, and with it gradients, whose squares leave the range of float32.
func (v *view) outOfNumbers() (Finding, bool) {
	loss := math.Abs(lately(v.run.Loss))
	if tiny < loss && loss < 1/tiny || loss == 0 || len(v.still()) == 0 {
		return Finding{}, false
	}
	const least, most = 1e-19, 1e19 // their squares are float32's smallest and largest number
	since := 0
	for _, w := range v.movable() {
		onset, found := lasting(w.gradient, func(x float64) bool { return !(x > least && x < most) })
		if !found {
			return Finding{}, false
		}
		since = max(since, onset)
	}
	what := fmt.Sprintf("the loss is %.2g, and the squares of its gradients are beyond what float32 holds", lately(v.run.Loss))
	return Finding{Since: since, What: what, Remedy: v.scaleLoss()}, true
}

func (v *view) scaleLoss() string {
	if loss := math.Abs(v.run.Loss[0]); loss > 1 {
		return fmt.Sprintf("Divide the loss by about %s", number(loss))
	}
	return fmt.Sprintf("Multiply the loss by about %s", number(1/math.Abs(v.run.Loss[0])))
}

// decayRate is the share of a weight that the decay in the settings takes in one step, and what the setting is called.
func (v *view) decayRate() (rate float64, name string) {
	for _, values := range []optim.Values{v.run.Settings.Hyper, v.run.Settings.ScaledHyper} {
		for _, hyper := range []optim.Hyper{optim.WeightDecay, optim.L2, optim.L1} {
			if values[hyper] > 0 {
				name = fmt.Sprintf("%s = %g", hyper, values[hyper])
				if hyper != optim.L1 { // which takes as much of every number, be it large or small
					rate = values[hyper] * largest(v.weights, func(w weight) float64 { return at(w.rate, 0) })
				}
			}
		}
	}
	return rate, name
}

// explains reports whether a decay of the given rate is most of the first step.
func (v *view) explains(rate float64) bool {
	return slices.ContainsFunc(v.weights, func(w weight) bool { return rate > at(w.ratio, 0)/2 })
}

// decayed finds weights that have shrunk to less than half, mostly by steps that point against themselves.
func (v *view) decayed() (Finding, bool) {
	var shrunk []weight
	for _, w := range v.movable() {
		if v.shrinking(w) > 0.5 && lately(w.length) < w.length[0]/2 || v.penalised(w) {
			shrunk = append(shrunk, w)
		}
	}
	if len(shrunk) == 0 || 2*len(shrunk) < len(v.movable()) {
		return Finding{}, false
	}
	w := shrunk[0]
	pace := median(w.ratio[:min(patience, len(w.ratio))])
	f := Finding{What: fmt.Sprintf("the steps mostly shrink the weights: the norm of %s went from %.2g to %.2g, with steps of %.2g times it at first",
		w.path, w.length[0], lately(w.length), pace)}
	_, name := v.decayRate()
	if name == "" {
		f.Remedy = "Lower what pulls them to zero, such as a weight decay or a penalty in the model or the optimizer"
		return f, true
	}
	f.Remedy = fmt.Sprintf("Divide %s by about %s", name, number(pace/v.low))
	return f, true
}

// penalised reports that a penalty has been most of what the update rule saw, and the steps of those weights too large.
func (v *view) penalised(w weight) bool {
	return lately(w.prepared) > 2*lately(w.gradient) && lately(w.ratio) > v.high
}

// shrinking is the share of all steps' lengths, down to the smallest norm, that went into making the weights smaller.
func (v *view) shrinking(w weight) float64 {
	if w.length == nil || w.ratio == nil {
		return 0
	}
	end, path := 0, 0.0
	for i, x := range w.length {
		if x < w.length[end]*0.99 {
			end = i
		}
	}
	for i := range end {
		if isFinite(w.ratio[i]) {
			path += w.ratio[i] * w.length[i]
		}
	}
	if path == 0 {
		return 0
	}
	return (w.length[0] - w.length[end]) / path
}
