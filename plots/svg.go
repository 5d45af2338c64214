package plots

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"html"

	"alphascale/plots/internal/truetype"

	"codeberg.org/go-fonts/dejavu/dejavusanscondensed"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

// SVG returns the figure as an SVG file that looks the same where its font is not installed: it carries the letters that it
// uses. Its description is the figure's Alt.
func (f *Figure) SVG(width vg.Length) ([]byte, error) {
	height, err := f.measure(width)
	if err != nil {
		return nil, err
	}
	canvas := &recordingCanvas{Canvas: vgsvg.NewWith(vgsvg.UseWH(width, height))}
	if err := f.render(draw.New(canvas)); err != nil {
		return nil, err
	}
	letters, err := truetype.Subset(dejavusanscondensed.TTF, canvas.runes)
	if err != nil {
		return nil, fmt.Errorf("cannot embed the font: %w", err)
	}
	var out bytes.Buffer
	if _, err := canvas.WriteTo(&out); err != nil {
		return nil, err
	}
	open := bytes.Index(out.Bytes(), []byte("<svg"))
	end := open + bytes.IndexByte(out.Bytes()[open:], '>')
	if open < 0 || end < open {
		return nil, fmt.Errorf("the drawing has no <svg> element: is this version of gonum/plot another one than go.mod names?")
	}
	content := out.Bytes()
	return fmt.Appendf(nil, "%s role=\"img\">\n<desc>%s</desc>\n<style>@font-face{font-family:%q;src:url(data:font/ttf;base64,%s)}</style>%s",
		content[:end], html.EscapeString(f.Alt), canvas.family, base64.StdEncoding.EncodeToString(letters), content[end+1:]), nil
}

// recordingCanvas notes which letters are drawn.
type recordingCanvas struct {
	*vgsvg.Canvas
	runes  []rune
	family string
}

func (c *recordingCanvas) FillString(face font.Face, at vg.Point, text string) {
	c.runes = append(c.runes, []rune(text)...)
	if name, err := face.Face.Name(nil, 1); err == nil { // 1 is the family, which vgsvg names too
		c.family = name
	}
	c.Canvas.FillString(face, at, text)
}
