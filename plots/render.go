package plots

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"alphascale/lib/result"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// printDPI is the resolution of a PNG that Save writes.
const printDPI = 300

// Save writes the figure at a width to a .png (300 dots an inch), .svg, .pdf or .tex file (see TeX); the height follows from the content.
// The file is there as a whole or not at all. An error comes back for another suffix, for a width that is not between 3 cm
// and 1 m, and from the file system.
func (f *Figure) Save(path string, width vg.Length) error {
	var content []byte
	var err error
	switch suffix := strings.ToLower(filepath.Ext(path)); suffix {
	case ".png":
		content, err = f.PNG(width, printDPI)
	case ".svg":
		content, err = f.SVG(width)
	case ".pdf":
		content, err = f.PDF(width)
	case ".tex":
		content, err = f.TeX(width)
	default:
		return fmt.Errorf("cannot save a figure as %q: the name must end in .png, .svg, .pdf or .tex", filepath.Base(path))
	}
	if err != nil {
		return err
	}
	return result.WriteFile(path, func(w io.Writer) error {
		_, err := w.Write(content)
		return err
	})
}

func (f *Figure) measure(width vg.Length) (height vg.Length, err error) {
	if f == nil || len(f.panels) == 0 && f.table == nil {
		return 0, fmt.Errorf("the figure is empty: check the error of the function that returned it")
	}
	if !(width >= 3*vg.Centimeter && width <= 100*vg.Centimeter) {
		return 0, fmt.Errorf("a figure %.4g cm wide: give a width from 3 cm to 1 m, such as plots.Column", float64(width/vg.Centimeter))
	}
	return f.height(width), nil
}

// render draws the figure. gonum/plot panics where it meets values it did not expect; what the charts let through to it
// comes back as an error, for a notebook must not lose a cell's results to a picture.
func (f *Figure) render(canvas draw.Canvas) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("the figure cannot be drawn: %v", cause)
		}
	}()
	return f.drawOn(canvas)
}
