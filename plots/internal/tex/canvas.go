// Package tex is a canvas of gonum/plot that writes a picture for LaTeX's pgf, with text in the fonts of the document that has it.
package tex

import (
	"fmt"
	"image"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgtex"
)

// Canvas is gonum/plot's canvas for pgf with text that LaTeX can set, aligned by LaTeX's own widths.
type Canvas struct {
	*vgtex.Canvas
	align text.XAlignment
}

// New returns an empty picture of that size.
func New(width, height vg.Length) *Canvas { return &Canvas{Canvas: vgtex.New(width, height)} }

// FillString sets a line whose left end is there in the font that measured it. It panics, as gonum/plot does, for a letter that LaTeX is
// not known to have.
func (c *Canvas) FillString(face font.Face, at vg.Point, line string) {
	set, err := Text(line)
	if err != nil {
		panic(err)
	}
	box := `\hbox to 0pt{\hss %s\hss}`
	anchor := at.X - vg.Length(c.align)*face.Width(line) // an alignment is the share of the width by which text is moved: 0, −1/2, −1
	switch c.align {
	case text.XLeft:
		box = `\hbox to 0pt{%s\hss}`
	case text.XRight:
		box = `\hbox to 0pt{\hss %s}`
	}
	set = fmt.Sprintf(box, set)
	// The canvas beneath moves text by half the width that it takes its source for.
	c.Canvas.FillString(face, vg.Point{X: anchor - face.Width(set)/2, Y: at.Y}, set)
}

// DrawImage panics: a picture for LaTeX has lines, areas and text.
func (c *Canvas) DrawImage(vg.Rectangle, image.Image) { panic("pgf takes no image") }

// Handler is gonum/plot's plain text, which tells a Canvas how a line is aligned before it draws it.
type Handler struct{ text.Plain }

// Draw is that of text.Handler.
func (h Handler) Draw(c vg.Canvas, txt string, style text.Style, at vg.Point) {
	inner := c
	for {
		drawn, ok := inner.(*draw.Canvas)
		if !ok {
			break
		}
		inner = drawn.Canvas
	}
	if picture, ok := inner.(*Canvas); ok {
		picture.align = style.XAlign
	}
	h.Plain.Draw(c, txt, style, at)
}
