package plots

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

const lineGap = vg.Length(2.5)

func (p *panel) bodyHeight() vg.Length {
	if p.height > 0 {
		return p.height
	}
	return bodyHeight
}

// headerLine is one line of text above the axes.
type headerLine struct {
	text  string
	style draw.TextStyle
}

// header is what stands above the axes at a width: title, notes, and the y label, which reads without tilting the head and
// leaves the width to the curves.
func (p *panel) header(width vg.Length) []headerLine {
	var lines []headerLine
	add := func(text string, style draw.TextStyle) {
		style.YAlign = draw.YTop
		if text != "" {
			for _, part := range wrap(text, style, width) {
				lines = append(lines, headerLine{part, style})
			}
		}
	}
	add(p.title, textStyle(titleSize, ink))
	notes := p.notes
	if !p.still {
		notes = slices.Concat(notes, p.leftOut)
	}
	for _, note := range notes {
		add(note, textStyle(tickSize, softInk))
	}
	for range p.reserve - len(notes) {
		style := textStyle(tickSize, softInk)
		style.YAlign = draw.YTop
		lines = append(lines, headerLine{" ", style})
	}
	add(p.label(), textStyle(labelSize, softInk))
	return lines
}

// label is that of the y axis.
func (p *panel) label() string { return cmp.Or(p.yLabel, p.y.quantity.Label()) }

// headerHeight is what the header takes of the panel's height.
func (p *panel) headerHeight(width vg.Length) vg.Length {
	height := 2*lineGap + 1.5
	for _, line := range p.header(width) {
		height += line.style.Font.Size + lineGap
	}
	return height
}

// drawOn draws the header into the topmost part of the area, as high as the highest header of the panel's row, then the
// axes, of the given width,  with their layers, the x label, and the key to the right.
func (p *panel) drawOn(area draw.Canvas, header, axes vg.Length) error {
	plt, err := newPlot(p.x, p.y)
	if err != nil {
		return err
	}
	plt.Add(p.layers...)

	top := area.Max.Y
	lines := p.header(area.Max.X - area.Min.X)
	for i, line := range lines {
		if i == len(lines)-1 { // the y label stays with its axis
			top = area.Max.Y - header + 2*lineGap + 1.5 + line.style.Font.Size
		}
		area.FillText(line.style, vg.Point{X: area.Min.X, Y: top}, line.text)
		top -= line.style.Font.Size + lineGap
	}
	body := draw.Crop(area, 0, axes-area.Size().X, 0, -header)

	under := textStyle(labelSize, softInk)
	under.XAlign = draw.XCenter
	body.Min.Y += labelSize + lineGap
	plt.Draw(body)
	data := plt.DataCanvas(body)
	body.FillText(under, vg.Point{X: data.Center().X, Y: area.Min.Y + under.FontExtents().Descent}, p.x.quantity.Label())

	if p.key != nil {
		beside := draw.Canvas{Canvas: area.Canvas, Rectangle: vg.Rectangle{
			Min: vg.Point{X: body.Max.X, Y: data.Min.Y}, Max: vg.Point{X: area.Max.X, Y: body.Max.Y},
		}}
		p.key.drawOn(beside)
	}
	return nil
}

// wrap breaks a text at spaces so that each line fits the width, and a word that does not fit by itself at its hyphen or
// wherever it must. An equation such as "α = 2" is one word.
func wrap(text string, style draw.TextStyle, width vg.Length) []string {
	const bound = "\u00a0"
	var lines []string
	current := ""
	for _, word := range strings.Split(strings.ReplaceAll(text, " = ", bound+"="+bound), " ") {
		parts := pieces(word, style, width)
		for i, part := range parts {
			longer := part
			if current != "" && i == 0 {
				longer = current + " " + part
			}
			if current != "" && (i > 0 || style.Width(longer) > width) {
				lines, current = append(lines, current), part
				continue
			}
			current = longer
		}
	}
	lines = append(lines, current)
	for i := range lines {
		lines[i] = strings.ReplaceAll(lines[i], bound, " ")
	}
	return lines
}

// pieces cuts a word that is wider than the width: after a hyphen if one stands in what fits, otherwise after what fits.
func pieces(word string, style draw.TextStyle, width vg.Length) []string {
	var parts []string
	for style.Width(word) > width {
		cut, hyphen := 0, 0
		for i, r := range word {
			end := i + utf8.RuneLen(r)
			if cut > 0 && style.Width(word[:end]) > width {
				break
			}
			cut = end
			if r == '-' {
				hyphen = end
			}
		}
		if hyphen > 0 {
			cut = hyphen
		}
		if cut == len(word) { // a single letter is wider than the width
			break
		}
		parts, word = append(parts, word[:cut]), word[cut:]
	}
	return append(parts, word)
}
