package plots

import (
	"fmt"
	"image/color"
	"slices"

	"alphascale/lib/result"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Lines draws each series as a curve, smoothed if the option Smooth says so.
func Lines(series ...result.Series) Mark {
	return Mark{series: series, lines: true, paint: func(curves []result.Series, ids []identity, colours family, d *drawing) {
		for i, s := range curves {
			d.add(curve{xs: s.Xs, ys: s.Ys, style: colours.style(ids[i])})
			d.add(colours.signs(ids[i], s)...)
			if _, diverged := end(s); diverged {
				d.add(divergence{s, colours.style(ids[i]).Color})
				d.explain("diverged", marker{shape: cross, colour: softInk, radius: 3})
			}
		}
	}}
}

// Contours draws each series as a thin grey line without a sign, such as the level lines of a loss, all of them under one name in the
// key. The names and α of the series are not looked at.
func Contours(name string, series ...result.Series) Mark {
	line := draw.LineStyle{Color: softInk, Width: 0.6}
	lines := slices.Clone(series)
	for i := range lines {
		lines[i].Label, lines[i].Alpha = name, 0
	}
	return Mark{
		series: lines, grey: true, says: fmt.Sprintf("%s: %s", name, count(len(lines), "line")),
		paint: func(curves []result.Series, _ []identity, _ family, d *drawing) {
			for _, s := range curves {
				d.add(curve{xs: s.Xs, ys: s.Ys, style: line})
			}
			d.explain(name, curve{style: line})
		},
	}
}

// Dots draws a sign at each point of each series, with its interval where it has one.
func Dots(series ...result.Series) Mark {
	return Mark{series: series, ranges: true, paint: func(curves []result.Series, ids []identity, colours family, d *drawing) {
		for i, s := range curves {
			sign := colours.sign(ids[i])
			sign.xs, sign.ys = s.Xs, s.Ys
			d.add(sign)
			if s.Lower != nil {
				d.add(whiskers{s.Xs, s.Lower, s.Upper, colours.style(ids[i])})
			}
		}
	}}
}

// Bars draws each value of a series as a bar from zero that reaches from its x to the next, the last as far as the one before: a
// histogram, with the lower ends of its bins as x. Several series share the width of each bar.
func Bars(series ...result.Series) Mark {
	m := Mark{series: series, ys: []float64{0}}
	for _, s := range series {
		m.xs = append(m.xs, barEdges(s)...)
	}
	m.paint = func(curves []result.Series, ids []identity, colours family, d *drawing) {
		for i, s := range curves {
			d.add(bars{barEdges(s), s.Ys, i, len(curves), colours.style(ids[i]).Color})
		}
	}
	return m
}

// Ribbon shades the interval of each series, from Lower to Upper, over all of its x.
func Ribbon(series ...result.Series) Mark {
	m := Mark{series: series, ranges: true}
	for _, s := range series {
		m.ys = append(append(m.ys, s.Lower...), s.Upper...)
	}
	m.paint = func(curves []result.Series, ids []identity, colours family, d *drawing) {
		for i, s := range curves {
			d.add(ribbon{s.Xs, s.Lower, s.Upper, colours.style(ids[i]).Color})
		}
	}
	return m
}

// Level draws a value of y as a dashed line over the whole chart, under a name in the key.
func Level(y float64, name string) Mark {
	line := across{y, predictedLine}
	return Mark{ys: []float64{y}, says: fmt.Sprintf("%s: %s", name, result.Number(y, 3)), paint: func(_ []result.Series, _ []identity, _ family, d *drawing) {
		d.add(line)
		d.explain(name, line)
	}}
}

// Upright draws a value of x as a dashed line from the bottom to the top, under a name in the key.
func Upright(x float64, name string) Mark {
	line := upright{x}
	return Mark{xs: []float64{x}, says: fmt.Sprintf("%s: %s", name, result.Number(x, 3)), paint: func(_ []result.Series, _ []identity, _ family, d *drawing) {
		d.add(line)
		d.explain(name, line)
	}}
}

// Outside shades what lies below low and above high, and draws both as dashed lines; a 0 stands for none.
func Outside(low, high float64) Mark {
	m := Mark{says: fmt.Sprintf("shaded below %s and above %s", result.Number(low, 3), result.Number(high, 3))}
	for _, v := range []float64{low, high} {
		if v > 0 {
			m.ys = append(m.ys, v)
		}
	}
	m.paint = func(_ []result.Series, _ []identity, _ family, d *drawing) { d.add(forbidden{low, high}) }
	return m
}

// bars are those of series number i of n, over the edges of their bins.
type bars struct {
	edges, ys []float64
	i, n      int
	colour    color.Color
}

func (b bars) Plot(c draw.Canvas, p *plot.Plot) {
	toX, toY := p.Transforms(&c)
	floor := c.Min.Y
	if _, logarithmic := p.Y.Scale.(logScale); !logarithmic {
		floor = max(floor, min(c.Max.Y, toY(0)))
	}
	for k, y := range b.ys {
		if !usable(y) || k+1 >= len(b.edges) {
			continue
		}
		left, right := toX(b.edges[k]), toX(b.edges[k+1])
		room := (right - left) * 0.92 / vg.Length(b.n)
		left += (right-left)*0.04 + room*vg.Length(b.i)
		top := max(c.Min.Y, min(c.Max.Y, toY(y)))
		c.FillPolygon(b.colour, []vg.Point{{X: left, Y: floor}, {X: left + room, Y: floor}, {X: left + room, Y: top}, {X: left, Y: top}})
	}
}

// ribbon is the area between two curves, where both have a place.
type ribbon struct {
	xs, lower, upper []float64
	colour           color.Color
}

func (r ribbon) Plot(c draw.Canvas, p *plot.Plot) {
	toX, toY := p.Transforms(&c)
	_, logarithmic := p.Y.Scale.(logScale)
	within := func(y vg.Length) vg.Length { return max(c.Min.Y, min(c.Max.Y, y)) }
	var below, above []vg.Point
	for i, x := range r.xs {
		if i >= len(r.lower) || !usable(r.lower[i]) || !usable(r.upper[i]) || logarithmic && r.upper[i] <= 0 {
			continue
		}
		low := c.Min.Y
		if !logarithmic || r.lower[i] > 0 {
			low = within(toY(r.lower[i]))
		}
		below, above = append(below, vg.Point{X: toX(x), Y: low}), append(above, vg.Point{X: toX(x), Y: within(toY(r.upper[i]))})
	}
	for i := len(above) - 1; i >= 0; i-- {
		below = append(below, above[i])
	}
	if len(below) > 2 {
		red, green, blue, _ := r.colour.RGBA()
		c.FillPolygon(color.NRGBA{R: uint8(red >> 8), G: uint8(green >> 8), B: uint8(blue >> 8), A: 60}, below)
	}
}

// upright draws a value of x from the bottom to the top.
type upright struct{ value float64 }

func (u upright) Plot(c draw.Canvas, p *plot.Plot) {
	toX, _ := p.Transforms(&c)
	if x := toX(u.value); x >= c.Min.X && x <= c.Max.X {
		c.StrokeLine2(predictedLine, x, c.Min.Y, x, c.Max.Y)
	}
}

func (u upright) Thumbnail(c *draw.Canvas) { curve{style: predictedLine}.Thumbnail(c) }
