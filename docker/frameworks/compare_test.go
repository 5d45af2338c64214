package main

import (
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"alphascale/lib/frameworks"
)

// recomputed are three optimizers of each framework: one that is linear in the gradient, one with an ε of that framework's own kind,
// and one without a compensation or with a term of its own.
var recomputed = map[string][]string{
	frameworks.Torch: {"SGD", "AdamW", "RAdam"},
	frameworks.Keras: {"SGD", "RMSprop", "Lamb"},
	frameworks.Optax: {"sgd", "rmsprop", "radam"},
}

// TestTablesAreRecomputed runs three optimizers in each framework that is installed and holds them against the table. Other
// processors round otherwise, so losses are compared to 2 %, and to the bit only the runs of this machine with one another: which of
// them are the same is what the table is about.
func TestTablesAreRecomputed(t *testing.T) {
	for _, framework := range frameworks.All() {
		t.Run(framework, func(t *testing.T) {
			python := requireFramework(t, framework)
			folder := t.TempDir()
			compare(t, python, framework, folder, "describe")
			of := described(t, framework, folder)
			if err := trials(framework, folder); err != nil {
				t.Fatal(err)
			}
			list, err := frameworks.Trials(framework, of.Defaults)
			if err != nil {
				t.Fatal(err)
			}
			list = lastOf(list, recomputed[framework])
			var ids []string
			for _, trial := range list {
				ids = append(ids, trial.ID)
			}
			compare(t, python, framework, folder, append([]string{"run"}, ids...)...)
			found, err := outcomesIn(folder, of.Version)
			if err != nil {
				t.Fatal(err)
			}
			for _, trial := range list {
				hold(t, trial, found[trial.ID])
			}
		})
	}
}

// requireFramework is the framework's Python. The test is skipped where it is not installed, except in CI, which installs it.
func requireFramework(t *testing.T, framework string) string {
	t.Helper()
	python, err := filepath.Abs("../../.lab/frameworks/" + framework + "/bin/python")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Dir(filepath.Dir(python)) + "/.installed"); err != nil {
		says := fmt.Sprintf("%s is not installed: make frameworks ONLY=%s installs it", framework, framework)
		if os.Getenv("CI") != "" {
			t.Fatal(says)
		}
		t.Skip(says)
	}
	return python
}

func compare(t *testing.T, python, framework, folder string, what ...string) {
	t.Helper()
	out, err := exec.Command(python, append([]string{"compare.py", framework, folder}, what...)...).CombinedOutput()
	if err != nil {
		t.Fatalf("compare.py %s: %v\n%s", what[0], err, out)
	}
}

// described is what the installed framework says of itself, which has to be of the table's version.
func described(t *testing.T, framework, folder string) stated {
	t.Helper()
	var of stated
	if err := readJSON(filepath.Join(folder, "defaults.json"), &of); err != nil {
		t.Fatal(err)
	}
	if table := frameworks.Version(framework); of.Version != table {
		t.Errorf("installed is %s, and the table is of %s: run make frameworks ONLY=%s", of.Version, table, framework)
	}
	return of
}

// lastOf takes the last trial of each optimizer, which has the most terms.
func lastOf(list []frameworks.Trial, optimizers []string) []frameworks.Trial {
	var out []frameworks.Trial
	for _, name := range optimizers {
		last := -1
		for i, trial := range list {
			if trial.Optimizer == name {
				last = i
			}
		}
		out = append(out, list[last])
	}
	return out
}

// near is how far losses of another processor may be from the table's.
const near = 0.02

func hold(t *testing.T, trial frameworks.Trial, o outcome) {
	t.Helper()
	var table []frameworks.Ran
	for _, row := range frameworks.Runs() {
		if row.Trial == trial.ID {
			table = append(table, row)
		}
	}
	if len(table) != len(trial.Runs) || len(o.Outcomes) != len(trial.Runs) {
		t.Errorf("%s(%s): %d runs in the table, %d now, want %d: run make frameworks", trial.Optimizer, trial.Given, len(table), len(o.Outcomes), len(trial.Runs))
		return
	}
	for i, now := range rowsOf(trial, o) {
		what := fmt.Sprintf("%s(%s) at α = %g on %s, wrong: %q", trial.Optimizer, trial.Given, now.Alpha, now.Place, now.Wrong)
		if now.Line != table[i].Line {
			t.Errorf("%s: run was\n%s\nand in the table is\n%s", what, now.Line, table[i].Line)
		}
		if same, was := now.LossesDiffer == 0 && now.WeightsDiffer == 0, table[i].LossesDiffer == 0 && table[i].WeightsDiffer == 0; same != was {
			t.Errorf("%s: the same as without α to the last bit is %t, and in the table %t", what, same, was)
		}
		if !alike(now.Loss, table[i].Loss) {
			t.Errorf("%s: losses %v, in the table %v", what, now.Loss, table[i].Loss)
		}
	}
}

func alike(a, b []float32) bool {
	return slices.EqualFunc(a, b, func(x, y float32) bool { return math.Abs(float64(x-y)) <= near*math.Abs(float64(y)) })
}

// TestRunsGoOnWhereTheyStopped: what is in results.jsonl is not run again, and a line that was cut off is.
func TestRunsGoOnWhereTheyStopped(t *testing.T) {
	python := requireFramework(t, frameworks.Torch)
	folder := t.TempDir()
	compare(t, python, frameworks.Torch, folder, "describe")
	if err := trials(frameworks.Torch, folder); err != nil {
		t.Fatal(err)
	}
	list, err := frameworks.Trials(frameworks.Torch, described(t, frameworks.Torch, folder).Defaults)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(folder, "results.jsonl")
	run := func(ids ...string) string {
		compare(t, python, frameworks.Torch, folder, append([]string{"run"}, ids...)...)
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	first := run(list[0].ID)
	if both := run(list[0].ID, list[1].ID); !strings.HasPrefix(both, first) || strings.Count(both, "\n") != 2 {
		t.Error("the first trial was run again, or the second was not")
	}
	if err := os.WriteFile(file, []byte(first[:len(first)/2]), 0o666); err != nil {
		t.Fatal(err)
	}
	if again := run(list[0].ID); strings.Count(again, "\n") != 2 {
		t.Error("a trial whose line was cut off was not run again")
	}
}

// TestUnknownFrameworkIsRefused before anything is installed.
func TestUnknownFrameworkIsRefused(t *testing.T) {
	out, err := exec.Command("bash", "frameworks.sh", "torch", "jax").CombinedOutput()
	if err == nil || string(out) != "ONLY=jax: use one of torch keras optax\n" {
		t.Errorf("%v, %q", err, out)
	}
}
