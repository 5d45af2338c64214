package plots

import (
	"fmt"
	"image/color"
	"math"
	"slices"
	"strings"

	"alphascale/lib/result"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// LossFan draws loss against step, a curve a run, on a logarithmic loss axis. Runs whose Alpha is set are coloured by α,
// with α = 1 drawn bolder; others by their Label, each with a sign of its own. A run that ends in NaN or Inf has diverged: a cross marks where it
// stopped, or where it left the chart. Runs that lie on one another are drawn as one line whose dashes take turns, and a
// note says how many they are and how closely they agree.
//
// An error comes back if there are no series, if one fails its Check, if they do not show the same quantities, or if no
// loss is positive. Beyond 200 runs, 200 of them evenly spread are drawn, and the note says so.
func LossFan(runs []result.Series, opts ...Option) (*Figure, error) {
	o := apply("Loss by step", opts)
	if err := checkSeries(runs); err != nil {
		return nil, fmt.Errorf("loss fan: %w", err)
	}
	if o.smooth < 0 {
		return nil, fmt.Errorf("loss fan: Smooth(%d): give the number of steps to average, or 0 for none", o.smooth)
	}
	drawn := spread(runs, maxCurves)
	curves := make([]result.Series, len(drawn))
	for i, run := range drawn {
		curves[i] = smoothed(run, o.smooth)
	}
	x, err := newAxis(runs[0].X, 0, columns(curves, func(s result.Series) []float64 { return s.Xs })...)
	if err != nil {
		return nil, fmt.Errorf("loss fan: %w", err)
	}
	x.whole = true
	y, err := lossAxis(curves)
	if err != nil {
		return nil, fmt.Errorf("loss fan: %w", err)
	}
	p := &panel{title: o.title, x: tight(x, curves), y: y}
	if o.smooth > 1 {
		p.yLabel = fmt.Sprintf("%s, mean of %d steps", y.quantity.Label(), o.smooth)
	}
	if len(drawn) < len(runs) {
		p.notes = append(p.notes, fmt.Sprintf("%d of %d curves drawn", len(drawn), len(runs)))
	}
	addCurves(p, curves, drawn)
	return &Figure{Alt: fanAlt(runs, o.title), panels: []*panel{p}, data: []dataset{{series: runs}}}, nil
}

// maxCurves is the number of curves drawn: more cannot be told apart and make a vector file heavy.
const maxCurves = 200

// addCurves adds the curves, the crosses of those that diverged, the key and the note on those that coincide.
// The unsmoothed are the same curves before smoothing.
func addCurves(p *panel, curves, unsmoothed []result.Series) {
	colours := familyOf(curves)
	p.key = colours.marked(colours.key(curves), curves)
	groups, note := coincident(curves, unsmoothed)
	if note != "" {
		p.notes = append(p.notes, note)
	}
	var signs, crosses []plot.Plotter
	for i, s := range curves {
		style := colours.style(i)
		if group := groups[i]; len(group) > 1 {
			style.Dashes, style.DashOffs = turns(slices.Index(group, i), len(group))
			style.Width = 1.5 * curveLine
		}
		p.layers = append(p.layers, curve{xs: s.Xs, ys: s.Ys, style: style})
		signs = append(signs, colours.signs(i, s)...)
		if _, diverged := end(s); diverged {
			crosses = append(crosses, divergence{s, style.Color})
		}
	}
	p.layers = append(append(p.layers, signs...), crosses...)
	if len(crosses) > 0 {
		if p.key == nil {
			p.key = &key{}
		}
		sign := marker{shape: cross, colour: softInk, radius: 3}
		p.key.entries = append(p.key.entries, keyEntry{"diverged", []plot.Thumbnailer{sign}})
	}
}

// turns is the dash pattern of the i-th of n curves that share one line.
func turns(i, n int) (dashes []vg.Length, offset vg.Length) {
	const dash = vg.Length(6)
	return []vg.Length{dash, dash * vg.Length(n-1)}, dash * vg.Length(n-i)
}

// lossAxis spans what the runs that stayed finite did, up to a thousand times the largest initial loss, and at most twelve
// decades: a run on its way to infinity must not press the others into the floor.
func lossAxis(curves []result.Series) (axis, error) {
	var start, settled float64
	var values [][]float64
	for _, s := range curves {
		values = append(values, s.Ys)
		for _, y := range s.Ys {
			if y > 0 && !math.IsInf(y, 0) {
				start = math.Max(start, y)
				break
			}
		}
		if _, ends := end(s); !ends {
			for _, y := range s.Ys {
				if !math.IsInf(y, 0) && y > settled { // false for NaN
					settled = y
				}
			}
		}
	}
	a, err := spanning(curves[0].Y, 10, values...)
	if err != nil {
		return a, err
	}
	top := math.Max(start, math.Min(settled, 1000*start))
	if a.max > 2*top {
		a.max = 2 * top
	}
	a.min = math.Max(a.min, 1e-12*a.max)
	return a.widened(), nil
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
		if before, after := s.Ys[last], s.Ys[last+1]; before <= top && before > 0 {
			t := (math.Log(top) - math.Log(before)) / (math.Log(after) - math.Log(before))
			return s.Xs[last] + t*(s.Xs[last+1]-s.Xs[last]), top
		}
	}
	return s.Xs[last], math.Min(s.Ys[last], top)
}

func fanAlt(runs []result.Series, title string) string {
	var finals, stopped []string
	lowest, highest := math.Inf(1), math.Inf(-1)
	var best, worst string
	for _, s := range runs {
		last, diverged := end(s)
		if diverged {
			stopped = append(stopped, s.Name())
			continue
		}
		if last >= 0 {
			if v := s.Ys[last]; v < lowest {
				lowest, best = v, s.Name()
			}
			if v := s.Ys[last]; v > highest {
				highest, worst = v, s.Name()
			}
		}
	}
	switch {
	case lowest == highest && len(runs) > 1 && len(stopped) == 0:
		finals = append(finals, fmt.Sprintf("final %s %s in all", runs[0].Y.Name, result.Number(lowest, 3)))
	case !math.IsInf(lowest, 0):
		finals = append(finals, fmt.Sprintf("final %s from %s (%s) to %s (%s)",
			runs[0].Y.Name, result.Number(lowest, 3), best, result.Number(highest, 3), worst))
	}
	switch n := len(stopped); {
	case n > 6:
		finals = append(finals, fmt.Sprintf("%d runs diverged", n))
	case n > 0:
		finals = append(finals, "diverged: "+strings.Join(stopped, ", "))
	}
	return sentence(fmt.Sprintf("%s against %s for %s; %s",
		runs[0].Y.Label(), runs[0].X.Label(), count(len(runs), "run"), strings.Join(finals, "; ")), title)
}
