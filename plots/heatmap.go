package plots

import (
	"fmt"
	"image/color"
	"math"

	"alphascale/lib/result"
	"alphascale/plots/internal/palette"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// HeatMap draws a grid in colours, usually the final loss over α (X) and η (Y), on logarithmic axes where all values of an
// axis are positive. Cells with an infinite value have diverged and are grey with a cross; cells with NaN have no value and
// are left blank, and a note counts them. Where a law filled some cells in, those that were run have a dot. With a fold, dashed lines join what the law says is the same run, and a bold one is
// the stability edge.
//
// An error comes back if the grid fails its Check, if it has no finite value, or if a fold is asked for on an axis that is
// not logarithmic.
func HeatMap(g result.Grid, fold *Fold, opts ...Option) (*Figure, error) {
	o := apply(g.Z.Label(), opts)
	if err := g.Check(); err != nil {
		return nil, fmt.Errorf("heat map: %w", err)
	}
	xEdges, yEdges := edges(g.Xs), edges(g.Ys)
	x := axis{quantity: g.X, min: xEdges[0], max: xEdges[len(g.Xs)], base: gridBase(g.Xs)}
	y := axis{quantity: g.Y, min: yEdges[0], max: yEdges[len(g.Ys)], base: gridBase(g.Ys)}
	bar, err := colourAxis(g)
	if err != nil {
		return nil, fmt.Errorf("heat map: %w", err)
	}
	p := &panel{title: o.title, x: x, y: y}
	cells := heat{g, xEdges, yEdges, bar}
	p.painters = append(p.painters, func(_ family, d *drawing) {
		d.key = &key{heading: g.Z.Label(), bar: &bar, colour: palette.Viridis}
		d.add(cells)
	})
	if fold != nil {
		if x.base == 0 || y.base == 0 || !(fold.Edge >= 0) || math.IsNaN(fold.Exponent) {
			return nil, fmt.Errorf("heat map: the fold αᵖη with p = %v and edge %v needs positive %s and %s, a number p and an edge ≥ 0",
				fold.Exponent, fold.Edge, g.X.Label(), g.Y.Label())
		}
		p.addFold(*fold)
	}
	if g.Filled != nil {
		p.painters = append(p.painters, func(_ family, d *drawing) { d.explain("was run; a law filled in the others", ranCell{}) })
	}
	if cells.number(isInf) > 0 {
		p.painters = append(p.painters, func(_ family, d *drawing) { d.explain("diverged", divergedCell{}) })
	}
	if n := cells.number(math.IsNaN); n > 0 {
		p.unplaced = append(p.unplaced, fmt.Sprintf("%d of %s, without a value", n, count(len(g.Xs)*len(g.Ys), "cell")))
	}
	return newFigure(o, heatAlt(g, fold, o.title), p, dataset{grid: &g}), nil
}

func isInf(z float64) bool { return math.IsInf(z, 0) }

// gridBase is the base of an axis' logarithm, or 0 for a linear axis.
func gridBase(values []float64) float64 {
	if values[0] <= 0 {
		return 0
	}
	return logBase(values)
}

// edges are the borders of the cells around the values: midway, geometrically where all are positive.
func edges(values []float64) []float64 {
	to := func(v float64) float64 { return v / 2 } // half of it, so that a sum of two stays finite
	from := func(v float64) float64 { return math.Max(-math.MaxFloat64, math.Min(math.MaxFloat64, 2*v)) }
	margin := 0.25
	if values[0] > 0 {
		margin, to = 0.5, ln
		from = func(v float64) float64 { // within what a float64 holds
			return math.Max(math.SmallestNonzeroFloat64, math.Min(math.MaxFloat64, exp(v)))
		}
	}
	n := len(values)
	borders := make([]float64, n+1)
	for i := 1; i < n; i++ {
		borders[i] = from((to(values[i-1]) + to(values[i])) / 2)
	}
	first, last := margin, margin // half a cell's width at the ends
	if n > 1 {
		first, last = (to(values[1])-to(values[0]))/2, (to(values[n-1])-to(values[n-2]))/2
	}
	borders[0], borders[n] = from(to(values[0])-first), from(to(values[n-1])+last)
	return borders
}

// colourAxis spans the finite values; it is logarithmic where they are positive and span more than a factor of thirty.
func colourAxis(g result.Grid) (axis, error) {
	a, err := spanning(g.Z, 0, g.Zs...)
	if err != nil {
		return a, err
	}
	if a.min > 0 && a.max > 30*a.min {
		a.base = 10
	}
	if !(a.min < a.max) {
		return a.widened(), nil
	}
	return a, nil
}

// heat draws the cells.
type heat struct {
	grid           result.Grid
	xEdges, yEdges []float64
	bar            axis
}

// number counts the cells that are such.
func (h heat) number(such func(float64) bool) (n int) {
	for _, row := range h.grid.Zs {
		for _, z := range row {
			if such(z) {
				n++
			}
		}
	}
	return n
}

func (h heat) Plot(c draw.Canvas, p *plot.Plot) {
	toX, toY := p.Transforms(&c)
	scale := h.bar.scale()
	for i, row := range h.grid.Zs {
		for j, z := range row {
			cell := vg.Rectangle{
				Min: vg.Point{X: toX(h.xEdges[j]), Y: toY(h.yEdges[i])},
				Max: vg.Point{X: toX(h.xEdges[j+1]), Y: toY(h.yEdges[i+1])},
			}
			switch {
			case math.IsNaN(z):
			case math.IsInf(z, 0):
				drawDiverged(&c, cell)
			default:
				fillRectangle(&c, cell, palette.Viridis(scale.Normalize(h.bar.min, h.bar.max, z)))
			}
			if h.grid.Filled != nil && !h.grid.Filled[i][j] && !math.IsNaN(z) {
				drawRan(&c, cell.Min.Add(cell.Size().Scale(0.5)))
			}
		}
	}
}

func fillRectangle(c *draw.Canvas, r vg.Rectangle, colour color.Color) {
	// A hair of overlap: otherwise the seams between cells show through in a viewer that smooths edges.
	const hair = 0.15
	c.FillPolygon(colour, []vg.Point{
		{X: r.Min.X - hair, Y: r.Min.Y - hair},
		{X: r.Max.X + hair, Y: r.Min.Y - hair},
		{X: r.Max.X + hair, Y: r.Max.Y + hair},
		{X: r.Min.X - hair, Y: r.Max.Y + hair},
	})
}

func drawDiverged(c *draw.Canvas, cell vg.Rectangle) {
	fillRectangle(c, cell, noValue)
	size := cell.Size()
	if arm := min(size.X, size.Y) / 5; arm > 1.2 { // a smaller cross is a blot
		arm = min(arm, 3)
		at := cell.Min.Add(size.Scale(0.5))
		style := draw.LineStyle{Color: softInk, Width: 0.7}
		c.StrokeLines(style,
			[]vg.Point{{X: at.X - arm, Y: at.Y - arm}, {X: at.X + arm, Y: at.Y + arm}},
			[]vg.Point{{X: at.X - arm, Y: at.Y + arm}, {X: at.X + arm, Y: at.Y - arm}})
	}
}

// drawRan is a dot that is seen on every colour.
func drawRan(c *draw.Canvas, at vg.Point) {
	c.DrawGlyph(draw.GlyphStyle{Color: color.White, Radius: 1.5, Shape: draw.CircleGlyph{}}, at)
	c.DrawGlyph(draw.GlyphStyle{Color: ink, Radius: 0.9, Shape: draw.CircleGlyph{}}, at)
}

type ranCell struct{}

func (ranCell) Thumbnail(c *draw.Canvas) { drawRan(c, c.Center()) }

type divergedCell struct{}

func (divergedCell) Thumbnail(c *draw.Canvas) {
	at := c.Center()
	drawDiverged(c, vg.Rectangle{Min: vg.Point{X: at.X - 4, Y: at.Y - 4}, Max: vg.Point{X: at.X + 4, Y: at.Y + 4}})
}

// short is a quantity's symbol, or its name where it has none.
func short(q result.Quantity) string {
	if q.Symbol != "" {
		return q.Symbol
	}
	return q.Name
}

func heatAlt(g result.Grid, fold *Fold, title string) string {
	lowest, highest, diverged := math.Inf(1), math.Inf(-1), 0
	var at string
	for i, row := range g.Zs {
		for j, z := range row {
			switch {
			case math.IsInf(z, 0):
				diverged++
			case z < lowest:
				lowest = z
				at = fmt.Sprintf("%s = %s, %s = %s", short(g.X), result.Power(g.Xs[j]), short(g.Y), result.Power(g.Ys[i]))
			}
			if !math.IsInf(z, 0) && z > highest {
				highest = z
			}
		}
	}
	text := fmt.Sprintf("%s over %d values of %s and %d of %s: lowest %s at %s, highest %s", g.Z.Label(), len(g.Xs),
		g.X.Label(), len(g.Ys), g.Y.Label(), result.Number(lowest, 3), at, result.Number(highest, 3))
	if diverged > 0 {
		text += fmt.Sprintf("; %s diverged", count(diverged, "cell"))
	}
	if filled := g.NumFilled(); filled > 0 {
		text += fmt.Sprintf("; %s filled in by a law", count(filled, "cell"))
	}
	if fold != nil {
		text += fmt.Sprintf("; lines of constant %s are drawn", foldLabel(g.X, g.Y, fold.Exponent))
		if fold.Edge > 0 {
			text += fmt.Sprintf(", and the predicted stability edge at %s = %s", foldLabel(g.X, g.Y, fold.Exponent), result.Number(fold.Edge, 3))
		}
	}
	return sentence(text, title)
}
