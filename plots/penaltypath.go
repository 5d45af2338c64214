package plots

import (
	"fmt"
	"math"

	"alphascale/lib/result"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// PenaltyPath draws coefficients against the strength λ of a penalty, on a logarithmic λ axis: a line for each coefficient
// of the reference problem, and markers for the same coefficients found by another way that a law says is the same, such
// as with inputs multiplied by α and λ folded by α². Series of the two with the same Label get the same colour.
//
// An error comes back if there is no reference, if a series fails its Check or shows other quantities than the first, or
// if no λ is positive. Beyond seven coefficients the colours follow their order.
func PenaltyPath(reference, folded []result.Series, opts ...Option) (*Figure, error) {
	o := apply("Coefficients by penalty", opts)
	if len(reference) == 0 {
		return nil, fmt.Errorf("penalty path: there is no reference path: give at least one series")
	}
	all := append(append([]result.Series{}, reference...), folded...)
	if err := checkSeries(all); err != nil {
		return nil, fmt.Errorf("penalty path: %w", err)
	}
	xs := columns(all, func(s result.Series) []float64 { return s.Xs })
	x, err := newAxis(all[0].X, 10, xs...)
	if err != nil {
		return nil, fmt.Errorf("penalty path: %w", err)
	}
	y, err := newAxis(all[0].Y, 0, append(columns(all, func(s result.Series) []float64 { return s.Ys }), []float64{0})...)
	if err != nil {
		return nil, fmt.Errorf("penalty path: %w", err)
	}
	p := &panel{title: o.title, x: x, y: y}
	zero := across{0, draw.LineStyle{Color: softInk, Width: 0.5}}
	p.layers = append(p.layers, zero)
	colours := familyOf(reference)
	p.key = colours.key(reference)
	place := make(map[string]int)
	for i, s := range reference {
		p.layers = append(p.layers, curve{xs: s.Xs, ys: s.Ys, style: colours.style(i)})
		if _, known := place[s.Label]; !known {
			place[s.Label] = i
		}
	}
	addFolded(p, folded, colours, place)
	return &Figure{Alt: pathAlt(reference, folded, o.title), panels: []*panel{p}, data: []dataset{{series: all}}}, nil
}

func addFolded(p *panel, folded []result.Series, colours family, place map[string]int) {
	if len(folded) == 0 {
		return
	}
	radius := vg.Length(2.2)
	if len(folded) > maxEntries {
		radius = 1.4
	}
	for i, s := range folded {
		at, known := place[s.Label]
		if !known {
			at = i
		}
		p.layers = append(p.layers, marker{xs: s.Xs, ys: s.Ys, colour: colours.style(at).Color, radius: radius})
	}
	if p.key == nil {
		p.key = &key{}
	}
	sign := marker{colour: softInk, radius: radius}
	p.key.entries = append(p.key.entries, keyEntry{"folded", []plot.Thumbnailer{sign}})
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
