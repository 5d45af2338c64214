package plots

import (
	"math"

	"alphascale/lib/result"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Fold is what the law says of a grid over α (X) and η (Y), or another hyperparameter: cells on a line of constant αᵖη are
// the same run.
type Fold struct {
	Exponent float64 // p, which depends on the optimizer and the hyperparameter
	Edge     float64 // the αᵖη beyond which the law predicts divergence; 0 where it predicts none
}

// haloed draws a line over a dark rim: viridis has no colour that stands out against all of it.
type haloed struct{ law }

func (l haloed) Plot(c draw.Canvas, p *plot.Plot) {
	l.rim().Plot(c, p)
	l.law.Plot(c, p)
}

func (l haloed) Thumbnail(c *draw.Canvas) {
	l.rim().Thumbnail(c)
	l.law.Thumbnail(c)
}

func (l haloed) rim() law {
	rim := l.law
	rim.style.Color, rim.style.Width = ink, l.style.Width+1
	if len(l.style.Dashes) == 2 { // each dash keeps a rim at its ends too
		rim.style.Dashes, rim.style.DashOffs = []vg.Length{l.style.Dashes[0] + 1, l.style.Dashes[1] - 1}, 0.5
	}
	return rim
}

// addFold adds lines η = c·α⁻ᵖ for about six c evenly over the grid, and the edge.
func (p *panel) addFold(fold Fold) {
	line := func(logProduct float64, style draw.LineStyle) haloed {
		return haloed{law{func(x float64) float64 { return exp(logProduct - fold.Exponent*ln(x)) }, style}}
	}
	low, high := math.Inf(1), math.Inf(-1) // of the logarithm of αᵖη over the corners
	for _, x := range []float64{p.x.min, p.x.max} {
		for _, y := range []float64{p.y.min, p.y.max} {
			v := ln(y) + fold.Exponent*ln(x)
			low, high = math.Min(low, v), math.Max(high, v)
		}
	}
	const lines = 6
	dashed := draw.LineStyle{Color: paper, Width: 0.8, Dashes: []vg.Length{4, 4}}
	label := foldLabel(p.x.quantity, p.y.quantity, fold.Exponent) + " constant"
	at := ln(fold.Edge)
	hasEdge := fold.Edge > 0 && at >= low && at <= high
	p.painters = append(p.painters, func(_ family, d *drawing) {
		for i := range lines {
			d.add(line(low+(float64(i)+0.5)/lines*(high-low), dashed))
		}
		d.explain(label, line(0, dashed))
		if hasEdge {
			edge := line(at, draw.LineStyle{Color: lawColour, Width: 1.8})
			d.add(edge)
			d.explain("stability edge", edge)
		}
	})
	if fold.Edge > 0 && !hasEdge {
		p.unplaced = append(p.unplaced, "the stability edge, beyond the axes")
	}
}

// foldLabel writes αᵖη for a number p and the symbols of the two quantities.
func foldLabel(x, y result.Quantity, p float64) string {
	switch {
	case p == 0:
		return short(y)
	case p == 1:
		return short(x) + short(y)
	case p == math.Trunc(p) && math.Abs(p) < 100:
		return short(x) + result.Superscript(int(p)) + short(y)
	default:
		return short(x) + "^" + result.Number(p, 3) + "·" + short(y)
	}
}
