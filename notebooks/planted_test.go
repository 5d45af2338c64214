package notebooks_test

import (
	"image"
	"image/color"
	"regexp"
	"slices"
	"strconv"
	"testing"
)

// eachOutput calls a function with every output of every chapter, and what its cell's metadata say.
func eachOutput(t *testing.T, visit func(t *testing.T, o output, set settings)) {
	t.Helper()
	for _, path := range paths(t) {
		for i, c := range read(t, path).Cells {
			for _, o := range c.Outputs {
				t.Run(path+" cell "+strconv.Itoa(i), func(t *testing.T) { visit(t, o, c.Metadata.Project) })
			}
		}
	}
}

var (
	opposite = map[string]string{"holds": "refuted", "refuted": "holds", "true": "false", "false": "true", "²": "³", "⁻¹": "⁻²"}
	words    = regexp.MustCompile(`holds|refuted|true|false|²|⁻¹`)
	law      = regexp.MustCompile(`(?:exponent|predicted) [-−]?(\d+(?:\.\d+)?)`)
	count    = regexp.MustCompile(`(\d+) (?:curves?|runs?)\b`)
)

// TestPlantedWords changes, one at a time, each verdict, exponent, prediction and number of curves that the chapters
// show. No cell's metadata may let it pass.
func TestPlantedWords(t *testing.T) {
	planted := map[bool]int{}
	eachOutput(t, func(t *testing.T, o output, set settings) {
		text := string(o.Text + o.Data["text/plain"])
		mustRefuse := func(at []int, by string) {
			planted[set.Chaotic]++
			if wrong := text[:at[0]] + by + text[at[1]:]; sameText(text, wrong, set) == nil {
				t.Errorf("%q in the place of %q passes in\n%s", by, text[at[0]:at[1]], wrong)
			}
		}
		names := winner.FindAllStringIndex(text, -1)
		for _, at := range words.FindAllStringIndex(text, -1) {
			named := slices.ContainsFunc(names, func(n []int) bool { return n[0] <= at[0] && at[1] <= n[1] })
			if !set.Chaotic || !named { // otherwise it is in the name of the run that happens to end lowest
				mustRefuse(at, opposite[text[at[0]:at[1]]])
			}
		}
		for _, at := range law.FindAllStringSubmatchIndex(text, -1) {
			value, err := strconv.ParseFloat(text[at[2]:at[3]], 64)
			if err != nil {
				t.Fatal(err)
			}
			mustRefuse(at[2:4], strconv.FormatFloat(1.05*value+0.05, 'g', -1, 64)) // 1 becomes 1.1
		}
		for _, at := range count.FindAllStringSubmatchIndex(text, -1) {
			number, err := strconv.Atoi(text[at[2]:at[3]])
			if err != nil {
				t.Fatal(err)
			}
			mustRefuse(at[2:4], strconv.Itoa(number-1))
		}
	})
	if planted[true] < 20 || planted[false] < 400 {
		t.Errorf("%v faults were planted, by whether a cell is chaotic: the expressions no longer find what the chapters print", planted)
	}
}

// TestPlantedCurves paints over one curve at a time in one panel of each figure of the chapters, and in another copy
// bends it, as a wrong exponent does.
func TestPlantedCurves(t *testing.T) {
	planted := 0
	eachOutput(t, func(t *testing.T, o output, set settings) {
		encoded, found := o.Data["image/png"]
		if !found {
			return
		}
		picture, err := decode(string(encoded))
		if err != nil {
			t.Fatal(err)
		}
		lines, _ := look(picture)
		for _, panel := range panels(picture) {
			for colour, tiles := range lines {
				if width(tiles, panel) < leastColumns { // a mark, not a curve
					continue
				}
				planted++
				for what, fault := range map[string]func(*image.RGBA, image.Rectangle, color.RGBA){"missing": erase, "bent": bend} {
					if what == "bent" && set.Chaotic {
						continue // so may a chaotic curve be
					}
					wrong := image.NewRGBA(picture.Rect)
					copy(wrong.Pix, picture.Pix)
					fault(wrong, panel, colour)
					if sameImage(picture, wrong, set) == nil {
						t.Errorf("in the panel at %v the curve of colour %v is %s, and the picture passes", panel, colour, what)
					}
				}
			}
		}
	})
	if planted < 50 {
		t.Errorf("only %d curves were found in the figures", planted)
	}
}

func erase(p *image.RGBA, panel image.Rectangle, c color.RGBA) {
	for y := panel.Min.Y; y < panel.Max.Y; y++ {
		for x := panel.Min.X; x < panel.Max.X; x++ {
			if p.RGBAAt(x, y) == c {
				p.SetRGBA(x, y, color.RGBA{255, 255, 255, 255})
			}
		}
	}
}

// bend turns a curve about the middle of its panel so that its ends move by a tenth of the panel's width.
func bend(p *image.RGBA, panel image.Rectangle, c color.RGBA) {
	before := image.NewRGBA(p.Rect)
	copy(before.Pix, p.Pix)
	erase(p, panel, c)
	for y := panel.Min.Y; y < panel.Max.Y; y++ {
		for x := panel.Min.X; x < panel.Max.X; x++ {
			shifted := image.Pt(x, y+(x-(panel.Min.X+panel.Max.X)/2)/5)
			if before.RGBAAt(x, y) == c && shifted.In(panel) {
				p.SetRGBA(shifted.X, shifted.Y, c)
			}
		}
	}
}
