package notebooks_test

import (
	"os/exec"
	"path/filepath"
	"testing"
)

// TestBrowser opens JupyterLab in a real browser: a chapter runs from the menu without an error, and the Explorer's figure
// follows its α slider. It is skipped where there is no Chromium or no Node, which nothing else needs.
func TestBrowser(t *testing.T) {
	requireSetUp(t)
	for _, program := range []string{"chromium", "node", "npm"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("%s is not installed (Debian: apt-get install chromium nodejs npm)", program)
		}
	}
	watchInputs(t)
	for script, notebook := range map[string]string{
		"screenshot.mjs": "04_learning_rate.ipynb",
		"explorer.mjs":   "09_explorer.ipynb",
	} {
		t.Run(script, func(t *testing.T) {
			read(t, notebook) // for go test's cache
			cmd := exec.Command("bash", "docker/check/browser/browse.sh", script, filepath.Join("notebooks", notebook), t.TempDir())
			cmd.Dir = ".."
			out, err := cmd.CombinedOutput()
			if err != nil {
				t.Fatalf("%s on %s: %v\n%s", script, notebook, err, out)
			}
			t.Logf("%s", out)
		})
	}
}
