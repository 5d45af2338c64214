package plots

import (
	"bytes"
	"cmp"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
)

// PNG returns the figure as a PNG file at a width and a resolution in dots an inch. The same figure gives the same bytes.
func (f *Figure) PNG(width vg.Length, dpi float64) ([]byte, error) {
	if !(dpi >= 20 && dpi <= 1200) {
		return nil, fmt.Errorf("a resolution of %v dots an inch: give one from 20 to 1200", dpi)
	}
	height, err := f.measure(width)
	if err != nil {
		return nil, err
	}
	canvas := vgimg.NewWith(vgimg.UseWH(width, height), vgimg.UseDPI(int(math.Round(dpi))))
	if err := f.render(draw.New(canvas)); err != nil {
		return nil, err
	}
	picture, ok := canvas.Image().(*image.RGBA)
	if !ok {
		return nil, fmt.Errorf("the drawing is a %T and not an RGBA image: is this version of gonum/plot another one than go.mod names?",
			canvas.Image())
	}
	if f.table != nil {
		return encodePNG(picture, tableColours)
	}
	return encodePNG(picture, chartColours)
}

const (
	chartColours = 128 // what a chart needs; a PNG could have 256, and would be a tenth larger
	tableColours = 16  // letters and a few signs; a table is large, and this makes it a third smaller again
)

// encodePNG writes an image with at most the given number of colours; the others, shades at the edges of lines and letters,
// take the nearest. It makes a chart's file three times smaller, and no eye sees it.
func encodePNG(picture *image.RGBA, colours int) ([]byte, error) {
	counts := make(map[color.RGBA]int)
	runs(picture, func(c color.RGBA, _, length int) { counts[c] += length })
	palette, index := choose(counts, colours)
	indexed := image.NewPaletted(picture.Bounds(), palette)
	runs(picture, func(c color.RGBA, at, length int) {
		i := index[c]
		for k := range length {
			indexed.Pix[at+k] = i
		}
	})
	var out bytes.Buffer
	err := png.Encode(&out, indexed)
	return out.Bytes(), err
}

// runs calls visit for each run of pixels of one colour within a row, with the number of its first pixel. A chart is mostly
// long runs, so this spares most of the look-ups.
func runs(picture *image.RGBA, visit func(c color.RGBA, at, length int)) {
	width := picture.Rect.Dx()
	for y := range picture.Rect.Dy() {
		row := picture.Pix[y*picture.Stride:][: 4*width : 4*width]
		start := 0
		for x := 1; x <= width; x++ {
			if x < width && [4]byte(row[4*x:]) == [4]byte(row[4*start:]) {
				continue
			}
			p := row[4*start:]
			visit(color.RGBA{R: p[0], G: p[1], B: p[2], A: p[3]}, y*width+start, x-start)
			start = x
		}
	}
}

// choose returns the most frequent colour, then again and again the one whose pixels lie farthest from the palette so far:
// frequent shades and the rare colours of a bar both get their place. The index says which one is the nearest to each. The
// order depends on nothing but the counts.
func choose(counts map[color.RGBA]int, colours int) (palette color.Palette, index map[color.RGBA]uint8) {
	type shade struct {
		color.RGBA
		count, distance int // the distance to the nearest colour of the palette, squared
		nearest         uint8
	}
	shades := make([]shade, 0, len(counts))
	for c, n := range counts {
		shades = append(shades, shade{RGBA: c, count: n, distance: math.MaxInt32})
	}
	number := func(c color.RGBA) int { return int(c.R)<<24 | int(c.G)<<16 | int(c.B)<<8 | int(c.A) }
	slices.SortFunc(shades, func(a, b shade) int {
		return cmp.Or(b.count-a.count, number(a.RGBA)-number(b.RGBA))
	})
	for next := 0; len(palette) < min(colours, len(shades)); {
		chosen := shades[next].RGBA
		palette = append(palette, chosen)
		most := -1
		for i := range shades {
			s := &shades[i]
			if d := squared(s.RGBA, chosen); d < s.distance {
				s.distance, s.nearest = d, uint8(len(palette)-1)
			}
			if far := s.distance * s.count; far > most {
				next, most = i, far
			}
		}
	}
	index = make(map[color.RGBA]uint8, len(shades))
	for _, s := range shades {
		index[s.RGBA] = s.nearest
	}
	return palette, index
}

func squared(a, b color.RGBA) int {
	r, g, u, o := int(a.R)-int(b.R), int(a.G)-int(b.G), int(a.B)-int(b.B), int(a.A)-int(b.A)
	return r*r + g*g + u*u + o*o
}
