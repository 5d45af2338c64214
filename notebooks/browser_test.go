package notebooks_test

import (
	"encoding/json"
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
		"screenshot.mjs": "04_learning_rate.ipynb",
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

// TestSavedByJupyterLab opens chapters in JupyterLab, which must not change them, runs all their cells and saves them: what a
// reader has then passes for what is committed, however JupyterLab divides what a cell shows into outputs.
func TestSavedByJupyterLab(t *testing.T) {
	requireBrowser(t)
	for _, notebook := range []string{"04_learning_rate.ipynb", "07_practice.ipynb"} {
		t.Run(notebook, func(t *testing.T) {
			path := filepath.Join(browse(t, "saved.mjs", notebook), notebook)
			saved := read(t, path)
			committed := read(t, notebook)
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
		})
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
