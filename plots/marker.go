package plots

import (
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// shape is the form of a marker.
type shape int

const (
	disc shape = iota
	square
	diamond
	triangle
	cross
	drop                // stands for what lies below the axis
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
	case drop:
		corners = []vg.Point{{X: -r, Y: 0.8 * r}, {X: r, Y: 0.8 * r}, {X: 0, Y: -r}}
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
