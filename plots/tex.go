package plots

import (
	"bytes"

	"alphascale/plots/internal/tex"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// TeX returns the figure as a picture of LaTeX's package pgf, for \input in a document that has \usepackage{pgf}: its text is set in the
// document's fonts. The same figure gives the same bytes.
func (f *Figure) TeX(width vg.Length) ([]byte, error) {
	height, err := f.measure(width)
	if err != nil {
		return nil, err
	}
	canvas := tex.New(width, height)
	if err := f.render(draw.New(canvas)); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	_, err = canvas.WriteTo(&out)
	return out.Bytes(), err
}
