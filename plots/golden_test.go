package plots_test

import (
	"bytes"
	"flag"
	"fmt"
	"image"
	_ "image/png"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"alphascale/plots"
)

var update = flag.Bool("update", false, "write the examples' pictures to testdata instead of comparing with them")

// maxBytes is what a figure may take at 300 dots an inch; in a notebook, at 274, it takes less than 60,000 bytes then.
const maxBytes = 66_000

// examples are the charts, each with the picture that its example makes.
var examples = []struct {
	figure string
	run    func()
}{
	{"loss-fan", ExampleLossFan},
	{"compensation", ExampleSideBySide},
	{"effective-learning-rate", ExampleExponentFit},
	{"heat-map", ExampleHeatMap},
	{"depth-profile", ExampleDepthProfile},
	{"response", ExampleResponse},
	{"norm-and-angle", ExampleNormAndAngle},
	{"sharpness", ExampleSharpness},
	{"penalty-path", ExamplePenaltyPath},
	{"verdicts", ExampleVerdictTable},
	{"searchable", ExampleSearchableTable},
	{"monitor", ExampleMonitor},
	{"composed", ExampleCompose},
	{"histogram", ExampleBars},
	{"contours", ExampleContours},
}

// TestGolden runs each example as a notebook would with a folder for its figures, and compares the pictures with the ones
// in testdata.
func TestGolden(t *testing.T) {
	for _, example := range examples {
		t.Run(example.figure, func(t *testing.T) {
			folder := t.TempDir()
			t.Setenv(plots.FiguresFolder, folder)
			quietly(t, example.run)
			for _, suffix := range []string{".svg", ".pdf", ".csv"} {
				if content, err := os.ReadFile(filepath.Join(folder, example.figure+suffix)); err != nil || len(content) == 0 {
					t.Errorf("Show wrote no %s: %v", suffix, err)
				}
			}
			got, err := os.ReadFile(filepath.Join(folder, example.figure+".png"))
			if err != nil {
				t.Fatal(err)
			}
			if len(got) > maxBytes {
				t.Errorf("the picture has %d bytes, more than %d", len(got), maxBytes)
			}
			compare(t, filepath.Join("testdata", example.figure+".png"), got)
		})
	}
}

// TestGoldenIsAll finds the example of each chart among the examples: its name in the list is that of a function.
func TestGoldenIsAll(t *testing.T) {
	listed := map[string]bool{}
	for _, example := range examples {
		name := runtime.FuncForPC(reflect.ValueOf(example.run).Pointer()).Name()
		listed[name[strings.LastIndex(name, ".Example")+1:]] = true
	}
	for _, chart := range charts(t) {
		if !listed["Example"+chart] {
			t.Errorf("%s has no example in the list of golden pictures: write Example%[1]s and add it to examples", chart)
		}
	}
}

// quietly runs an example without its printing in the test's output.
func quietly(t *testing.T, run func()) {
	t.Helper()
	stdout := os.Stdout
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { os.Stdout = stdout; null.Close() }()
	os.Stdout = null
	run()
}

// compare accepts a picture that differs from the golden one by what another processor's rounding may change: single
// pixels at edges.
func compare(t *testing.T, golden string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(golden, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatalf("%v: run go test ./plots -update and look at the picture", err)
	}
	if bytes.Equal(got, want) {
		return
	}
	share, err := differing(got, want)
	if err != nil {
		t.Fatal(err)
	}
	if share > 0.001 {
		t.Errorf("%.2f %% of the pixels differ from %s: look at both, then run with -update", 100*share, golden)
	}
}

// differing returns the share of pixels that differ visibly.
func differing(a, b []byte) (float64, error) {
	first, _, err := image.Decode(bytes.NewReader(a))
	if err != nil {
		return 0, err
	}
	second, _, err := image.Decode(bytes.NewReader(b))
	if err != nil {
		return 0, err
	}
	if first.Bounds() != second.Bounds() {
		return 0, fmt.Errorf("the picture is %v and the golden one %v", first.Bounds().Size(), second.Bounds().Size())
	}
	count, bounds := 0, first.Bounds()
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			r1, g1, b1, _ := first.At(x, y).RGBA()
			r2, g2, b2, _ := second.At(x, y).RGBA()
			if math.Abs(float64(r1)-float64(r2))+math.Abs(float64(g1)-float64(g2))+math.Abs(float64(b1)-float64(b2)) > 0x4000 {
				count++
			}
		}
	}
	return float64(count) / float64(bounds.Dx()*bounds.Dy()), nil
}
