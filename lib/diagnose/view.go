package diagnose

import (
	"math"
	"slices"
	"strings"

	"alphascale/lib/instrument"
	"alphascale/lib/training"
)

// weight is what was recorded of one variable, one value per step; a list is nil where its instrument was left out.
type weight struct {
	path                                    string
	gradient, prepared, ratio, length, rate []float64
}

// layer is what was recorded of one hidden layer.
type layer struct {
	path                   string
	scale, dead, saturated []float64
}

// view is a run as the rules look at it.
type view struct {
	run     *training.Run
	weights []weight
	layers  []layer // in the order of the weights
	low     float64 // the ends of Range
	high    float64
	// middle is the geometric mean of low and high, 1/(L·√T): T steps of it in directions drawn at random add up to 1/L. It is
	// what advice on a learning rate aims at.
	middle float64
}

func look(run *training.Run) *view {
	v := &view{run: run}
	v.low, v.high = Range(layers(run), steps(run))
	v.middle = math.Sqrt(v.low * v.high)
	recorded := func(of instrument.Instrument, path string) []float64 {
		values, err := run.Recorded(of.Name, path)
		if err != nil {
			return nil
		}
		return values
	}
	for _, path := range run.Watched() {
		w := weight{
			path, recorded(instrument.GradientNorm(), path), recorded(instrument.PreparedNorm(), path), recorded(instrument.UpdateRatio(), path),
			recorded(instrument.WeightNorm(), path), recorded(instrument.LearningRate(), path),
		}
		if at(w.length, 0) != 0 { // what starts at zero, as biases do, has no ratio to go by
			v.weights = append(v.weights, w)
		}
	}
	for _, r := range run.Records() {
		if r.Layer && !slices.ContainsFunc(v.layers, func(l layer) bool { return l.path == r.Path }) {
			v.layers = append(v.layers, layer{
				r.Path, recorded(instrument.ActivationScale(), r.Path), recorded(instrument.DeadUnits(), r.Path), recorded(instrument.SaturatedUnits(), r.Path),
			})
		}
	}
	slices.SortStableFunc(v.layers, func(a, b layer) int { return v.place(a) - v.place(b) })
	return v
}

// place is the index of the layer's first weight among the weights, which are in the order of creation. Paths are not: layer_10
// comes before layer_2.
func (v *view) place(l layer) int {
	return slices.IndexFunc(v.weights, func(w weight) bool { return strings.HasPrefix(w.path, l.path+"/") })
}

// movable are the weights that are not frozen by a learning rate of 0.
func (v *view) movable() []weight {
	var out []weight
	for _, w := range v.weights {
		if !w.frozen() {
			out = append(out, w)
		}
	}
	return out
}

func (w weight) frozen() bool { return at(w.rate, len(w.rate)-1) == 0 }

// learned reports whether less than half of the first loss is left. A loss that steps out of range have raised and let fall
// again has fallen, but nothing was learned by that: what counts is the loss after the first of such steps. Nor does a loss
// count that stands still while a layer lets nothing through, or that has come down to guessing.
func (v *view) learned() bool {
	loss := v.run.Loss
	first, now := loss[0], min(lately(loss), loss[len(loss)-1])
	if hasty := v.firstHaste(); hasty > 0 && hasty < len(loss) {
		first = min(first, loss[hasty])
	}
	if v.stuck(now) || v.guesses(first, now) {
		return false
	}
	return now < first/2 || now == 0
}

// firstHaste is for how many steps, from the first, some ratio was above its range.
func (v *view) firstHaste() int {
	n := 0
	for n < len(v.run.Loss) && slices.ContainsFunc(v.weights, func(w weight) bool { return at(w.ratio, n) > v.high }) {
		n++
	}
	return n
}

// guesses reports a loss that has fallen from far above that of guessing to guessing, which takes no more than smaller outputs.
func (v *view) guesses(first, now float64) bool {
	const near = 0.95
	guessing := v.run.Guessing
	return guessing > 0 && first > 2*guessing && now > near*guessing
}

// stuck reports a loss that has an end other than a fit: no gradient at all is left although the loss is far from zero, or a
// layer is blocked and the loss is about what it was in the middle of the run.
func (v *view) stuck(now float64) bool {
	const fit, standstill = 1e-5, 0.8
	none := len(v.movable()) > 0
	for _, w := range v.movable() {
		_, zero := lasting(w.gradient, isZero)
		none = none && zero
	}
	loss := v.run.Loss
	if none && now > fit*min(1, math.Abs(loss[0])) {
		return true
	}
	middle := len(loss) / 2
	_, _, blocked := v.blockedLayer()
	return blocked && now > standstill*lately(loss[:middle+1])
}

// elasticity is ‖g‖·‖w‖/loss: to first order, a change of w by a share ε of itself changes the loss by at most that many ε of
// itself. It tells a gradient that is small from one that is small in its units.
func (v *view) elasticity(w weight) float64 {
	return lately(w.gradient) * lately(w.length) / math.Abs(lately(v.run.Loss))
}

// at is a recorded value, or NaN where there is none.
func at(values []float64, step int) float64 {
	if step < 0 || step >= len(values) {
		return math.NaN()
	}
	return values[step]
}

// lately is the median of the last ten values, or of as many as there are; NaN without any.
func lately(values []float64) float64 { return median(values[max(0, len(values)-patience):]) }

func median(values []float64) float64 {
	if len(values) == 0 {
		return math.NaN()
	}
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}

// largest is the largest finite value of f over the weights; 0 if there is none.
func largest(weights []weight, f func(w weight) float64) float64 {
	out := 0.0
	for _, w := range weights {
		if x := f(w); x > out && !math.IsInf(x, 0) {
			out = x
		}
	}
	return out
}

func isZero(x float64) bool { return x == 0 }

func isFinite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

// lasting returns since when the values have been as wrong says, up to the last, if for at least patience of them. Values
// that are not a number, such as the update ratio of weights that are zero, end it.
func lasting(values []float64, wrong func(float64) bool) (since int, found bool) {
	since = len(values)
	for since > 0 && wrong(values[since-1]) {
		since--
	}
	return since, len(values)-since >= patience
}
