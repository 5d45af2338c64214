package plots

import (
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// curve draws a line through points, broken where a point has no place on the axes, and cut at the edges of the panel.
type curve struct {
	xs, ys []float64
	style  draw.LineStyle
}

// maxPoints is the number of points drawn of a curve; a longer one keeps the extremes of each stretch of its points.
const maxPoints = 600

func (l curve) Plot(c draw.Canvas, p *plot.Plot) {
	for _, line := range segments(p, &c, l.xs, l.ys) {
		if len(line) == 1 { // a line of no length: a point between gaps
			marker{colour: l.style.Color, radius: l.style.Width + 0.5}.drawAt(&c, line[0])
			continue
		}
		c.StrokeLines(l.style, c.ClipLinesXY(line)...)
	}
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
		line = append(line, vg.Point{X: c.X(math.Max(-far, math.Min(far, x))), Y: c.Y(math.Max(-far, math.Min(far, y)))})
	}
	return line
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

// shape is the form of a marker.
type shape int

const (
	disc shape = iota
	square
	diamond
	triangle
	cross
	shapes = int(cross) // the filled ones, which stand for categories; the cross stands for a divergence
)

// marker draws a sign at each point, with a white rim that keeps it apart from lines.
type marker struct {
	xs, ys []float64
	shape  shape
	colour color.Color
	radius vg.Length
}

func (m marker) Plot(c draw.Canvas, p *plot.Plot) {
	for _, line := range segments(p, &c, m.xs, m.ys) {
		for _, at := range line {
			if c.Contains(at) {
				m.drawAt(&c, at)
			}
		}
	}
}

// Thumbnail draws one sign in a legend.
func (m marker) Thumbnail(c *draw.Canvas) { m.drawAt(c, c.Center()) }

func (m marker) drawAt(c *draw.Canvas, at vg.Point) {
	if m.shape == cross {
		m.crossAt(c, at)
		return
	}
	path := m.outline(at)
	c.SetColor(m.colour)
	c.Fill(path)
	c.SetLineStyle(draw.LineStyle{Color: paper, Width: 0.5})
	c.Stroke(path)
}

func (m marker) crossAt(c *draw.Canvas, at vg.Point) {
	r := m.radius
	for _, style := range []draw.LineStyle{{Color: paper, Width: 2.6}, {Color: m.colour, Width: 1.3}} {
		c.StrokeLines(style,
			[]vg.Point{{X: at.X - r, Y: at.Y - r}, {X: at.X + r, Y: at.Y + r}},
			[]vg.Point{{X: at.X - r, Y: at.Y + r}, {X: at.X + r, Y: at.Y - r}})
	}
}

func (m marker) outline(at vg.Point) vg.Path {
	var corners []vg.Point
	r := m.radius
	switch m.shape {
	case square:
		s := 0.88 * r
		corners = []vg.Point{{X: -s, Y: -s}, {X: s, Y: -s}, {X: s, Y: s}, {X: -s, Y: s}}
	case diamond:
		s := 1.2 * r
		corners = []vg.Point{{X: 0, Y: -s}, {X: s, Y: 0}, {X: 0, Y: s}, {X: -s, Y: 0}}
	case triangle:
		corners = []vg.Point{{X: -1.1 * r, Y: -0.8 * r}, {X: 1.1 * r, Y: -0.8 * r}, {X: 0, Y: 1.1 * r}}
	default:
		var path vg.Path
		path.Move(vg.Point{X: at.X + r, Y: at.Y})
		path.Arc(at, r, 0, 2*math.Pi)
		path.Close()
		return path
	}
	var path vg.Path
	path.Move(at.Add(corners[0]))
	for _, corner := range corners[1:] {
		path.Line(at.Add(corner))
	}
	path.Close()
	return path
}

// law draws a function over the whole panel.
type law struct {
	at    func(x float64) float64
	style draw.LineStyle
}

func (l law) Plot(c draw.Canvas, p *plot.Plot) {
	const points = 64
	_, logarithmic := p.X.Scale.(logScale)
	line := curve{style: l.style}
	for i := range points + 1 {
		t := float64(i) / points
		x := p.X.Min + t*(p.X.Max-p.X.Min)
		if logarithmic {
			x = p.X.Min * math.Pow(p.X.Max/p.X.Min, t)
		}
		line.xs, line.ys = append(line.xs, x), append(line.ys, l.at(x))
	}
	line.Plot(c, p)
}

func (l law) Thumbnail(c *draw.Canvas) { curve{style: l.style}.Thumbnail(c) }

// across draws a value as a line over the whole panel.
type across struct {
	value float64
	style draw.LineStyle
}

func (a across) Plot(c draw.Canvas, p *plot.Plot) {
	law{func(float64) float64 { return a.value }, a.style}.Plot(c, p)
}

func (a across) Thumbnail(c *draw.Canvas) { curve{style: a.style}.Thumbnail(c) }

// whiskers draws an interval through each point.
type whiskers struct {
	xs, lower, upper []float64
	style            draw.LineStyle
}

func (w whiskers) Plot(c draw.Canvas, p *plot.Plot) {
	const half = vg.Length(2)
	for i := range w.xs {
		line := segments(p, &c, []float64{w.xs[i], w.xs[i]}, []float64{w.lower[i], w.upper[i]})
		if len(line) != 1 || len(line[0]) != 2 {
			continue
		}
		low, high := line[0][0], line[0][1]
		c.StrokeLines(w.style, c.ClipLinesXY([]vg.Point{low, high})...)
		for _, end := range []vg.Point{low, high} {
			if c.Contains(end) {
				c.StrokeLine2(w.style, end.X-half, end.Y, end.X+half, end.Y)
			}
		}
	}
}
