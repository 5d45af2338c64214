package notebooks_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestReportAsRead makes a report of the committed chapters, without executing them, and reads it as its readers do: the
// pages in Chromium at the width of a phone and of a window, the PDF with a library. What is asked of both stands in
// docker/check/report. It is skipped where there is no Chromium, which nothing else needs, except in CI.
func TestReportAsRead(t *testing.T) {
	requireSetUp(t)
	watchInputs(t)
	for _, path := range paths(t) {
		read(t, path) // for go test's cache
	}
	if _, err := exec.LookPath("chromium"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("chromium is not installed")
		}
		t.Skip("chromium is not installed (Debian: apt-get install chromium)")
	}
	for _, name := range []string{"pages_test.py", "paper_test.py"} {
		t.Run(name, func(t *testing.T) {
			cmd := exec.Command(filepath.Join("..", ".lab", "venv", "bin", "python"), "-B", filepath.Join("..", "docker", "check", "report", name))
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}
