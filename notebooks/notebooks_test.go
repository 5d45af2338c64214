// Package notebooks_test runs every notebook of this folder in the project's kernel and holds it against its
// committed outputs.
package notebooks_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// notebook is what the tests read of a file in nbformat 4.
type notebook struct {
	Cells    []cell `json:"cells"`
	Metadata struct {
		Kernelspec struct {
			Name string `json:"name"`
		} `json:"kernelspec"`
	} `json:"metadata"`
}

type cell struct {
	Type     string   `json:"cell_type"`
	Source   text     `json:"source"`
	Outputs  []output `json:"outputs"`
	Metadata struct {
		Project settings `json:"alphascale"`
	} `json:"metadata"`
}

// settings are the project's own, in a cell's metadata under "alphascale".
type settings struct {
	// Expect is a text that the cell must print, its verdict.
	Expect string `json:"expect"`
	// Volatile says that the numbers in the outputs change with every run: times, for instance.
	Volatile bool `json:"volatile"`
	// Chaotic says that the cell shows trainings which magnify rounding until no digit is left, and another processor rounds
	// differently. Then words, verdicts, predictions and exponents are compared as ever, of other numbers the magnitude, and
	// of a picture its shape: see sameShape.
	Chaotic bool `json:"chaotic"`
}

type output struct {
	Type string          `json:"output_type"`
	Name string          `json:"name"` // stdout or stderr, of a stream
	Text text            `json:"text"`
	Data map[string]text `json:"data"` // by MIME type
}

// text is a string or a list of strings, which nbformat takes for the same.
type text string

func (t *text) UnmarshalJSON(data []byte) error {
	var lines []string
	if json.Unmarshal(data, &lines) == nil {
		*t = text(strings.Join(lines, ""))
		return nil
	}
	var whole string
	if err := json.Unmarshal(data, &whole); err != nil {
		return fmt.Errorf("neither a string nor a list of strings: %w", err)
	}
	*t = text(whole)
	return nil
}

// printed is all the text that a cell shows.
func (c cell) printed() string {
	var all strings.Builder
	for _, out := range c.Outputs {
		all.WriteString(string(out.Text))
		for kind, data := range out.Data {
			if strings.HasPrefix(kind, "text/") {
				all.WriteString(string(data))
			}
		}
	}
	return all.String()
}

func paths(t *testing.T) []string {
	t.Helper()
	found, err := filepath.Glob("*.ipynb")
	if err != nil {
		t.Fatal(err)
	}
	if len(found) == 0 {
		t.Fatal("there is no notebook in this folder")
	}
	return found
}

func read(t *testing.T, path string) notebook {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var nb notebook
	if err := json.Unmarshal(data, &nb); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return nb
}

// TestRun executes each notebook as a reader would, from the first cell to the last in a fresh kernel, and then the code of the
// exercises' solutions, which has no outputs to compare: it must not fail, and print what it says that it prints.
func TestRun(t *testing.T) {
	requireSetUp(t)
	watchInputs(t)
	for _, path := range paths(t) {
		t.Run(path, func(t *testing.T) {
			t.Parallel() // a chapter links with one processor half of its time
			fresh := execute(t, path)
			committed := read(t, path)
			for i, c := range fresh.Cells {
				if want := c.Metadata.Project.Expect; !strings.Contains(c.printed(), want) {
					t.Errorf("cell %d does not print %q, but:\n%s", i, want, c.printed())
				}
				if i >= len(committed.Cells) {
					continue
				}
				if err := sameOutputs(committed.Cells[i], c); err != nil {
					t.Errorf("cell %d: the committed outputs are not today's (make notebooks writes them): %v", i, err)
				}
			}
		})
	}
}

// requireSetUp skips a test that needs the kernel where the set-up was not run, except in CI.
func requireSetUp(t *testing.T) {
	t.Helper()
	if _, err := os.Stat("../.lab/venv/bin/python"); err == nil {
		return
	}
	const reason = "the kernel is not set up: run 'make test', which sets it up first"
	if os.Getenv("CI") != "" {
		t.Fatal(reason)
	}
	t.Skip(reason)
}

// watchInputs reads the names and dates of what the kernel builds and runs, so that go test's cache, which sees what
// a test reads but not what its children read, runs the notebooks again after an edit in the library.
func watchInputs(t *testing.T) {
	t.Helper()
	os.Getenv("GOMLX_BACKEND")
	os.Getenv("PJRT_PLUGIN_LIBRARY_PATH")
	os.Getenv("XLA_FLAGS")
	os.Getenv("ALPHASCALE_SAME_BITS")
	for _, root := range []string{"../lib", "../plots", "../docker", "../go.mod", "../go.sum", "../.lab/settings.sh"} {
		err := filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			_, err = os.Stat(path)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// execute runs the notebook in the project's environment and logs where the cells' time went.
func execute(t *testing.T, path string) notebook {
	t.Helper()
	out := filepath.Join(t.TempDir(), path)
	cmd := exec.Command("bash", "-c", `. docker/lab/env.sh && exec "$LAB/venv/bin/python" docker/notebook/notebook.py check "$@"`,
		"check", filepath.Join("notebooks", path), out)
	cmd.Dir = ".."
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	stdout, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s does not run: %v\n%s", path, err, stderr.String())
	}
	var times []struct {
		Cell                int
		Wall, Program, Wait float64
	}
	if err := json.Unmarshal(stdout, &times); err != nil {
		t.Fatalf("%s: the times of the cells: %v in %q", path, err, stdout)
	}
	for _, c := range times {
		t.Logf("cell %2d: %5.2f s, of which its program %5.2f s and the wait for it %5.2f s", c.Cell, c.Wall, c.Program, c.Wait)
	}
	return read(t, out)
}
