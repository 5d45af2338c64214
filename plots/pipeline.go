package plots

import (
	"fmt"
	"slices"

	"alphascale/lib/result"
)

// selection is what a chart draws of the series that it was given: not more than can be told apart, and smoothed.
type selection struct {
	given          int
	smooth         int             // the number of values in a mean
	indices        []int           // of those drawn, among those given
	unsmoothed     []result.Series // those drawn
	curves         []result.Series // the same as they are drawn
	noun           string          // "curve" or "predicted curve"
	showsEnding    bool            // a cross marks where a curve ends in values that are not finite
	showsIntervals bool
}

// maxCurves is the number of curves drawn: more cannot be told apart and make a vector file heavy.
const maxCurves = 200

// selectionOf spreads a selection evenly over the series in their order.
func selectionOf(series []result.Series, smooth int) selection {
	s := selection{given: len(series), smooth: smooth, noun: "curve"}
	n := min(len(series), maxCurves)
	for i := range n {
		at := i
		if n < len(series) {
			at = i * (len(series) - 1) / (n - 1)
		}
		s.indices = append(s.indices, at)
		s.unsmoothed = append(s.unsmoothed, series[at])
		s.curves = append(s.curves, smoothed(series[at], smooth))
	}
	return s
}

// everyOne draws all the series: the chart is nothing without one of them.
func everyOne(series []result.Series) selection {
	return selection{given: len(series), unsmoothed: series, curves: series, noun: "curve"}
}

// show adds curves to the panel, and says how they are painted.
func (p *panel) show(s selection, paint painter) {
	p.shown = append(p.shown, s)
	p.painters = append(p.painters, paint)
}

// checkSmooth returns an error where no curve has enough values for one mean, so that none would be drawn.
func (s selection) checkSmooth() error {
	finite := func(c result.Series) bool { return slices.ContainsFunc(c.Ys, usable) }
	if s.smooth <= 1 || slices.ContainsFunc(s.curves, finite) || !slices.ContainsFunc(s.unsmoothed, finite) {
		return nil
	}
	return fmt.Errorf("Smooth(%d), and no curve has as many finite values one after the other: average over fewer", s.smooth)
}

func (s selection) xs() [][]float64 {
	return columns(s.curves, func(s result.Series) []float64 { return s.Xs })
}

func (s selection) ys() [][]float64 {
	return columns(s.curves, func(s result.Series) []float64 { return s.Ys })
}

// overTime is the chart of curves against steps: a linear axis of steps, and the y axis that is found for the curves.
func overTime(runs []result.Series, o options, yAxis func(selection) (axis, error)) (*panel, error) {
	if o.smooth < 0 {
		return nil, fmt.Errorf("Smooth(%d): give the number of steps to average, or 0 for none", o.smooth)
	}
	if err := checkSeries(runs); err != nil {
		return nil, err
	}
	drawn := selectionOf(runs, o.smooth)
	if err := drawn.checkSmooth(); err != nil {
		return nil, err
	}
	x, err := newAxis(runs[0].X, 0, columns(drawn.unsmoothed, func(s result.Series) []float64 { return s.Xs })...)
	if err != nil {
		return nil, err
	}
	x.whole = true
	y, err := yAxis(drawn)
	if err != nil {
		return nil, err
	}
	if y, err = o.ends.of(y, drawn.ys()); err != nil {
		return nil, err
	}
	p := &panel{title: o.title, x: tight(x, drawn.unsmoothed), y: y, ends: o.ends}
	if o.smooth > 1 {
		p.yLabel = fmt.Sprintf("%s, mean of %d steps", y.quantity.Label(), o.smooth)
	}
	p.addCurves(drawn)
	return p, nil
}
