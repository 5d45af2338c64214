package plots

import (
	"image/color"
	"sync"

	"alphascale/plots/internal/tex"

	"codeberg.org/go-fonts/dejavu/dejavusanscondensed"
	"golang.org/x/image/font/opentype"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Widths of a figure in print.
const (
	Column     = 8.5 * vg.Centimeter  // one column of a two-column paper
	TwoColumns = 17.5 * vg.Centimeter // the whole width of one
)

const (
	titleSize = vg.Length(9)
	labelSize = vg.Length(8)
	tickSize  = vg.Length(7)
	curveLine = vg.Length(1.2)
)

var (
	ink       = color.RGBA{R: 0x26, G: 0x26, B: 0x26, A: 255}
	softInk   = color.RGBA{R: 0x59, G: 0x59, B: 0x59, A: 255}
	gridInk   = color.RGBA{R: 0xe4, G: 0xe4, B: 0xe4, A: 255}
	paper     = color.RGBA{R: 255, G: 255, B: 255, A: 255}
	noValue   = color.RGBA{R: 0xd0, G: 0xd0, B: 0xd0, A: 255}
	alarm     = color.RGBA{R: 0xfb, G: 0xe9, B: 0xdf, A: 255}
	lawColour = color.RGBA{R: 0xd5, G: 0x5e, B: 0x00, A: 255}
)

// typeface is DejaVu Sans Condensed: unlike gonum/plot's Liberation it has every superscript, ∇, ∝, ∠ and ✓.
const typeface = font.Typeface("DejaVu Sans Condensed")

// textHandler holds a font cache of this package's own, so that gonum/plot's global one stays as it is.
var textHandler = sync.OnceValues(func() (text.Handler, error) {
	face, err := opentype.Parse(dejavusanscondensed.TTF)
	if err != nil {
		return nil, err
	}
	cache := font.NewCache(font.Collection{{Font: font.Font{Typeface: typeface}, Face: face}})
	return tex.Handler{Plain: text.Plain{Fonts: cache}}, nil
})

// textStyle is text of the given size and colour, anchored at its left end on the base line.
func textStyle(size vg.Length, c color.Color) text.Style {
	handler, _ := textHandler() // an error has come back from newPlot before any text is drawn
	return text.Style{Color: c, Font: font.Font{Typeface: typeface, Size: size}, Handler: handler}
}

// newPlot returns an empty plot in the package's theme: no frame, thin grey axes, a pale grid, no text but tick labels.
// Axis labels and titles are drawn by the panel: gonum/plot places a label's box wrongly on a logarithmic axis.
func newPlot(x, y axis) (*plot.Plot, error) {
	handler, err := textHandler()
	if err != nil {
		return nil, err
	}
	p := plot.New()
	p.TextHandler = handler
	p.BackgroundColor = nil
	p.Title.TextStyle = textStyle(titleSize, ink)
	p.Legend.TextStyle = textStyle(tickSize, ink)
	for _, each := range []struct {
		to *plot.Axis
		as axis
	}{{&p.X, x}, {&p.Y, y}} {
		each.to.Min, each.to.Max = each.as.min, each.as.max
		each.to.Scale = each.as.scale()
		each.to.Tick.Marker = each.as
		each.to.Padding = 0
		each.to.LineStyle = draw.LineStyle{Color: softInk, Width: 0.6}
		each.to.Tick.LineStyle = each.to.LineStyle
		each.to.Tick.Length = 3
		each.to.Label.TextStyle = textStyle(labelSize, ink)
		align := each.to.Tick.Label
		each.to.Tick.Label = textStyle(tickSize, ink)
		each.to.Tick.Label.XAlign, each.to.Tick.Label.YAlign = align.XAlign, align.YAlign
	}
	grid := draw.LineStyle{Color: gridInk, Width: 0.5}
	p.Add(&plotter.Grid{Vertical: grid, Horizontal: grid})
	return p, nil
}
