package plots

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"alphascale/lib/result"
)

// line is a figure of one straight line.
func line(slope float64) (*Figure, error) {
	s := result.Series{Label: "line", X: result.Step(), Y: result.Loss(), Xs: []float64{0, 1, 2}, Ys: []float64{1, 1 + slope, 1 + 2*slope}}
	return LossFan([]result.Series{s})
}

// TestSlide has a picture for each position with its value and what it shows, and writes the files of each.
func TestSlide(t *testing.T) {
	folder := t.TempDir()
	t.Setenv(FiguresFolder, folder)
	slide := Slide{Label: "α", Values: []string{"1/2", "1", "<2>"}, Start: 1}
	var frames []*Figure
	err := slide.Show("tiny", func(position int) (*Figure, error) {
		f, err := line(float64(position + 1))
		frames = append(frames, f)
		return f, err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{"tiny-1.png", "tiny-3.pdf", "tiny-2.csv"} {
		if _, err := os.Stat(filepath.Join(folder, file)); err != nil {
			t.Error(err)
		}
	}
	page, err := slide.page(frames)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(regexp.MustCompile(`<img [^>]*src="data:image/png;base64,[A-Za-z0-9+/=]+">`).FindAllString(page, -1)); n != 3 {
		t.Errorf("%d pictures of 3 are on the page", n)
	}
	for _, want := range []string{`data-value="&lt;2&gt;"`, `max="2" value="1"`, `<p hidden>`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if strings.Count(page, "onload") != 2 { // as an attribute, and in the script that takes it away
		t.Error("more than the last picture wakes the slider")
	}
}

func TestSlideRefuses(t *testing.T) {
	never := func(int) (*Figure, error) { return nil, errors.New("no such run") }
	for name, test := range map[string]struct {
		slide Slide
		says  string
	}{
		"no position":     {Slide{Label: "α", Values: []string{"1"}, Start: 1}, "position 1 of 1"},
		"a failing frame": {Slide{Label: "α", Values: []string{"1/4"}}, "α = 1/4: no such run"},
	} {
		if err := test.slide.Show("x", never); err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: %v, want a word of %q", name, err, test.says)
		}
	}
}
