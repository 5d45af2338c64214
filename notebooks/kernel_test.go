package notebooks_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// conformance is what comes of each of Jupyter's own tests of a kernel. The failures are GoNB's, whatever its settings.
var conformance = map[string]string{
	"test_kernel_info":    "passed",
	"test_execute_stdout": "passed",
	"test_execute_stderr": "passed",
	"test_display_data":   "passed",
	"test_error":          "passed", // fails without -raw_error, which adds HTML to the error
	"test_completion":     "passed",
	"test_inspect":        "passed",

	"test_execute_result": "failed", // a Go cell has no value, and GoNB sends no such message
	"test_is_complete":    "failed", // ignored: only consoles ask it
	"test_history":        "failed", // ignored: JupyterLab keeps none for notebooks

	"test_clear_output": "skipped", // nothing in a Go cell asks for it
	"test_pager":        "skipped", // nor for a pager
}

// TestConformance runs jupyter_kernel_test, a fresh kernel for each of its tests, on the project's kernel and on the same
// gonb as it comes, without a flag: the project's settings must not break what that can do.
func TestConformance(t *testing.T) {
	requireSetUp(t)
	watchInputs(t)
	stock := t.TempDir()
	gonb, err := filepath.Abs("../.lab/bin/gonb")
	if err != nil {
		t.Fatal(err)
	}
	writeSpec(t, filepath.Join(stock, "kernels", "stock"), []string{gonb, "--kernel", "{connection_file}"})
	var ours, theirs map[string]string
	t.Run("kernels", func(t *testing.T) {
		t.Run("project", func(t *testing.T) {
			t.Parallel()
			ours = conforms(t, "alphascale", "")
		})
		t.Run("stock", func(t *testing.T) {
			t.Parallel()
			// Without a flag gonb fetches what a cell imports: here from Go's own cache of modules.
			theirs = conforms(t, "stock", fmt.Sprintf("export JUPYTER_PATH=%q PATH=$PWD/docker/lab/kernel:$PATH GOSUMDB=off GOPROXY=file://$(go env GOMODCACHE)/cache/download; unset GOWORK", stock))
		})
	})
	if ours == nil || theirs == nil {
		return // has been said
	}
	for _, name := range slices.Sorted(maps.Keys(ours)) {
		if theirs[name] == "passed" && ours[name] != "passed" {
			t.Errorf("%s: %s here, and passed by gonb as it comes", name, ours[name])
		}
	}
	if !maps.Equal(ours, conformance) {
		t.Errorf("the outcomes are\n%v\nand not, as the table above says,\n%v", ours, conformance)
	}
	if theirs["test_execute_stdout"] != "passed" {
		t.Errorf("gonb as it comes cannot even print, so it is nothing to compare with: %v", theirs)
	}
}

// conforms returns the outcomes of Jupyter's tests; prepare is shell code for the environment.
func conforms(t *testing.T, kernel, prepare string) map[string]string {
	cmd := exec.Command("bash", "-c", `. docker/lab/env.sh; `+prepare+`
		exec "$LAB/venv/bin/python" docker/check/kernel/conformance.py "$1"`, "conformance", kernel)
	cmd.Dir = ".."
	cmd.Env = append(os.Environ(), "TMPDIR="+shortTemp(t))
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	t.Logf("%s", stderr.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	var outcomes map[string]string
	if err := json.Unmarshal(out, &outcomes); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	return outcomes
}

// shortTemp is a folder for what kernels that are killed leave behind; a socket's path must not be as long as t.TempDir's.
func shortTemp(t *testing.T) string {
	t.Helper()
	folder, err := os.MkdirTemp("", "k")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) }) // what is still being written there is no matter
	return folder
}

func writeSpec(t *testing.T, folder string, argv []string) {
	t.Helper()
	spec, err := json.Marshal(map[string]any{"argv": argv, "display_name": "gonb", "language": "go", "interrupt_mode": "message"})
	if err == nil {
		err = os.MkdirAll(folder, 0o755)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, "kernel.json"), spec, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestKernel asks of a real kernel what a reader relies on; each name is a test of docker/check/kernel/behaviour.py.
func TestKernel(t *testing.T) {
	requireSetUp(t)
	watchInputs(t)
	for _, name := range []string{
		"completes_and_explains_the_library",
		"error_names_the_line",
		"says_what_to_write",
		"interrupt", // in Go code and in the middle of a training
		"interrupt_while_building",
		"interrupt_ends_what_is_queued",
		"run_all_stops_at_an_error",
		"says_that_there_is_no_input",
		"limits_what_is_printed",
		"completes_the_path_of_a_package",
		"restart",
		"killed_in_mid_cell",
		"two_notebooks_at_once",
		"works_in_any_folder",
		"another_client_of_the_server",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel() // most of it is waiting
			cmd := exec.Command("bash", "-c", `. docker/lab/env.sh; exec "$LAB/venv/bin/python" docker/check/kernel/behaviour.py -v "$1"`,
				"behaviour", "Behaviour.test_"+name)
			cmd.Dir = ".."
			cmd.Env = append(os.Environ(), "TMPDIR="+shortTemp(t))
			out, err := cmd.CombinedOutput()
			if err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			if strings.Contains(string(out), "skipped=1") {
				t.Skipf("%s", out)
			}
		})
	}
}
