package plots_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"alphascale/lib/result"
	"alphascale/plots"
)

func ExampleExplore() {
	knobs := []plots.Knob{
		{Label: "α", Values: plots.Labels([]float64{0.5, 1, 2}), Start: 1},
		{Label: "optimizer", Values: []string{"sgd", "adam"}, Choice: true},
	}
	strip := [][]int{{0, 0}, {2, 1}} // what stands in a page that no browser has opened
	err := plots.Explore("explorer", knobs, strip, func(at []int) (*plots.Figure, string, error) {
		fmt.Println("α =", knobs[0].Values[at[0]], "optimizer", knobs[1].Values[at[1]])
		s := result.Series{Label: "loss", X: result.Step(), Y: result.Loss(), Xs: []float64{0, 1}, Ys: []float64{2.3, 1 / float64(at[0]+1)}}
		f, err := plots.LossFan([]result.Series{s})
		return f, "a sentence", err
	})
	fmt.Println(err)
	// Output:
	// α = 0.5 optimizer sgd
	// α = 2 optimizer adam
	// <nil>
}

// TestExploreFiles finds the strip's figures under the explorer's name.
func TestExploreFiles(t *testing.T) {
	folder := t.TempDir()
	t.Setenv(plots.FiguresFolder, folder)
	knob := plots.Knob{Label: "α", Values: plots.Labels([]int{1, 2})}
	if err := plots.Explore("strip", []plots.Knob{knob}, [][]int{{0}, {1}}, drawing); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"strip-a.png", "strip-a.svg", "strip-b.pdf", "strip-b.csv"} {
		if _, err := os.Stat(filepath.Join(folder, name)); err != nil {
			t.Error(err)
		}
	}
}

func drawing(at []int) (*plots.Figure, string, error) {
	s := result.Series{Label: "loss", X: result.Step(), Y: result.Loss(), Xs: []float64{0, 1}, Ys: []float64{2, 1}}
	f, err := plots.LossFan([]result.Series{s})
	return f, "", err
}

// TestExploreErrors names what is wrong with the knobs, and passes on the error of the figure.
func TestExploreErrors(t *testing.T) {
	two := plots.Knob{Label: "α", Values: []string{"1", "2"}}
	beyond := two
	beyond.Start = 2
	broken := errors.New("no such network")
	for want, c := range map[string]struct {
		knobs []plots.Knob
		strip [][]int
		draw  func([]int) (*plots.Figure, string, error)
	}{
		"0 knobs":              {nil, [][]int{{}}, drawing},
		"a strip of 0":         {[]plots.Knob{two}, nil, drawing},
		"knob α starts at":     {[]plots.Knob{beyond}, [][]int{{0}}, drawing},
		"of 1 knobs":           {[]plots.Knob{two}, [][]int{{0, 1}}, drawing},
		"position 2 of knob α": {[]plots.Knob{two}, [][]int{{2}}, drawing},
		"no such network":      {[]plots.Knob{two}, [][]int{{1}}, func([]int) (*plots.Figure, string, error) { return nil, "", broken }},
	} {
		err := plots.Explore("x", c.knobs, c.strip, c.draw)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want an error that says %q", err, want)
		}
	}
	if got := plots.Labels([]float64{0.25, 8}); !slices.Equal(got, []string{"0.25", "8"}) {
		t.Error(got)
	}
}
