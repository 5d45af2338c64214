package plots

import (
	"fmt"
	"math"
	"slices"

	"alphascale/lib/result"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// PenaltyPath draws coefficients against the strength λ of a penalty, on a logarithmic λ axis: a line for each coefficient
// of the reference problem, and markers for the same coefficients found by another way that a law says is the same, such
// as with inputs multiplied by α and λ folded by α². Series of the two with the same Label get the same colour.
// A note counts the values at a λ of zero or below, which has no place on the axis. Beyond fourteen coefficients the colours
// follow their order.
//
// An error comes back if there is no reference, if a series fails its Check or shows other quantities than the first, or
// if no λ is positive.
func PenaltyPath(reference, folded []result.Series, opts ...Option) (*Figure, error) {
	o := apply("Coefficients by penalty", opts)
	if len(reference) == 0 {
		return nil, fmt.Errorf("penalty path: there is no reference path: give at least one series")
	}
	all := slices.Concat(reference, folded)
	if err := checkSeries(all); err != nil {
		return nil, fmt.Errorf("penalty path: %w", err)
	}
	lines, points := everyOne(reference), everyOne(folded)
	x, err := newAxis(all[0].X, 10, slices.Concat(lines.xs(), points.xs())...)
	if err != nil {
		return nil, fmt.Errorf("penalty path: %w", err)
	}
	y, err := newAxis(all[0].Y, 0, append(slices.Concat(lines.ys(), points.ys()), []float64{0})...)
	if err != nil {
		return nil, fmt.Errorf("penalty path: %w", err)
	}
	p := &panel{title: o.title, x: x, y: y}
	p.addPath(lines)
	p.addFolded(points)
	return newFigure(o, pathAlt(reference, folded, o.title), p, dataset{series: all}), nil
}

func (p *panel) addPath(lines selection) {
	ids := identitiesOf(lines.curves)
	p.curves = ids
	p.show(lines, func(colours family, d *drawing) {
		d.key = colours.key(p.curves, func(id identity) []plot.Thumbnailer {
			return []plot.Thumbnailer{curve{style: colours.style(id)}} // the signs stand for the folded path
		})
		d.add(across{0, draw.LineStyle{Color: softInk, Width: 0.5}})
		for i, s := range lines.curves {
			d.add(curve{xs: s.Xs, ys: s.Ys, style: colours.style(ids[i])})
		}
	})
}

func (p *panel) addFolded(points selection) {
	if len(points.curves) == 0 {
		return
	}
	ids := identitiesOf(points.curves)
	p.curves = append(p.curves, ids...)
	points.noun = "folded curve"
	radius := vg.Length(2.2)
	if len(points.curves) > maxEntries {
		radius = 1.4
	}
	p.show(points, func(colours family, d *drawing) {
		for i, s := range points.curves {
			d.add(marker{xs: s.Xs, ys: s.Ys, colour: colours.style(ids[i]).Color, radius: radius})
		}
		d.explain("folded", marker{colour: softInk, radius: radius})
	})
}

func pathAlt(reference, folded []result.Series, title string) string {
	text := fmt.Sprintf("%s against %s for %s", reference[0].Y.Label(), reference[0].X.Label(), count(len(reference), "coefficient"))
	type point struct {
		label string
		x     float64
	}
	at := make(map[point]float64)
	for _, s := range reference {
		for i, x := range s.Xs {
			at[point{s.Label, x}] = s.Ys[i]
		}
	}
	worst, compared := 0.0, 0
	for _, s := range folded {
		for i, x := range s.Xs {
			if y, known := at[point{s.Label, x}]; known && !math.IsNaN(y-s.Ys[i]) {
				worst, compared = math.Max(worst, math.Abs(y-s.Ys[i])), compared+1
			}
		}
	}
	switch {
	case compared > 0 && worst == 0:
		text += "; the folded path is the same, bit for bit"
	case compared > 0:
		text += fmt.Sprintf("; the folded path differs by at most %s", result.Number(worst, 2))
	}
	return sentence(text, title)
}
