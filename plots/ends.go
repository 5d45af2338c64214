package plots

import (
	"fmt"
	"slices"
)

// ends are where a y axis was told to end; 0 stands for nowhere.
type ends struct{ from, upTo float64 }

// UpTo ends the logarithmic y axis of a chart of curves at a value, which must be positive, so that one run's leap does not press the
// others into the floor. A curve leaves the chart there and comes back, and a note counts what lies beyond.
func UpTo(value float64) Option { return func(o *options) { o.ends.upTo = value } }

// From begins the logarithmic y axis of a chart of curves at a value, which must be positive, so that one that vanishes does not take up
// the whole chart. A note counts what lies below.
func From(value float64) Option { return func(o *options) { o.ends.from = value } }

// of is the axis of the values with these ends, where it reaches beyond them.
func (e ends) of(y axis, values [][]float64) (axis, error) {
	if !(e.from >= 0 && e.upTo >= 0) {
		return y, fmt.Errorf("From(%v) and UpTo(%v): give the values at which the axis ends, or 0 to show all", e.from, e.upTo)
	}
	if e == (ends{}) {
		return y, nil
	}
	var within []float64
	for _, v := range slices.Concat(values...) {
		if v > 0 && usable(v) && !e.beyond(v) {
			within = append(within, v)
		}
	}
	if len(within) == 0 {
		return y, fmt.Errorf("From(%v) and UpTo(%v) leave nothing of values between %v and %v", e.from, e.upTo, y.min, y.max)
	}
	inner, err := newAxis(y.quantity, y.base, within)
	if err != nil {
		return y, err
	}
	if e.from > y.min {
		inner.min = e.from
	}
	if e.upTo > 0 && e.upTo < y.max {
		inner.max = e.upTo
	}
	return inner, nil
}

// beyond says whether a value lies outside.
func (e ends) beyond(y float64) bool { return e.from > 0 && y < e.from || e.upTo > 0 && y > e.upTo }

// String says where that is.
func (e ends) String() string {
	switch {
	case e.from == 0:
		return "above " + coordinate(e.upTo, 0)
	case e.upTo == 0:
		return "below " + coordinate(e.from, 0)
	default:
		return "below " + coordinate(e.from, 0) + " or above " + coordinate(e.upTo, 0)
	}
}
