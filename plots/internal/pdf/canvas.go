// Package pdf is a canvas of gonum/plot that writes PDF with any letter: gonum/plot's own encodes text in Windows-1252, which has
// neither α nor ⁻.
package pdf

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"
	"strconv"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
)

// Canvas draws to a PDF page, with text in one typeface.
//
// fpdf measures y downwards from the top and turns it over when it writes, while its transformations are those of PDF
// itself; so the canvas hands every y to fpdf as height − y and works in PDF's own coordinates, which are gonum/plot's.
type Canvas struct {
	doc           *fpdf.Fpdf
	typeface      string
	width, height vg.Length
	images        int
}

// New returns an empty page of the given size with a title for readers, whose text is set in a TrueType font, of which the file then holds
// the letters that are used.
func New(width, height vg.Length, title, typeface string, ttf []byte) *Canvas {
	doc := fpdf.NewCustom(&fpdf.InitType{UnitStr: "pt", Size: fpdf.SizeType{Wd: float64(width), Ht: float64(height)}})
	doc.SetCatalogSort(true)
	doc.SetCreationDate(time.Unix(0, 0).UTC()) // a fixed date: the same figure, the same bytes
	doc.SetModificationDate(time.Unix(0, 0).UTC())
	doc.SetMargins(0, 0, 0)
	doc.SetAutoPageBreak(false, 0)
	doc.AddUTF8FontFromBytes(typeface, "", ttf)
	doc.SetTitle(title, true)
	doc.AddPage()
	c := &Canvas{doc: doc, typeface: typeface, width: width, height: height}
	c.Push()
	vg.Initialize(c)
	return c
}

// Bytes ends the page and returns the file. The same drawing gives the same bytes.
func (c *Canvas) Bytes() ([]byte, error) {
	c.Pop()
	var out bytes.Buffer
	err := c.doc.Output(&out)
	return out.Bytes(), err
}

// Size, and what follows, are those of vg.Canvas.
func (c *Canvas) Size() (w, h vg.Length) { return c.width, c.height }

func (c *Canvas) at(p vg.Point) (x, y float64) { return float64(p.X), float64(c.height - p.Y) }

func (c *Canvas) SetLineWidth(w vg.Length) { c.doc.SetLineWidth(float64(w)) }

func (c *Canvas) SetLineDash(dashes []vg.Length, offset vg.Length) {
	pattern := make([]float64, len(dashes))
	for i, d := range dashes {
		pattern[i] = float64(d)
	}
	c.doc.SetDashPattern(pattern, float64(offset))
}

func (c *Canvas) SetColor(clr color.Color) {
	if clr == nil {
		clr = color.Black
	}
	plain := color.NRGBAModel.Convert(clr).(color.NRGBA)
	r, g, b := int(plain.R), int(plain.G), int(plain.B)
	c.doc.SetFillColor(r, g, b)
	c.doc.SetDrawColor(r, g, b)
	c.doc.SetTextColor(r, g, b)
	c.doc.SetAlpha(float64(plain.A)/255, "Normal")
}

func (c *Canvas) Rotate(angle float64) {
	sin, cos := math.Sincos(angle)
	c.doc.Transform(fpdf.TransformMatrix{A: cos, B: sin, C: -sin, D: cos})
}

func (c *Canvas) Translate(by vg.Point) {
	c.doc.Transform(fpdf.TransformMatrix{A: 1, D: 1, E: float64(by.X), F: float64(by.Y)})
}

func (c *Canvas) Scale(x, y float64) { c.doc.Transform(fpdf.TransformMatrix{A: x, D: y}) }

func (c *Canvas) Push() { c.doc.TransformBegin() }
func (c *Canvas) Pop()  { c.doc.TransformEnd() }

func (c *Canvas) Stroke(path vg.Path) {
	c.trace(path)
	c.doc.DrawPath("D")
}

func (c *Canvas) Fill(path vg.Path) {
	c.trace(path)
	c.doc.DrawPath("F")
}

func (c *Canvas) trace(path vg.Path) {
	for i, part := range path {
		x, y := c.at(part.Pos)
		switch part.Type {
		case vg.MoveComp:
			c.doc.MoveTo(x, y)
		case vg.LineComp:
			c.doc.LineTo(x, y)
		case vg.CurveComp:
			cx, cy := c.at(part.Control[0])
			if len(part.Control) == 1 {
				c.doc.CurveTo(cx, cy, x, y)
				continue
			}
			dx, dy := c.at(part.Control[1])
			c.doc.CurveBezierCubicTo(cx, cy, dx, dy, x, y)
		case vg.ArcComp:
			c.arc(part, i == 0)
		case vg.CloseComp:
			c.doc.ClosePath()
		}
	}
}

// arc draws an arc of a circle as cubic curves of at most a quarter turn each, which deviate by less than 0.03 % of the
// radius.
func (c *Canvas) arc(part vg.PathComp, first bool) {
	point := func(angle, along float64) (x, y float64) {
		sin, cos := math.Sincos(angle)
		r := float64(part.Radius)
		return c.at(part.Pos.Add(vg.Point{X: vg.Length(r * (cos - along*sin)), Y: vg.Length(r * (sin + along*cos))}))
	}
	pieces := max(1, int(math.Ceil(math.Abs(part.Angle)/(math.Pi/2)-1e-9)))
	turn := part.Angle / float64(pieces)
	reach := 4.0 / 3 * math.Tan(turn/4)
	if x, y := point(part.Start, 0); first {
		c.doc.MoveTo(x, y)
	} else {
		c.doc.LineTo(x, y)
	}
	for i := range pieces {
		from := part.Start + float64(i)*turn
		x1, y1 := point(from, reach)
		x2, y2 := point(from+turn, -reach)
		x, y := point(from+turn, 0)
		c.doc.CurveBezierCubicTo(x1, y1, x2, y2, x, y)
	}
}

func (c *Canvas) FillString(face font.Face, at vg.Point, text string) {
	c.doc.SetFont(c.typeface, "", float64(face.Font.Size))
	x, y := c.at(at)
	c.doc.Text(x, y, text)
}

func (c *Canvas) DrawImage(rect vg.Rectangle, img image.Image) {
	var content bytes.Buffer
	if err := png.Encode(&content, img); err != nil {
		c.doc.SetError(err)
		return
	}
	c.images++
	name := strconv.Itoa(c.images)
	options := fpdf.ImageOptions{ImageType: "png"}
	c.doc.RegisterImageOptionsReader(name, options, &content)
	x, y := c.at(vg.Point{X: rect.Min.X, Y: rect.Max.Y})
	size := rect.Size()
	c.doc.ImageOptions(name, x, y, float64(size.X), float64(size.Y), false, options, 0, "")
}
