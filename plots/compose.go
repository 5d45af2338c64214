package plots

import (
	"fmt"
	"math"
	"slices"

	"alphascale/lib/result"
)

// Axes are what a composed chart is drawn on. The quantities are those of the marks' series.
type Axes struct {
	LogX, LogY bool // logarithmic, in powers of two where every value is one, otherwise of ten
	Alike      bool // one unit is nearly as long on both, so that a circle is one: for points of a plane
}

// panelShape is the width of a panel over its height, nearly, beside another and alone.
const panelShape = 1.64

// Mark is one layer of a composed chart, from the first to the topmost: Lines, Contours, Dots, Bars, Ribbon, Level, Upright or Outside
// make one.
type Mark struct {
	series []result.Series
	xs, ys []float64 // further values that the axes take in
	says   string    // for those who cannot see the figure
	lines  bool      // smoothed, and a curve's end in values that are not finite is marked
	ranges bool      // intervals are shown
	grey   bool      // none of its series has a colour
	paint  func(curves []result.Series, ids []identity, colours family, d *drawing)
}

// Compose draws a chart of marks, for what no ready chart shows. Each α and each name has one colour in all marks, one key
// explains them, what has no place on the axes is said in a note, and the data of all marks are the figure's.
//
//	plots.Compose(plots.Axes{LogY: true}, []plots.Mark{plots.Outside(low, high), plots.Lines(runs...), plots.Level(1, "one")})
//
// An error comes back if no mark has a series, if one fails its Check or shows other quantities than the first, if a mark's own
// number cannot be used, or if no value has a place on the axes.
func Compose(a Axes, marks []Mark, opts ...Option) (*Figure, error) {
	o := apply("", opts)
	var all []result.Series
	for i, m := range marks {
		if m.paint == nil {
			return nil, fmt.Errorf("compose: mark %d of %d draws nothing: make it by Lines, Contours, Dots, Bars, Ribbon, Level, Upright or Outside", i+1, len(marks))
		}
		all = append(all, m.series...)
	}
	if err := checkSeries(all); err != nil {
		return nil, fmt.Errorf("compose: %w", err)
	}
	var coloured []result.Series
	var picked []selection
	xs, ys, says := [][]float64{}, [][]float64{}, ""
	ranges := slices.ContainsFunc(marks, func(m Mark) bool { return m.ranges })
	for _, m := range marks {
		s := selectionOf(m.series, map[bool]int{true: o.smooth}[m.lines])
		if err := s.checkSmooth(); err != nil {
			return nil, fmt.Errorf("compose: %w", err)
		}
		s.showsEnding, s.showsIntervals = m.lines, ranges
		if picked = append(picked, s); !m.grey {
			coloured = append(coloured, s.curves...)
		}
		steps := columns(s.unsmoothed, func(s result.Series) []float64 { return s.Xs })
		xs, ys = append(append(xs, steps...), m.xs), append(append(ys, s.ys()...), m.ys)
		if m.says != "" {
			says += " " + sentence(m.says, "")
		}
	}
	p, err := a.panel(o, all[0], xs, ys)
	if err != nil {
		return nil, fmt.Errorf("compose: %w", err)
	}
	p.compose(marks, picked, coloured)
	return newFigure(o, profileAlt(firstOfEach(coloured), p.labelInText(), p.x.quantity.Label(), o.title)+says, p, dataset{series: all}), nil
}

// compose adds the marks with what is drawn of each; those of coloured series have them in their order.
func (p *panel) compose(marks []Mark, picked []selection, coloured []result.Series) {
	p.curves = identitiesOf(coloured)
	p.painters = append(p.painters, func(colours family, d *drawing) { d.key = colours.key(p.curves, colours.thumbs) })
	from := 0
	for i, m := range marks {
		var ids []identity
		if !m.grey {
			ids = p.curves[from : from+len(picked[i].curves)]
			from += len(ids)
		}
		p.layer(m, picked[i], ids)
	}
}

// firstOfEach leaves out series that stand for what another one before them stands for.
func firstOfEach(series []result.Series) (out []result.Series) {
	seen := map[identity]bool{}
	for i, id := range identitiesOf(series) {
		if !seen[id] {
			seen[id], out = true, append(out, series[i])
		}
	}
	return out
}

// layer adds a mark to the panel.
func (p *panel) layer(m Mark, s selection, ids []identity) {
	paint := func(colours family, d *drawing) { m.paint(s.curves, ids, colours, d) }
	if len(m.series) == 0 { // there is nothing of it to be left out
		p.painters = append(p.painters, paint)
		return
	}
	p.show(s, paint)
}

// panel has axes over all values.
func (a Axes) panel(o options, of result.Series, xs, ys [][]float64) (*panel, error) {
	base := func(logarithmic bool, values [][]float64) float64 {
		if !logarithmic {
			return 0
		}
		return logBase(values...)
	}
	if a.Alike {
		both := slices.DeleteFunc(slices.Concat(slices.Concat(xs...), slices.Concat(ys...)), func(v float64) bool { return !usable(v) })
		if len(both) > 0 {
			low, high := slices.Min(both), slices.Max(both)
			margin := (panelShape - 1) / 2 * (high - low)
			xs, ys = append(xs, []float64{low - margin, high + margin}), append(ys, both)
		}
	}
	x, err := newAxis(of.X, base(a.LogX, xs), xs...)
	if err != nil {
		return nil, err
	}
	y, err := newAxis(of.Y, base(a.LogY, ys), ys...)
	if err != nil {
		return nil, err
	}
	x.whole = of.X == result.Step()
	p := &panel{title: o.title, x: x, y: y}
	if o.smooth > 1 {
		p.yLabel = fmt.Sprintf("%s, mean of %d steps", y.quantity.Label(), o.smooth)
	}
	return p, nil
}

// barEdges are the ends of the bars of a series: each reaches from its x to the next, the last as far as the one before it.
func barEdges(s result.Series) []float64 {
	n := len(s.Xs)
	if n == 0 {
		return nil
	}
	width := 1.0
	if n > 1 {
		width = s.Xs[n-1] - s.Xs[n-2]
	}
	return append(slices.Clone(s.Xs), s.Xs[n-1]+width)
}

func usable(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
