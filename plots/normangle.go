package plots

import (
	"fmt"
	"math"

	"alphascale/lib/result"
	"gonum.org/v1/plot"
)

// NormAndAngle draws the norm of a weight and the angle that it turns by in a step, each against the step, in two panels
// with logarithmic axes. The equilibrium, in the angle's unit, is what the law says that the angle settles at under weight
// decay: a dashed line; 0 or NaN leaves it out.
//
// An error comes back if either has no series, if a series fails its Check or shows other quantities than the first of its
// panel, if no value is positive, or if the equilibrium is negative or infinite.
func NormAndAngle(norms, angles []result.Series, equilibrium float64, opts ...Option) (*Figure, error) {
	o := apply("Norm and angle of a weight", opts)
	if equilibrium < 0 || math.IsInf(equilibrium, 0) {
		return nil, fmt.Errorf("norm and angle: an equilibrium angle of %v: give a positive one, or 0 for none", equilibrium)
	}
	norm, err := overTime(norms, o)
	if err != nil {
		return nil, fmt.Errorf("norm and angle: norms: %w", err)
	}
	o.title = ""
	angle, err := overTime(angles, o)
	if err != nil {
		return nil, fmt.Errorf("norm and angle: angles: %w", err)
	}
	p := angle.panels[0]
	if equilibrium > 0 {
		addThreshold(p, equilibrium, "equilibrium")
		angle.Alt += fmt.Sprintf(" The predicted equilibrium is %s.", result.Number(equilibrium, 3))
	}
	return SideBySide(norm, angle)
}

// overTime is a panel of curves against steps on a logarithmic axis that shows all of them.
func overTime(curves []result.Series, o options) (*Figure, error) {
	if err := checkSeries(curves); err != nil {
		return nil, err
	}
	unsmoothed := spread(curves, maxCurves)
	drawn := make([]result.Series, 0, len(unsmoothed))
	for _, s := range unsmoothed {
		drawn = append(drawn, smoothed(s, o.smooth))
	}
	x, err := newAxis(curves[0].X, 0, columns(drawn, func(s result.Series) []float64 { return s.Xs })...)
	if err != nil {
		return nil, err
	}
	x.whole = true
	y, err := newAxis(curves[0].Y, 10, columns(drawn, func(s result.Series) []float64 { return s.Ys })...)
	if err != nil {
		return nil, err
	}
	p := &panel{title: o.title, x: tight(x, drawn), y: y}
	if o.smooth > 1 {
		p.yLabel = fmt.Sprintf("%s, mean of %d steps", y.quantity.Label(), o.smooth)
	}
	addCurves(p, drawn, unsmoothed)
	return &Figure{Alt: profileAlt(curves, o.title), panels: []*panel{p}, data: []dataset{{series: curves}}}, nil
}

// addThreshold adds a dashed line across the panel at a value, widens the axis to show it, and names it in the key.
func addThreshold(p *panel, value float64, name string) {
	p.y = p.y.including(value)
	line := across{value, predictedLine}
	p.layers = append(p.layers, line)
	if p.key == nil {
		p.key = &key{}
	}
	if !p.key.has(name) {
		p.key.entries = append(p.key.entries, keyEntry{name, []plot.Thumbnailer{line}})
	}
}
