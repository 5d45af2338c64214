package diagnose

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// signal says how strong the hidden layers' activations were at the first step, before anything was learned.
type signal struct {
	first, last layer
	step        float64 // factor from one layer to the next, the geometric mean
	whole       float64 // from the first layer to the last
	known       bool
}

func (v *view) signal() signal {
	var known []layer
	for _, l := range v.layers {
		if at(l.scale, 0) > 0 && isFinite(l.scale[0]) {
			known = append(known, l)
		}
	}
	if len(known) == 0 {
		return signal{}
	}
	s := signal{first: known[0], last: known[len(known)-1], step: 1, whole: 1, known: true}
	s.whole = s.last.scale[0] / s.first.scale[0]
	if n := len(known); n > 1 {
		s.step = math.Pow(s.whole, 1/float64(n-1))
	}
	return s
}

// unit is the mean magnitude of ReLU's output for inputs of a standard normal distribution, √(1/2π); tanh's is larger.
const unit = 0.4

// fading is the sentence about s.
func (s signal) fading() string {
	return fmt.Sprintf("the mean magnitude of the activations went from %.2g in %s to %.2g in %s",
		s.first.scale[0], s.first.path, s.last.scale[0], s.last.path)
}

// tooSmall is the opposite: the activations of one end are so weak that all L layers together, at the pace of that end, move
// less than the other does, or those of the first layer are as weak as that twice over.
func (v *view) tooSmall() (what, remedy string) {
	switch s := v.signal(); {
	case s.known && s.whole < v.high:
		return "the signal fades: at step 0, " + s.fading(),
			fmt.Sprintf("Start with weights that are about %s times larger in every layer, or normalise", number(1/s.step))
	case s.known && s.first.scale[0] < unit*v.high*v.high:
		return fmt.Sprintf("the signal is weak from the start: at step 0 the mean magnitude of the activations of %s was %.2g",
				s.first.path, s.first.scale[0]),
			fmt.Sprintf("Multiply the inputs, or the weights of that layer, by about %s", number(unit/s.first.scale[0]))
	}
	return "", ""
}

// tooLarge says in what the initial weights or the inputs were too large, before any step, and what to change; empty where
// neither was.
func (v *view) tooLarge() (what, remedy string) {
	s, share, most := v.signal(), 0.0, ""
	for _, l := range v.layers {
		if x := at(l.saturated, 0); x > share {
			share, most = x, l.path
		}
	}
	const smaller = "Start with weights that are about %s times smaller in every layer, or normalise"
	switch {
	case s.known && s.whole > 1/v.high:
		return "at step 0, " + s.fading(), fmt.Sprintf(smaller, number(s.step))
	case s.known && s.first.scale[0] > unit/(v.high*v.high):
		return fmt.Sprintf("at step 0 the mean magnitude of the activations of %s was %.2g", s.first.path, s.first.scale[0]),
			fmt.Sprintf("Divide the inputs, or the weights of that layer, by about %s", number(s.first.scale[0]/unit))
	case share > 0.5:
		return fmt.Sprintf("at step 0, %.0f %% of the units of %s were saturated", 100*share, most),
			fmt.Sprintf(smaller, number(spread(share)))
	}
	return "", ""
}

// spread is the standard deviation of normally distributed inputs of tanh of which the given share is saturated.
func spread(share float64) float64 {
	const limit = 2.0923 // tanh of which is 0.97
	return limit / distuv.UnitNormal.Quantile(1-min(share, 0.99)/2)
}

// proportional reports whether the steps are proportional to the gradient from the first of them, with one factor c of
// ‖Δw‖ = η·c·‖g‖ for all weights: 1 for SGD and momentum, 1 + β for Nesterov, 1/ε where Adam's ε outweighs the gradient. An
// optimizer that divides by the gradient's size has another for each. Of a single weight, and of a momentum that goes on from
// another run, only the size of c tells. known is false where too little was recorded.
func (v *view) proportional() (is, known bool) {
	low, high, count := math.Inf(1), 0.0, 0
	for _, w := range v.movable() {
		g := at(w.prepared, 0)
		if w.prepared == nil {
			g = at(w.gradient, 0)
		}
		if c := at(w.ratio, 0) * at(w.length, 0) / (at(w.rate, 0) * g); isFinite(c) {
			low, high, count = min(low, c), max(high, c), count+1
		}
	}
	const rounding = 0.01
	switch {
	case count == 0:
		return false, false
	case v.run.Settings.Initial != nil && low > 0.5 && high < 100:
		return true, true
	case count == 1:
		return low > 1-rounding && high < 2, true
	}
	return high-low < rounding*low, true
}

// follows reports steps that are known to be proportional to the gradient.
func (v *view) follows() bool {
	is, known := v.proportional()
	return is && known
}

// optimizer says what is known of it, as the end of a sentence.
func (v *view) optimizer() string {
	switch is, known := v.proportional(); {
	case !known:
		return ""
	case is:
		return ", with steps proportional to the gradient"
	}
	return ", with an optimizer whose steps do not follow the gradient's scale"
}

// others are what moves weights of weak gradients.
const others = "an optimizer whose steps do not follow the gradient's scale, such as Adam or LARS"

// number is a factor as advice gives it: two digits, at least 2.
func number(x float64) string {
	x = max(2, x)
	if x < 1000 {
		return fmt.Sprintf("%.0f", x)
	}
	return fmt.Sprintf("%.2g", x)
}
