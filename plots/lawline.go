package plots

import (
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg/draw"
)

// law draws a function over the whole panel.
type law struct {
	at    func(x float64) float64
	style draw.LineStyle
}

func (l law) Plot(c draw.Canvas, p *plot.Plot) {
	const points = 64
	line := curve{style: l.style}
	for i := range points + 1 {
		x := at(p.X.Scale, p.X.Min, p.X.Max, float64(i)/points)
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
