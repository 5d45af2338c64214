package plots_test

import (
	"bytes"
	"encoding/base64"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"alphascale/lib/machine"
	"alphascale/lib/result"
	"alphascale/plots"

	"golang.org/x/image/font/sfnt"
	"gonum.org/v1/plot/vg"
)

// fanOf draws a small fan with a label in Greek.
func fanOf(t *testing.T, alphas ...float64) *plots.Figure {
	t.Helper()
	var runs []result.Series
	for _, alpha := range alphas {
		run := loss("", 2, 1/alpha, 0.1/alpha)
		run.Alpha = alpha
		runs = append(runs, run)
	}
	f, err := plots.LossFan(runs, plots.Title("η = 0.1, ∇ℓ ∝ α"))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestSaveBySuffix(t *testing.T) {
	f, folder := fanOf(t, 0.5, 1, 2), t.TempDir()
	for suffix, begins := range map[string]string{".png": "\x89PNG", ".svg": "<?xml", ".pdf": "%PDF", ".PNG": "\x89PNG"} {
		path := filepath.Join(folder, "figure"+suffix)
		if err := f.Save(path, plots.Column); err != nil {
			t.Fatal(err)
		}
		if content, err := os.ReadFile(path); err != nil || !strings.HasPrefix(string(content), begins) {
			t.Errorf("%s begins with %.8q, %v", suffix, content, err)
		}
	}
	before, _ := os.ReadDir(folder)
	for name, err := range map[string]error{
		"another suffix": f.Save(filepath.Join(folder, "figure.jpeg"), plots.Column),
		"no suffix":      f.Save(filepath.Join(folder, "figure"), plots.Column),
		"no width":       f.Save(filepath.Join(folder, "none.png"), 0),
		"a width of NaN": f.Save(filepath.Join(folder, "none.svg"), vg.Length(math.NaN())),
		"a kilometre":    f.Save(filepath.Join(folder, "none.pdf"), 1000*100*vg.Centimeter),
		"no folder":      f.Save(filepath.Join(folder, "no", "figure.png"), plots.Column),
		"no figure":      (*plots.Figure)(nil).Save(filepath.Join(folder, "none.png"), plots.Column),
		"an empty one":   new(plots.Figure).Save(filepath.Join(folder, "none.png"), plots.Column),
	} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if after, _ := os.ReadDir(folder); len(after) != len(before) {
		t.Errorf("the failures left %d files", len(after)-len(before))
	}
}

func TestPNGHasItsSize(t *testing.T) {
	content, err := fanOf(t, 1, 2).PNG(plots.Column, 300)
	if err != nil {
		t.Fatal(err)
	}
	config, err := png.DecodeConfig(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	if want := 8.5 / 2.54 * 300; math.Abs(float64(config.Width)-want) > 1 {
		t.Errorf("%d pixels wide, want %.0f", config.Width, want)
	}
	for _, dpi := range []float64{0, -1, math.NaN(), math.Inf(1), 1e6} {
		if _, err := fanOf(t, 1).PNG(plots.Column, dpi); err == nil {
			t.Errorf("%v dots an inch: no error", dpi)
		}
	}
}

func TestSameFigureSameBytes(t *testing.T) {
	for range 2 {
		one, other := fanOf(t, 0.25, 1, 4), fanOf(t, 0.25, 1, 4)
		for format, render := range map[string]func(*plots.Figure) ([]byte, error){
			"PNG": func(f *plots.Figure) ([]byte, error) { return f.PNG(plots.Column, 150) },
			"SVG": func(f *plots.Figure) ([]byte, error) { return f.SVG(plots.Column) },
			"PDF": func(f *plots.Figure) ([]byte, error) { return f.PDF(plots.Column) },
		} {
			a, err := render(one)
			if err != nil {
				t.Fatal(err)
			}
			again, _ := render(one)
			b, _ := render(other)
			if !bytes.Equal(a, b) || !bytes.Equal(a, again) {
				t.Errorf("%s differs from one drawing to the next", format)
			}
		}
	}
}

// TestSVGCarriesItsLetters looks up every letter of the drawing in the font that the file carries.
func TestSVGCarriesItsLetters(t *testing.T) {
	f := fanOf(t, 0.125, 1, 8)
	content, err := f.SVG(plots.Column)
	if err != nil {
		t.Fatal(err)
	}
	embedded := regexp.MustCompile(`base64,([A-Za-z0-9+/=]+)\)`).FindSubmatch(content)
	if embedded == nil {
		t.Fatal("the file carries no font")
	}
	font, err := base64.StdEncoding.DecodeString(string(embedded[1]))
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := sfnt.Parse(font)
	if err != nil {
		t.Fatal(err)
	}
	letters := 0
	for _, text := range regexp.MustCompile(`<text[^>]*>([^<]*)</text>`).FindAllSubmatch(content, -1) {
		for _, r := range string(text[1]) {
			letters++
			if glyph, err := parsed.GlyphIndex(nil, r); err != nil || glyph == 0 {
				t.Errorf("the embedded font lacks %q: %v", r, err)
			}
		}
	}
	if letters < 20 || len(font) > 40_000 {
		t.Errorf("%d letters in a font of %d bytes", letters, len(font))
	}
	if !strings.Contains(string(content), "<desc>"+f.Alt+"</desc>") {
		t.Error("the file does not describe itself")
	}
}

func TestSideBySideLeavesItsFiguresAlone(t *testing.T) {
	low, high := fanOf(t, 1, 2), fanOf(t, 100, 200)
	before, err := low.SVG(plots.Column)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := plots.SideBySide(low, high); err != nil {
		t.Fatal(err)
	}
	after, err := low.SVG(plots.Column)
	if err != nil || !bytes.Equal(before, after) {
		t.Errorf("SideBySide changed a figure given to it, %v", err)
	}
}

func TestShowWritesTheData(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "made", "for it")
	t.Setenv(plots.FiguresFolder, folder)
	left, right := fanOf(t, 0.5, 2), fanOf(t, 4)
	both, err := plots.SideBySide(left, right)
	if err != nil {
		t.Fatal(err)
	}
	if err := plots.Show("both", both); err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(filepath.Join(folder, "both.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	series, err := result.ReadSeries(file)
	if err != nil || len(series) != 3 || series[2].Alpha != 4 || series[0].Y != result.Loss() {
		t.Errorf("read back %+v, %v", series, err)
	}
	content, err := os.ReadFile(file.Name())
	computed := "# " + strings.Join(machine.Description(), "\n# ") + "\n"
	if err != nil || !strings.HasPrefix(string(content), computed) || !strings.Contains(computed, "# processor: "+machine.Processor()+"\n# XLA_FLAGS: ") {
		t.Errorf("the data do not begin with what computed: %v\n%s", err, content)
	}
	for _, name := range []string{"", "../escape", "a/b", ".hidden", "two words"} {
		if plots.Show(name, left) == nil {
			t.Errorf("the name %q: no error", name)
		}
	}
	if plots.Show("nothing", nil) == nil {
		t.Error("no figure: no error")
	}
	if files, _ := os.ReadDir(folder); len(files) != 4 {
		t.Errorf("%d files, want 4", len(files))
	}
}
