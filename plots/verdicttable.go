package plots

import (
	"fmt"
	"image/color"
	"strings"

	"alphascale/lib/result"
	"alphascale/plots/internal/palette"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// VerdictTable draws a table as a figure, its cells wrapped to the width. A column named "verdict" gets a coloured sign
// before each word: true, false, depends, ill-posed (and confirmed, refuted).
//
// An error comes back if the table fails its Check or has no rows.
func VerdictTable(t result.Table, opts ...Option) (*Figure, error) {
	o := apply(t.Title, opts)
	if err := t.Check(); err != nil {
		return nil, fmt.Errorf("verdict table: %w", err)
	}
	if len(t.Rows) == 0 {
		return nil, fmt.Errorf("verdict table %q has no rows: give at least one", t.Title)
	}
	return &Figure{Alt: tableAlt(t, o.title), name: o.name, table: &tableDrawing{t, o.title}, data: []dataset{{table: &t}}}, nil
}

// tableDrawing lays a table out for a width.
type tableDrawing struct {
	result.Table
	title string
}

const (
	cellGap = vg.Length(9)
	rowGap  = vg.Length(3.5)
	signGap = vg.Length(10) // the room for a verdict's sign
)

var cellStyle = func() draw.TextStyle { return textStyle(tickSize, ink) }

// widths gives each column what its longest cell takes; where that is too much, the widest columns give way first, down to
// their longest word while that is possible.
func (t *tableDrawing) widths(total vg.Length) []vg.Length {
	n := vg.Length(len(t.Columns))
	natural, least := make([]vg.Length, len(t.Columns)), make([]vg.Length, len(t.Columns))
	for j, column := range t.Columns {
		for _, cell := range append([]string{column.Label()}, t.column(j)...) {
			natural[j] = max(natural[j], cellStyle().Width(cell)+t.indent(j))
			for _, word := range strings.Fields(cell) {
				least[j] = max(least[j], cellStyle().Width(word)+t.indent(j))
			}
		}
	}
	total -= cellGap * (n - 1)
	if narrow, sum := fitted(natural, least, total); sum <= total {
		return narrow
	}
	narrow, _ := fitted(natural, make([]vg.Length, len(natural)), total)
	return narrow
}

// fitted cuts the widths to the largest common limit with which their sum fits, but none to less than its least one.
func fitted(natural, least []vg.Length, total vg.Length) (cut []vg.Length, sum vg.Length) {
	low, high := vg.Length(0), vg.Length(0)
	for _, w := range natural {
		high = max(high, w)
	}
	under := func(limit vg.Length) (cut []vg.Length, sum vg.Length) {
		for j, w := range natural {
			cut = append(cut, min(w, max(limit, least[j])))
			sum += cut[j]
		}
		return cut, sum
	}
	if cut, sum := under(high); sum <= total {
		return cut, sum
	}
	for range 40 {
		if _, sum := under((low + high) / 2); sum > total {
			high = (low + high) / 2
		} else {
			low = (low + high) / 2
		}
	}
	return under(low)
}

func (t *tableDrawing) column(j int) []string {
	cells := make([]string, len(t.Rows))
	for i, row := range t.Rows {
		cells[i] = row[j]
	}
	return cells
}

func (t *tableDrawing) indent(column int) vg.Length {
	if t.isVerdict(column) {
		return signGap
	}
	return 0
}

func (t *tableDrawing) isVerdict(column int) bool {
	return strings.EqualFold(t.Columns[column].Name, "verdict")
}

// lines wraps a row's cells to the columns' widths; rows is what the highest of them takes.
func (t *tableDrawing) lines(cells []string, widths []vg.Length) (wrapped [][]string, rows int) {
	for j, cell := range cells {
		lines := wrap(cell, cellStyle(), widths[j]-t.indent(j))
		wrapped, rows = append(wrapped, lines), max(rows, len(lines))
	}
	return wrapped, rows
}

func (t *tableDrawing) header() []string {
	header := make([]string, len(t.Columns))
	for j, column := range t.Columns {
		header[j] = column.Label()
	}
	return header
}

func (t *tableDrawing) height(width vg.Length) vg.Length {
	widths := t.widths(width)
	total := vg.Length(0)
	if t.title != "" {
		total += titleSize + 2*lineGap
	}
	for _, cells := range append([][]string{t.header()}, t.Rows...) {
		_, rows := t.lines(cells, widths)
		total += lineHeight(rows)
	}
	return total
}

func lineHeight(rows int) vg.Length { return vg.Length(rows)*(tickSize+2) + 2*rowGap }

func (t *tableDrawing) drawOn(c draw.Canvas) {
	widths := t.widths(c.Size().X)
	top := c.Max.Y
	if t.title != "" {
		style := textStyle(titleSize, ink)
		style.YAlign = draw.YTop
		c.FillText(style, vg.Point{X: c.Min.X, Y: top}, t.title)
		top -= titleSize + 2*lineGap
	}
	top = t.drawRow(c, t.header(), widths, top, softInk, false)
	c.StrokeLine2(draw.LineStyle{Color: softInk, Width: 0.8}, c.Min.X, top, c.Max.X, top)
	for i, row := range t.Rows {
		top = t.drawRow(c, row, widths, top, ink, true)
		if i < len(t.Rows)-1 {
			c.StrokeLine2(draw.LineStyle{Color: gridInk, Width: 0.6}, c.Min.X, top, c.Max.X, top)
		}
	}
}

func (t *tableDrawing) drawRow(c draw.Canvas, cells []string, widths []vg.Length, top vg.Length, clr color.Color, signs bool) vg.Length {
	wrapped, rows := t.lines(cells, widths)
	style := cellStyle()
	style.Color, style.YAlign = clr, draw.YTop
	left := c.Min.X
	for j, lines := range wrapped {
		for i, line := range lines {
			y := top - rowGap - vg.Length(i)*(tickSize+2)
			c.FillText(style, vg.Point{X: left + t.indent(j), Y: y}, line)
		}
		if signs && t.isVerdict(j) {
			drawVerdict(&c, cells[j], vg.Point{X: left + 3, Y: top - rowGap - tickSize/2 - 1.6})
		}
		left += widths[j] + cellGap
	}
	return top - lineHeight(rows)
}

// drawVerdict draws the verdict's sign: form and colour both tell it, for those who do not see one of them.
func drawVerdict(c *draw.Canvas, verdict string, at vg.Point) {
	word, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(verdict)), " ")
	sign := marker{radius: 3}
	switch strings.Trim(word, ",;:.") {
	case "true", "confirmed":
		sign.shape, sign.colour = disc, palette.OkabeIto[2]
	case "false", "refuted":
		sign.shape, sign.colour, sign.radius = cross, palette.OkabeIto[1], 2.4
	case "depends":
		sign.shape, sign.colour = diamond, palette.OkabeIto[4]
	case "ill-posed":
		sign.shape, sign.colour = square, softInk
	default:
		return
	}
	sign.drawAt(c, at)
}

func tableAlt(t result.Table, title string) string {
	names := make([]string, len(t.Columns))
	for j, column := range t.Columns {
		names[j] = column.Label()
	}
	text := fmt.Sprintf("a table of %s by %s", count(len(t.Rows), "row"), strings.Join(names, ", "))
	for j, column := range t.Columns {
		if !strings.EqualFold(column.Name, "verdict") {
			continue
		}
		var order []string
		counts := make(map[string]int)
		for _, row := range t.Rows {
			if counts[row[j]]++; counts[row[j]] == 1 {
				order = append(order, row[j])
			}
		}
		for _, verdict := range order {
			text += fmt.Sprintf("; %d %s", counts[verdict], verdict)
		}
	}
	return sentence(text, title)
}
