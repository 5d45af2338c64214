package plots

import (
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// layout says where the panels of a figure lie at a width: in rows of axes that are all of one width, each column with the
// room that the widest of its keys needs.
type layout struct {
	axes vg.Length   // the width of a panel's axes with their tick labels
	keys []vg.Length // the width of the keys, by column
	rows []rowLayout
}

type rowLayout struct {
	panels []*panel
	header vg.Length // the height of the highest header, so that the axes of a row stand level
	height vg.Length // of the whole row
}

// layout lays the panels out within the margins.
func (f *Figure) layout(width vg.Length) layout {
	columns := max(1, min(len(f.panels), int((width+gap)/(minPanelWidth+gap)), 3))
	if f.columns > 0 {
		columns = min(columns, f.columns)
	}
	l := layout{keys: make([]vg.Length, columns), axes: width - vg.Length(columns-1)*gap}
	for i, p := range f.panels {
		l.keys[i%columns] = max(l.keys[i%columns], p.key.width())
	}
	for _, key := range l.keys {
		l.axes -= key
	}
	l.axes /= vg.Length(columns)

	for from := 0; from < len(f.panels); from += columns {
		row := rowLayout{panels: f.panels[from:min(from+columns, len(f.panels))]}
		body := vg.Length(0)
		for i, p := range row.panels {
			row.header = max(row.header, p.headerHeight(l.axes+l.keys[i]))
			body = max(body, p.bodyHeight(), p.key.height())
		}
		row.height = row.header + body
		l.rows = append(l.rows, row)
	}
	return l
}

// height is the figure's height at a width, margins included.
func (f *Figure) height(width vg.Length) vg.Length {
	if f.table != nil {
		return 2*margin + f.table.height(width-2*margin)
	}
	rows := f.layout(width - 2*margin).rows
	total := 2*margin + gap/2*vg.Length(len(rows)-1)
	for _, row := range rows {
		total += row.height
	}
	return total
}

// drawOn draws the figure on a canvas of its width and height.
func (f *Figure) drawOn(canvas draw.Canvas) error {
	canvas.SetColor(paper)
	canvas.Fill(canvas.Rectangle.Path())
	canvas = draw.Crop(canvas, margin, -margin, margin, -margin)
	if f.table != nil {
		f.table.drawOn(canvas)
		return nil
	}
	l := f.layout(canvas.Size().X)
	top := canvas.Max.Y
	for _, row := range l.rows {
		left := canvas.Min.X
		for i, p := range row.panels {
			area := draw.Canvas{Canvas: canvas.Canvas, Rectangle: vg.Rectangle{
				Min: vg.Point{X: left, Y: top - row.height}, Max: vg.Point{X: left + l.axes + l.keys[i], Y: top},
			}}
			if err := p.drawOn(area, row.header, l.axes); err != nil {
				return err
			}
			left = area.Max.X + gap
		}
		top -= row.height + gap/2
	}
	return nil
}
