package plots

import (
	"image/color"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// key explains the colours of a panel, to the right of it: a list, or a bar of colours where a list would be too long.
type key struct {
	heading string
	curves  []keyEntry // in the order of their family
	entries []keyEntry // what there is to explain beside curves, under the curves
	bar     *axis      // the values along the bar of colours from bottom to top; entries stand under it
	colour  func(t float64) color.RGBA
	fixed   bool // it says what holds of its own panel alone: nothing can be added to it
}

type keyEntry struct {
	label  string
	thumbs []plot.Thumbnailer
	place  int // of a curve in its family
}

// all are the entries from top to bottom.
func (k *key) all() []keyEntry { return slices.Concat(k.curves, k.entries) }

const (
	swatch     = vg.Length(14) // the width of a thumbnail
	keyPadding = vg.Length(8)  // between the axes and the key
	keyLine    = tickSize + 3.5
	maxEntries = 12 // of a list, before a bar of colours takes its place
	barWidth   = vg.Length(8)
	maxLabel   = vg.Length(84) // the width at which a label is cut
)

func (k *key) style() draw.TextStyle { return textStyle(tickSize, ink) }

// width is the room that the key takes beside the axes; a nil key takes none.
func (k *key) width() vg.Length {
	if k == nil {
		return 0
	}
	widest := vg.Length(0)
	for _, line := range k.headingLines() {
		widest = max(widest, k.style().Width(line))
	}
	for _, e := range k.all() {
		for _, line := range e.lines() {
			widest = max(widest, swatch+4+k.style().Width(line))
		}
	}
	if k.bar != nil {
		for _, tick := range k.bar.Ticks(k.bar.min, k.bar.max) {
			widest = max(widest, barWidth+6+k.style().Width(tick.Label))
		}
	}
	return keyPadding + widest
}

// height is what the key needs; the bar of colours takes what there is.
func (k *key) height() vg.Length {
	if k == nil {
		return 0
	}
	total := vg.Length(len(k.headingLines())) * keyLine
	for _, e := range k.all() {
		total += e.height()
	}
	if k.bar != nil {
		total += 60
	}
	return total
}

func (k *key) headingLines() []string {
	if k.heading == "" {
		return nil
	}
	return wrap(k.heading, k.style(), swatch+4+maxLabel)
}

// lines are the label's lines, a long one cut: the axes need the room.
func (e keyEntry) lines() []string {
	lines := strings.Split(e.label, "\n")
	style := textStyle(tickSize, ink)
	for i, line := range lines {
		if parts := pieces(line, style, maxLabel); len(parts) > 1 {
			lines[i] = strings.TrimRight(parts[0], " ") + "…"
		}
	}
	return lines
}

func (e keyEntry) height() vg.Length {
	return keyLine + vg.Length(len(e.lines())-1)*(tickSize+1)
}

// drawOn draws the key from the top of the area, whose bottom is that of the axes.
func (k *key) drawOn(area draw.Canvas) {
	left := area.Min.X + keyPadding
	top := area.Max.Y
	style := k.style()
	style.YAlign = draw.YCenter
	for _, line := range k.headingLines() {
		area.FillText(style, vg.Point{X: left, Y: top - keyLine/2}, line)
		top -= keyLine
	}
	if k.bar != nil {
		bottom := area.Min.Y + 4
		for _, e := range k.all() {
			bottom += e.height()
		}
		k.drawBar(area, left, bottom, top-5)
		top = bottom - 4
	}
	for _, e := range k.all() {
		box := draw.Canvas{Canvas: area.Canvas, Rectangle: vg.Rectangle{
			Min: vg.Point{X: left, Y: top - keyLine - 1.2}, Max: vg.Point{X: left + swatch, Y: top - 1.2}, // the letters' middle
		}}
		for _, thumb := range e.thumbs {
			thumb.Thumbnail(&box)
		}
		for i, line := range e.lines() {
			area.FillText(style, vg.Point{X: left + swatch + 4, Y: top - keyLine/2 - vg.Length(i)*(tickSize+1)}, line)
		}
		top -= e.height()
	}
}

func (k *key) drawBar(area draw.Canvas, left, bottom, top vg.Length) {
	const steps = 64
	height := (top - bottom) / steps
	for i := range steps {
		y := bottom + vg.Length(i)*height
		// Neighbours overlap by a hair: otherwise the seams show through in a viewer that smooths edges.
		area.FillPolygon(k.colour((float64(i)+0.5)/steps), []vg.Point{
			{X: left, Y: y}, {X: left + barWidth, Y: y}, {X: left + barWidth, Y: min(top, y+height+0.3)}, {X: left, Y: min(top, y+height+0.3)},
		})
	}
	style := k.style()
	style.YAlign = draw.YCenter
	scale := k.bar.scale()
	for _, tick := range k.bar.Ticks(k.bar.min, k.bar.max) {
		t := scale.Normalize(k.bar.min, k.bar.max, tick.Value)
		if tick.Label == "" || t < -1e-9 || t > 1+1e-9 {
			continue
		}
		y := bottom + vg.Length(t)*(top-bottom)
		area.StrokeLine2(draw.LineStyle{Color: softInk, Width: 0.5}, left+barWidth, y, left+barWidth+2.5, y)
		area.FillText(style, vg.Point{X: left + barWidth + 4, Y: y}, tick.Label)
	}
}
