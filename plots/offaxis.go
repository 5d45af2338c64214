package plots

import (
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// drops stands at the lower end of a logarithmic axis wherever a curve falls to zero or below.
type drops struct {
	xs, ys []float64
	colour color.Color
}

const (
	dropRadius = vg.Length(2.2)
	dropRoom   = vg.Length(5) // between two signs of one curve: nearer ones would merge
)

func (d drops) Plot(c draw.Canvas, p *plot.Plot) {
	if _, logarithmic := p.Y.Scale.(logScale); !logarithmic {
		return
	}
	above, last := true, math.Inf(-1)
	for i, y := range d.ys {
		fell := y <= 0 && !math.IsInf(y, 0)
		if fell && above {
			x := c.X(onEdge(p.X.Norm(d.xs[i])))
			if c.ContainsX(x) && float64(x) > last+float64(dropRoom) {
				marker{shape: drop, colour: d.colour, radius: dropRadius}.drawAt(&c, vg.Point{X: x, Y: c.Min.Y + dropRadius})
				last = float64(x)
			}
		}
		above = !fell
	}
}

// whiskers draws an interval through each point. On a logarithmic axis, one that reaches down to zero has no lower end.
type whiskers struct {
	xs, lower, upper []float64
	style            draw.LineStyle
}

func (w whiskers) Plot(c draw.Canvas, p *plot.Plot) {
	const half = vg.Length(2)
	_, logarithmic := p.Y.Scale.(logScale)
	for i := range w.xs {
		low, high := math.Max(w.lower[i], -math.MaxFloat64), math.Min(w.upper[i], math.MaxFloat64)
		if logarithmic && low <= 0 {
			low = math.SmallestNonzeroFloat64
		}
		line := segments(p, &c, []float64{w.xs[i], w.xs[i]}, []float64{low, high})
		if len(line) != 1 || len(line[0]) != 2 {
			continue
		}
		c.StrokeLines(w.style, c.ClipLinesXY(line[0])...)
		for j, end := range line[0] {
			if beyond := j == 0 && low != w.lower[i] || j == 1 && high != w.upper[i]; c.Contains(end) && !beyond {
				c.StrokeLine2(w.style, end.X-half, end.Y, end.X+half, end.Y)
			}
		}
	}
}
