package notebooks_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image"
	"image/png"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

const (
	defaultTolerance = 0.02
	// svgTolerance is in the figure's own units, half a point.
	svgTolerance = 0.5
	// pngShare is how many of a picture's pixels may differ visibly.
	pngShare = 0.002
)

var (
	numbers = regexp.MustCompile(`[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?`)
	spaces  = regexp.MustCompile(`[^\S\n]+`)
	inlined = regexp.MustCompile(`data:image/(svg\+xml|png);base64,([A-Za-z0-9+/=]+)`)
)

// sameData compares two outputs of one MIME type.
func sameData(kind, was, is string, set settings) error {
	switch {
	case was == is || set.Volatile && kind == "image/png":
		return nil
	case kind == "image/png":
		return samePNG(was, is)
	case kind == "image/svg+xml":
		return sameNumbers(was, is, svgTolerance, set)
	}
	// Pictures in the HTML are compared as pictures, and taken out of the text that is then compared as text.
	wasPictures, isPictures := inlined.FindAllStringSubmatch(was, -1), inlined.FindAllStringSubmatch(is, -1)
	if len(wasPictures) != len(isPictures) {
		return fmt.Errorf("%d pictures committed, %d now", len(wasPictures), len(isPictures))
	}
	for i, p := range wasPictures {
		if err := samePicture(p, isPictures[i], set); err != nil {
			return fmt.Errorf("picture %d: %w", i, err)
		}
	}
	return sameText(inlined.ReplaceAllString(was, ""), inlined.ReplaceAllString(is, ""), set)
}

// samePicture compares two matches of the expression inlined.
func samePicture(was, is []string, set settings) error {
	if was[1] != is[1] {
		return fmt.Errorf("was %s and is %s", was[1], is[1])
	}
	if was[1] == "png" {
		return sameData("image/png", was[2], is[2], set)
	}
	a, err := base64.StdEncoding.DecodeString(was[2])
	if err != nil {
		return fmt.Errorf("the committed picture: %w", err)
	}
	b, err := base64.StdEncoding.DecodeString(is[2])
	if err != nil {
		return fmt.Errorf("the fresh picture: %w", err)
	}
	return sameNumbers(string(a), string(b), svgTolerance, set)
}

// sameText compares words exactly and numbers within the cell's tolerance; blanks only separate, since a column's
// width follows its numbers.
func sameText(was, is string, set settings) error {
	return sameNumbers(spaces.ReplaceAllString(was, " "), spaces.ReplaceAllString(is, " "), 0, set)
}

func sameNumbers(was, is string, absolute float64, set settings) error {
	if was == is {
		return nil
	}
	if a, b := numbers.ReplaceAllString(was, "#"), numbers.ReplaceAllString(is, "#"); a != b {
		return fmt.Errorf("the text was\n%s\nand is\n%s", shorten(was), shorten(is))
	}
	if set.Volatile {
		return nil
	}
	relative := set.Tolerance
	if relative == 0 {
		relative = defaultTolerance
	}
	news := numbers.FindAllString(is, -1)
	for i, old := range numbers.FindAllString(was, -1) {
		a, errA := strconv.ParseFloat(old, 64)
		b, errB := strconv.ParseFloat(news[i], 64)
		if errA != nil || errB != nil || math.Abs(a-b) > absolute+relative*max(math.Abs(a), math.Abs(b)) {
			return fmt.Errorf("number %d was %s and is %s in\n%s", i, old, news[i], shorten(is))
		}
	}
	return nil
}

func shorten(s string) string {
	const most = 1500
	if len(s) > most {
		return strings.ToValidUTF8(s[:most], "") + " …"
	}
	return s
}

// samePNG allows for a few pixels, where a curve's rounding differs.
func samePNG(was, is string) error {
	a, err := decode(was)
	if err != nil {
		return fmt.Errorf("the committed picture: %w", err)
	}
	b, err := decode(is)
	if err != nil {
		return fmt.Errorf("the fresh picture: %w", err)
	}
	if a.Bounds() != b.Bounds() {
		return fmt.Errorf("the picture was %v and is %v", a.Bounds(), b.Bounds())
	}
	differ, bounds := 0, a.Bounds()
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			if visible(a, b, x, y) {
				differ++
			}
		}
	}
	if all := bounds.Dx() * bounds.Dy(); float64(differ) > pngShare*float64(all) {
		return fmt.Errorf("%d of the picture's %d pixels differ", differ, all)
	}
	return nil
}

func decode(encoded string) (image.Image, error) {
	raw, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(encoded), ""))
	if err != nil {
		return nil, err
	}
	return png.Decode(bytes.NewReader(raw))
}

// visible says whether the two pictures differ at a point by an eighth of the scale or more.
func visible(a, b image.Image, x, y int) bool {
	const eighth = 0xffff / 8
	r1, g1, b1, a1 := a.At(x, y).RGBA()
	r2, g2, b2, a2 := b.At(x, y).RGBA()
	for _, d := range [...]int64{int64(r1) - int64(r2), int64(g1) - int64(g2), int64(b1) - int64(b2), int64(a1) - int64(a2)} {
		if d > eighth || d < -eighth {
			return true
		}
	}
	return false
}

// TestSame holds the comparison itself to what it must accept and refuse.
func TestSame(t *testing.T) {
	tests := []struct {
		name    string
		was, is string
		set     settings
		same    bool
	}{
		{"equal", "loss 0.125", "loss 0.125", settings{}, true},
		{"another rounding", "loss 0.125", "loss 0.1251", settings{}, true},
		{"another width", "a   1.00\nb 100.00", "a  1.01\nb 100.01", settings{}, true},
		{"another number", "loss 0.125", "loss 0.25", settings{}, false},
		{"another sign", "slope 2", "slope -2", settings{}, false},
		{"within its tolerance", "loss 0.125", "loss 0.15", settings{Tolerance: 0.2}, true},
		{"another word", "verdict: true", "verdict: false", settings{}, false},
		{"a time", "took 1.5 s", "took 900 s", settings{Volatile: true}, true},
		{"a time and another word", "took 1.5 s", "failed after 900 s", settings{Volatile: true}, false},
		{"number became NaN", "loss 0.1", "loss NaN", settings{}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if err := sameText(tt.was, tt.is, tt.set); (err == nil) != tt.same {
				t.Errorf("sameText(%q, %q) = %v, want same %v", tt.was, tt.is, err, tt.same)
			}
		})
	}
}
