package notebooks_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestReport makes the report of a notebook of one cell.
func TestReport(t *testing.T) {
	path := oneCell(t, "%%\nfmt.Println(\"six times seven is\", 6*7)")
	folder := filepath.Join(t.TempDir(), "report")
	if out, err := makeReport(t, folder, path); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	page, err := os.ReadFile(filepath.Join(folder, "tiny.html"))
	if err != nil || !strings.Contains(string(page), "six times seven is 42") {
		t.Errorf("the page does not show what the cell prints: %v", err)
	}
	if index, err := os.ReadFile(filepath.Join(folder, "index.html")); err != nil || !strings.Contains(string(index), `href="tiny.html"`) {
		t.Errorf("the index does not lead to the page: %v", err)
	}
}

// TestReportOfWhatFails wants one sentence that names the notebook, the cell and the reason, and no report.
func TestReportOfWhatFails(t *testing.T) {
	broken := filepath.Join(t.TempDir(), "broken.ipynb")
	if err := os.WriteFile(broken, []byte("{"), 0o644); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		path, paper string
		says        []string
	}{
		"panic":         {oneCell(t, "%%\nvar m map[string]int\nm[\"x\"] = 1"), "", []string{"tiny.ipynb: cell 1 fails", "assignment to entry in nil map"}},
		"error":         {oneCell(t, "%%\nfmt.Fprintln(os.Stderr, \"no such digit\")\nos.Exit(1)"), "", []string{"tiny.ipynb: cell 1 fails", "no such digit"}},
		"compiler":      {oneCell(t, "%%\nfmt.Println(missing)"), "", []string{"tiny.ipynb: cell 1 fails", "undefined: missing"}},
		"exit status":   {oneCell(t, "%%\nos.Exit(3)"), "", []string{"tiny.ipynb: cell 1 fails", "exit status 3"}},
		"no notebook":   {broken, "", []string{"broken.ipynb is no notebook"}},
		"no such paper": {oneCell(t, "%%\npanic(\"it was executed\")"), "A3", []string{`PAPER is "A3": take A4 or letter`}},
		"no such file":  {filepath.Join(t.TempDir(), "absent.ipynb"), "", []string{"absent.ipynb: No such file"}},
	} {
		t.Run(name, func(t *testing.T) {
			folder := filepath.Join(t.TempDir(), "report")
			out, err := makeReport(t, folder, test.path, "PAPER="+test.paper)
			if err == nil {
				t.Errorf("it succeeds:\n%s", out)
			}
			lines := strings.Split(strings.TrimSpace(out), "\n")
			if n := len(lines); n < 2 || !strings.HasPrefix(lines[n-1], "make: *** ") { // its own last word
				t.Fatalf("it ends with %q", lines[n-1])
			}
			lines = lines[:len(lines)-1]
			for _, word := range test.says {
				if len(lines) != 1 || !strings.Contains(lines[0], word) {
					t.Errorf("it says\n%s\nand not one sentence with %q", out, word)
				}
			}
			if _, err := os.Stat(folder); err == nil {
				t.Error("there is a report all the same")
			}
		})
	}
}

// makeReport runs `make report` and returns what it prints.
func makeReport(t *testing.T, folder, path string, variables ...string) (string, error) {
	t.Helper()
	requireSetUp(t)
	watchInputs(t)
	if _, err := exec.LookPath("make"); err != nil {
		t.Skip("make is not installed")
	}
	cmd := exec.Command("make", append([]string{"--no-print-directory", "report", "NOTEBOOKS=" + path, "REPORT=" + folder}, variables...)...)
	cmd.Dir = ".."
	cmd.Env = append(os.Environ(), "MAKEFLAGS=", "MAKELEVEL=", "LC_ALL=C")
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// oneCell writes a notebook with a heading and one cell of Go, tiny.ipynb.
func oneCell(t *testing.T, source string) string {
	t.Helper()
	data, err := json.Marshal(map[string]any{
		"nbformat": 4, "nbformat_minor": 5, "metadata": map[string]any{},
		"cells": []map[string]any{
			{"id": "heading", "cell_type": "markdown", "metadata": map[string]any{}, "source": "# Tiny"},
			{"id": "code", "cell_type": "code", "metadata": map[string]any{}, "source": source, "outputs": []any{}, "execution_count": nil},
		},
	})
	path := filepath.Join(t.TempDir(), "tiny.ipynb")
	if err == nil {
		err = os.WriteFile(path, data, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
	return path
}
