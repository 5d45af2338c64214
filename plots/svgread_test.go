package plots_test

import (
	"fmt"
	"html"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"alphascale/plots"

	"gonum.org/v1/plot/vg"
)

// stroke is a path of an SVG file as a reader sees it.
type stroke struct {
	xs, ys []float64
	style  string
}

// words is a piece of text of an SVG file.
type words struct {
	x, y float64
	text string
}

// picture is what a figure's SVG file shows.
type picture struct {
	strokes []stroke
	texts   []words
}

var (
	pathElement = regexp.MustCompile(`<path d="([^"]*)" style="([^"]*)"`)
	textElement = regexp.MustCompile(`<text x="([^"]*)" y="([^"]*)"[^>]*>([^<]*)</text>`)
	place       = regexp.MustCompile(`[ML](-?[0-9.e-]+),(-?[0-9.e-]+)`)
)

func number(t *testing.T, s string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// seen draws a figure and reads the file back.
func seen(t *testing.T, f *plots.Figure, width vg.Length) (p picture) {
	t.Helper()
	svg, err := f.SVG(width)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range pathElement.FindAllStringSubmatch(string(svg), -1) {
		s := stroke{style: m[2]}
		for _, at := range place.FindAllStringSubmatch(m[1], -1) {
			s.xs, s.ys = append(s.xs, number(t, at[1])), append(s.ys, number(t, at[2]))
		}
		p.strokes = append(p.strokes, s)
	}
	for _, m := range textElement.FindAllStringSubmatch(string(svg), -1) {
		p.texts = append(p.texts, words{number(t, m[1]), -number(t, m[2]), html.UnescapeString(m[3])})
	}
	return p
}

// property is one of a style's, such as "stroke".
func (s stroke) property(name string) string {
	for _, part := range strings.Split(s.style, ";") {
		if key, value, _ := strings.Cut(strings.TrimSpace(part), ":"); key == name {
			return value
		}
	}
	return ""
}

// flat says whether the stroke is one line at a single height.
func (s stroke) flat() bool {
	for _, y := range s.ys {
		if math.Abs(y-s.ys[0]) > 0.01 {
			return false
		}
	}
	return len(s.ys) > 1 && s.property("stroke") != ""
}

// line is how a line is drawn, less its width, which is another in a key of thin lines.
func (s stroke) line() string {
	return s.property("stroke") + " " + s.property("stroke-dasharray")
}

// form is the shape of a sign whatever its size, with its colour.
func (s stroke) form() string {
	size := 0.0
	for i := range s.xs {
		size = max(size, math.Abs(s.xs[i]-s.xs[0]), math.Abs(s.ys[i]-s.ys[0]))
	}
	text := s.property("fill")
	for i := range s.xs {
		text += fmt.Sprintf(" %.1f,%.1f", math.Abs(s.xs[i]-s.xs[0])/size, math.Abs(s.ys[i]-s.ys[0])/size)
	}
	return text
}

// signsOn are the forms of the signs that stand on a curve.
func (p picture) signsOn(curve stroke) (forms []string) {
	from, to := slices.Min(curve.xs), slices.Max(curve.xs)
	for _, s := range p.strokes {
		if len(s.xs) < 2 || s.property("fill") == "none" || slices.Min(s.xs) < from-5 || slices.Max(s.xs) > to+5 {
			continue
		}
		if low, high := slices.Min(s.ys), slices.Max(s.ys); high-low < 8 && low <= curve.ys[0] && high >= curve.ys[0] {
			forms = append(forms, s.form())
		}
	}
	return forms
}

// text is all that is written, in the order of drawing.
func (p picture) text() string {
	var all []string
	for _, w := range p.texts {
		all = append(all, w.text)
	}
	return strings.Join(all, " ")
}
