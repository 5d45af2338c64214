package plots

import (
	"fmt"
	"image/color"
	"math"
	"slices"

	"alphascale/lib/result"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// LossFan draws loss against step, one curve per run, on a logarithmic loss axis. Runs whose Alpha is set are coloured by α,
// with α = 1 drawn bolder; others by their Label, each with a sign of its own. A run that ends in NaN or Inf has diverged: a
// cross marks where it stopped, or where it left the chart. Runs that lie on one another are drawn as one line whose dashes
// take turns, and a note says how many they are and how closely they agree.
//
// Beyond 200 runs, 200 of them evenly spread are drawn. A note says so, and what else is not shown, such as a
// loss of zero or below, which has no place on a logarithmic axis.
//
// An error comes back if there are no series, if one fails its Check, if they do not show the same quantities, or if no
// loss is positive.
func LossFan(runs []result.Series, opts ...Option) (*Figure, error) {
	o := apply("Loss by step", opts)
	p, err := overTime(runs, o, lossAxis)
	if err != nil {
		return nil, fmt.Errorf("loss fan: %w", err)
	}
	return newFigure(o, fanAlt(p, o.title), p, dataset{series: runs}), nil
}

// addCurves adds the curves, the crosses of those that diverged, the key and the note on those that coincide.
func (p *panel) addCurves(drawn selection) {
	drawn.showsEnding = true
	p.curves = identitiesOf(drawn.curves)
	groups, note := coincident(drawn.curves, drawn.unsmoothed)
	if note != "" {
		p.notes = append(p.notes, note)
	}
	p.show(drawn, func(colours family, d *drawing) {
		d.key = colours.key(p.curves, colours.thumbs)
		var signs, crosses []plot.Plotter
		for i, s := range drawn.curves {
			style := colours.style(p.curves[i])
			if group := groups[i]; len(group) > 1 {
				style.Dashes, style.DashOffs = turns(slices.Index(group, i), len(group))
				style.Width = 1.5 * curveLine
			}
			d.add(curve{xs: s.Xs, ys: s.Ys, style: style})
			signs = append(signs, colours.signs(p.curves[i], s)...)
			if _, diverged := end(s); diverged {
				crosses = append(crosses, divergence{s, style.Color})
			}
		}
		d.add(append(signs, crosses...)...)
		if len(crosses) > 0 {
			d.explain("diverged", marker{shape: cross, colour: softInk, radius: 3})
		}
	})
}

// turns is the dash pattern of the i-th of n curves that share one line.
func turns(i, n int) (dashes []vg.Length, offset vg.Length) {
	const dash = vg.Length(6)
	return []vg.Length{dash, dash * vg.Length(n-1)}, dash * vg.Length(n-i)
}

// lossAxis spans what the runs that stayed finite did. Beside them, one that diverged is shown up to twice that, or twice its
// initial loss: a run on its way to infinity must not press the others into the floor.
func lossAxis(drawn selection) (axis, error) {
	top, finite := 0.0, false
	for i, s := range drawn.curves {
		ys, diverged := s.Ys, false
		if _, diverged = end(s); diverged { // its first loss only, not a mean on its way to infinity
			ys = drawn.unsmoothed[i].Ys[:1]
		}
		for _, y := range ys {
			if y > 0 && !math.IsInf(y, 0) {
				top, finite = math.Max(top, y), finite || !diverged
			}
		}
	}
	if !finite {
		return wholeAxis(drawn)
	}
	var values []float64
	for _, s := range drawn.curves {
		for _, y := range s.Ys {
			if !math.IsInf(y, 0) {
				values = append(values, math.Min(y, 2*top))
			}
		}
	}
	return newAxis(drawn.curves[0].Y, 10, values)
}

// end returns the index of the last finite value and whether the run stopped there, that is whether non-finite ones follow.
func end(s result.Series) (last int, diverged bool) {
	for last = len(s.Ys) - 1; last >= 0; last-- {
		if y := s.Ys[last]; !math.IsNaN(y) && !math.IsInf(y, 0) {
			break
		}
	}
	return last, len(s.Ys) > 0 && last < len(s.Ys)-1
}

// divergence draws the cross of a diverged run.
type divergence struct {
	run    result.Series
	colour color.Color
}

func (d divergence) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := d.place(p.Y.Max)
	y = math.Max(y, p.Y.Min) // it may have stopped at zero or below
	marker{xs: []float64{x}, ys: []float64{y}, shape: cross, colour: d.colour, radius: 3}.Plot(c, p)
}

// place is where the run had its last finite value, or where it left an axis that ends at top before.
func (d divergence) place(top float64) (x, y float64) {
	s := d.run
	last, _ := end(s)
	if last < 0 { // it diverged before its first value
		return s.Xs[0], top
	}
	for last > 0 && s.Ys[last] > top {
		last--
		before, after := s.Ys[last], s.Ys[last+1]
		if !(before > 0) { // it has no place on the axis before
			return s.Xs[last+1], top
		}
		if before <= top {
			t := (ln(top) - ln(before)) / (ln(after) - ln(before))
			return s.Xs[last] + t*(s.Xs[last+1]-s.Xs[last]), top
		}
	}
	return s.Xs[last], math.Min(s.Ys[last], top)
}
