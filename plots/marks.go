package plots

import (
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// curve draws a line through points, broken where a point has no place on the axes, and cut at the edges of the panel. Where
// it falls to zero or below on a logarithmic axis, a sign stands at the axis.
type curve struct {
	xs, ys []float64
	style  draw.LineStyle
}

// maxPoints is the number of points drawn of a curve; a longer one keeps the extremes of each stretch of its points.
const maxPoints = 600

func (l curve) Plot(c draw.Canvas, p *plot.Plot) {
	for _, line := range segments(p, &c, l.xs, l.ys) {
		if len(line) == 1 { // a line of no length: a point between gaps
			if c.Contains(line[0]) {
				marker{colour: l.style.Color, radius: l.style.Width + 0.5}.drawAt(&c, line[0])
			}
			continue
		}
		c.StrokeLines(l.style, c.ClipLinesXY(line)...)
	}
	drops{l.xs, l.ys, l.style.Color}.Plot(c, p)
}

// Thumbnail draws the line in a legend.
func (l curve) Thumbnail(c *draw.Canvas) {
	y := c.Center().Y
	c.StrokeLine2(l.style, c.Min.X, y, c.Max.X, y)
}

// segments maps the points to the canvas, split where one has no place on the axes, and thinned where they are many.
func segments(p *plot.Plot, c *draw.Canvas, xs, ys []float64) [][]vg.Point {
	var lines [][]vg.Point
	_, logX := p.X.Scale.(logScale)
	_, logY := p.Y.Scale.(logScale)
	has := func(v float64, logarithmic bool) bool {
		return !math.IsNaN(v) && !math.IsInf(v, 0) && (v > 0 || !logarithmic)
	}
	for from := 0; from < len(xs); from++ {
		to := from
		for to < len(xs) && has(xs[to], logX) && has(ys[to], logY) {
			to++
		}
		if to > from {
			lines = append(lines, mapped(p, c, xs[from:to], ys[from:to]))
			from = to
		}
	}
	return lines
}

// mapped returns the places of finite points on the canvas. Points farther away than any clipping can
// place them without loss are pulled in.
func mapped(p *plot.Plot, c *draw.Canvas, xs, ys []float64) []vg.Point {
	const far = 1e6
	var line []vg.Point
	for _, i := range kept(ys) {
		x := p.X.Scale.Normalize(p.X.Min, p.X.Max, xs[i])
		y := p.Y.Scale.Normalize(p.Y.Min, p.Y.Max, ys[i])
		if math.IsNaN(x) || math.IsNaN(y) {
			continue
		}
		line = append(line, vg.Point{X: c.X(onEdge(math.Max(-far, math.Min(far, x)))), Y: c.Y(onEdge(math.Max(-far, math.Min(far, y))))})
	}
	return line
}

// onEdge puts what rounding has moved off an end of the axis back on it: at the end of what a float64 holds, an axis has no
// room beyond its values.
func onEdge(t float64) float64 {
	for _, end := range []float64{0, 1} {
		if math.Abs(t-end) < 1e-9 {
			return end
		}
	}
	return t
}

// kept returns the indices of the points to draw: all, or the lowest and the highest of each of maxPoints/2 stretches, in
// their order, so that noise keeps its width and a spike its height.
func kept(ys []float64) []int {
	if len(ys) <= maxPoints {
		all := make([]int, len(ys))
		for i := range all {
			all[i] = i
		}
		return all
	}
	const stretches = maxPoints / 2
	out := []int{0}
	for s := range stretches {
		from, to := s*len(ys)/stretches, (s+1)*len(ys)/stretches
		low, high := from, from
		for i := from; i < to; i++ {
			if ys[i] < ys[low] {
				low = i
			}
			if ys[i] > ys[high] {
				high = i
			}
		}
		out = append(out, min(low, high))
		if low != high {
			out = append(out, max(low, high))
		}
	}
	return append(out, len(ys)-1)
}
