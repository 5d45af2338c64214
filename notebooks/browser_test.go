package notebooks_test

import (
	"encoding/json"
	"image/color"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"testing"
)

// TestBrowser opens JupyterLab in a real browser: a chapter runs from the menu without an error, the Explorer's figure follows its
// knobs, by hand and by keys, and so do the figures under the first chapter's slider. It is skipped where there is no Chromium or no Node, which nothing else needs, except in CI.
func TestBrowser(t *testing.T) {
	requireBrowser(t)
	for script, notebook := range map[string]string{
		"screenshot.mjs": "00_start.ipynb",
		"explorer.mjs":   "09_explorer.ipynb",
		"slide.mjs":      "00_start.ipynb",
	} {
		t.Run(script, func(t *testing.T) { browse(t, script, notebook) })
	}
}

// TestExplorerBehindAHub runs the Explorer by https and under a base URL, and loads the page again.
func TestExplorerBehindAHub(t *testing.T) {
	requireBrowser(t)
	if _, err := exec.LookPath("openssl"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("openssl is not installed")
		}
		t.Skip("openssl is not installed (Debian: apt-get install openssl)")
	}
	t.Setenv("HUB", "1")
	browse(t, "hub.mjs", "09_explorer.ipynb")
}

// TestFigureInEitherTheme looks at a figure in JupyterLab's light theme and in its dark one: it has the page's ground and ink that
// can be read on it, and hues that are those of the other theme.
func TestFigureInEitherTheme(t *testing.T) {
	requireBrowser(t)
	for theme, ground := range map[string]uint8{"light": 0xff, "dark": 0x11} {
		t.Run(theme, func(t *testing.T) {
			t.Setenv("THEME", theme)
			file, err := os.Open(filepath.Join(browse(t, "figure.mjs", "04_learning_rate.ipynb"), "figure.png"))
			if err != nil {
				t.Fatal(err)
			}
			defer file.Close()
			picture, err := png.Decode(file)
			if err != nil {
				t.Fatal(err)
			}
			grounds, inks, coloured, all := 0, 0, 0, 0
			for y := picture.Bounds().Min.Y; y < picture.Bounds().Max.Y; y++ {
				for x := picture.Bounds().Min.X; x < picture.Bounds().Max.X; x++ {
					c := color.NRGBAModel.Convert(picture.At(x, y)).(color.NRGBA)
					low, high := min(c.R, c.G, c.B), max(c.R, c.G, c.B)
					all++
					switch {
					case high-low > 60:
						coloured++
					case max(low, ground)-min(low, ground) <= 8:
						grounds++
					case max(low, ground)-min(low, ground) >= 150:
						inks++
					}
				}
			}
			if grounds < all/2 || inks < all/500 || coloured < all/500 {
				t.Errorf("of %d pixels %d are ground, %d ink and %d coloured", all, grounds, inks, coloured)
			}
		})
	}
}

// TestSavedByJupyterLab opens a chapter in JupyterLab, which must not change it, runs all its cells and saves it: what a
// reader has then passes for what is committed, however JupyterLab divides what a cell shows into outputs.
func TestSavedByJupyterLab(t *testing.T) {
	requireBrowser(t)
	const notebook = "04_learning_rate.ipynb"
	path := filepath.Join(browse(t, "saved.mjs", notebook), notebook)
	saved, committed := read(t, path), read(t, notebook)
	if len(saved.Cells) != len(committed.Cells) {
		t.Fatalf("%d cells of %d are saved", len(saved.Cells), len(committed.Cells))
	}
	for i, c := range saved.Cells {
		if err := sameOutputs(committed.Cells[i], c); err != nil {
			t.Errorf("cell %d, saved by JupyterLab: %v", i, err)
		}
	}
	if was, is := metadata(t, notebook), metadata(t, path); !reflect.DeepEqual(was, is) {
		t.Errorf("the notebook's metadata was %v and is %v", was, is)
	}
}

// requireBrowser skips a test where there is no browser, except in CI.
func requireBrowser(t *testing.T) {
	t.Helper()
	requireSetUp(t)
	watchInputs(t)
	for _, program := range []string{"chromium", "node", "npm"} {
		if _, err := exec.LookPath(program); err == nil {
			continue
		}
		if os.Getenv("CI") != "" {
			t.Fatalf("%s is not installed", program)
		}
		t.Skipf("%s is not installed (Debian: apt-get install chromium nodejs npm)", program)
	}
}

// browse runs a script of docker/check/browser on a copy of the notebook and returns the folder that it is left in.
func browse(t *testing.T, script, notebook string) string {
	t.Helper()
	read(t, notebook) // for go test's cache
	folder := t.TempDir()
	cmd := exec.Command("bash", "docker/check/browser/browse.sh", script, filepath.Join("notebooks", notebook), folder)
	cmd.Dir = ".."
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s on %s: %v\n%s", script, notebook, err, out)
	}
	t.Logf("%s", out)
	return folder
}

// metadata is a notebook's own.
func metadata(t *testing.T, path string) any {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var nb struct{ Metadata any }
	if err := json.Unmarshal(text, &nb); err != nil {
		t.Fatal(err)
	}
	return nb.Metadata
}
