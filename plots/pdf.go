package plots

import (
	"alphascale/plots/internal/pdf"

	"codeberg.org/go-fonts/dejavu/dejavusanscondensed"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// PDF returns the figure as a one-page PDF file with the letters that it uses embedded, so that its text can be searched
// and copied. The same figure gives the same bytes.
func (f *Figure) PDF(width vg.Length) ([]byte, error) {
	height, err := f.measure(width)
	if err != nil {
		return nil, err
	}
	canvas := pdf.New(width, height, f.Alt, string(typeface), dejavusanscondensed.TTF)
	if err := f.render(draw.New(canvas)); err != nil {
		return nil, err
	}
	return canvas.Bytes()
}
