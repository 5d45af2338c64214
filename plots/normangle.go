package plots

import (
	"fmt"
	"math"

	"alphascale/lib/result"
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
	norm, err := overTime(norms, o, wholeAxis)
	if err != nil {
		return nil, fmt.Errorf("norm and angle: norms: %w", err)
	}
	o.title = ""
	angle, err := overTime(angles, o, wholeAxis)
	if err != nil {
		return nil, fmt.Errorf("norm and angle: angles: %w", err)
	}
	settles := ""
	if equilibrium > 0 {
		angle.addThreshold(equilibrium, "equilibrium")
		settles = fmt.Sprintf(" The predicted equilibrium is %s.", result.Number(equilibrium, 3))
	}
	left := newFigure(o, profileAlt(norm.shown[0].curves, norm.labelInText(), norm.x.quantity.Label(), norm.title), norm, dataset{series: norms})
	right := newFigure(o, profileAlt(angle.shown[0].curves, angle.labelInText(), angle.x.quantity.Label(), "")+settles, angle, dataset{series: angles})
	return SideBySide(left, right)
}

// wholeAxis is a logarithmic axis that shows all the values it can.
func wholeAxis(drawn selection) (axis, error) {
	return newAxis(drawn.curves[0].Y, 10, drawn.ys()...)
}

// addThreshold adds a dashed line across the panel at a value, widens the axis to show it, and names it in the key.
func (p *panel) addThreshold(value float64, name string) {
	p.y = p.y.including(value)
	p.painters = append(p.painters, func(_ family, d *drawing) {
		line := across{value, predictedLine}
		d.add(line)
		d.explain(name, line)
	})
}
