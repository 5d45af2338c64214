package cluster

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"alphascale/lib/sweep"
)

// A notebook's cell submits itself, in the kernel, with XLA, and comes to the bits that it comes to without a cluster.
func TestCellOfANotebook(t *testing.T) {
	python := filepath.Join(os.Getenv("LAB"), "venv", "bin", "python")
	if _, err := os.Stat(python); err != nil {
		t.Skip("no Jupyter: run `make setup`, and the test in its environment (docker/lab/env.sh)")
	}
	slurmOf(t, 2)
	runs := map[string]map[string]string{}
	for _, tasks := range []string{"2", ""} {
		folder := t.TempDir()
		notebook := filepath.Join(t.TempDir(), "cell.ipynb")
		if err := copyFile("testdata/cell.ipynb", notebook, 0o666); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(python, "../../docker/notebook/notebook.py", "execute", notebook)
		cmd.Env = append(os.Environ(), "CELL_FOLDER="+folder, "CELL_TASKS="+tasks)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		text, err := os.ReadFile(notebook)
		if err != nil || tasks != "" && !strings.Contains(string(text), "18 0 ") {
			t.Errorf("the cell does not say that 18 runs were found and none made: %v %s", err, text)
		}
		stored, damaged, err := sweep.Load(folder)
		if err != nil || len(damaged) > 0 || len(stored) != 18 {
			t.Fatalf("%d runs, %v, %v", len(stored), damaged, err)
		}
		runs[tasks] = map[string]string{}
		for _, s := range stored {
			runs[tasks][s.Name] = fmt.Sprint(s.Run.Loss)
		}
	}
	for name, loss := range runs[""] {
		if runs["2"][name] != loss {
			t.Errorf("run %s differs on the cluster", name)
		}
	}
}
