package notebooks_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestSpoiledChecks runs the cells that print checks against a library in which every measurement is another one than what
// the cell gave to the check, by a tenth and a tenth of its size, and by the distance that a law of a limit has to tell apart. What held must hold no longer, and what was true must not
// be: otherwise the chapter would print the same whatever it measured.
//
// A cell cannot make a check without a measurement, since judge.Check has no fields that it could set; but it can say "true"
// without asking its checks, predict what it has just measured, or allow any distance, and only running it shows that.
// Claims of the ledger are left to lib/claim, whose test does the same.
func TestSpoiledChecks(t *testing.T) {
	requireSetUp(t)
	watchInputs(t)
	programs := buildSpoiled(t)
	for path, program := range programs {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			cells := read(t, path).Cells
			printed := runSpoiled(t, program)
			judged := 0
			for i, c := range cells {
				if !printsChecks(c) {
					continue
				}
				for line := range strings.Lines(stdout(c)) {
					line = strings.TrimSpace(line)
					if what, held := strings.CutSuffix(line, ": holds"); held {
						what, _, _ = strings.Cut(what, ": predicted ")
						judged++
						again := regexp.MustCompile(`(?m)^ *` + regexp.QuoteMeta(what) + `: predicted .*$`).FindString(printed[i])
						if !strings.HasSuffix(again, ": refuted") {
							t.Errorf("cell %d: with another measurement %q is %q", i, line, again)
						}
					}
				}
				for line := range strings.Lines(c.Metadata.Project.Expect) {
					line = strings.TrimSpace(line)
					if strings.HasSuffix(line, ": true") && strings.Contains(printed[i], line) {
						t.Errorf("cell %d: with other measurements it says %q all the same", i, line)
					}
				}
			}
			if judged == 0 {
				t.Error("no cell prints a check that holds")
			}
		})
	}
}

// printsChecks reports whether a cell shows checks, or what was judged by them.
func printsChecks(c cell) bool {
	source := string(c.Source)
	return strings.HasPrefix(source, "%%") && !strings.Contains(source, "lab.New(") &&
		(strings.Contains(source, "judge.") || strings.Contains(stdout(c), ": holds\n"))
}

// stdout is what a cell prints, its figures' descriptions left out.
func stdout(c cell) string {
	var all strings.Builder
	for _, out := range c.Outputs {
		if out.Name == "stdout" {
			all.WriteString(string(out.Text))
		}
	}
	return all.String()
}

// buildSpoiled builds a program of each notebook with the changed library, and returns its path by that of the notebook. The
// sources are an overlay: nothing is written into the checkout.
func buildSpoiled(t *testing.T) map[string]string {
	t.Helper()
	folder := t.TempDir()
	overlay, programs := map[string]string{}, map[string]string{}
	replace := func(path, source string) {
		file := filepath.Join(folder, fmt.Sprintf("%d.go", len(overlay)))
		if err := os.WriteFile(file, []byte(source), 0o644); err != nil {
			t.Fatal(err)
		}
		overlay[path] = file
	}
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	checks := filepath.Join(root, "lib/judge/check.go")
	replace(checks, spoiledSource(t, checks))
	// goimports adds what a cell uses without an import, as the kernel does.
	script := `. docker/lab/env.sh; goimports -w -srcdir notebooks "$1"/*.go; exec go build -buildvcs=false "-ldflags=$lab_ldflags" -overlay "$0" -o "$1/" "${@:2}"`
	args := []string{"-c", script, filepath.Join(folder, "overlay.json"), folder}
	for _, path := range paths(t) {
		name := strings.TrimSuffix(path, ".ipynb")
		replace(filepath.Join(root, "notebooks/spoiled", name, "main.go"), goProgram(read(t, path)))
		args, programs[path] = append(args, "./notebooks/spoiled/"+name), filepath.Join(folder, name)
	}
	data, err := json.Marshal(map[string]any{"Replace": overlay})
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, "overlay.json"), data, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
	build := exec.Command("bash", args...)
	build.Dir = ".."
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return programs
}

// spoiledSource is the file of the library that makes checks, with one line more in the function that makes them all, and one in that
// for laws of a limit, of which a tenth says nothing.
func spoiledSource(t *testing.T, path string) string {
	t.Helper()
	source, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	signature := regexp.MustCompile(`(?m)^func Between\(.*measured, low, high.*\{$`)
	if n := len(signature.FindAll(source, -1)); n != 1 {
		t.Fatalf("%s has %d functions Between to spoil, want 1", path, n)
	}
	approximate := regexp.MustCompile(`(?m)^	c\.residual, c\.apart = .*, apart$`)
	if n := len(approximate.FindAll(source, -1)); n != 1 {
		t.Fatalf("%s has %d checks of a limit to spoil, want 1", path, n)
	}
	spoiled := approximate.ReplaceAllString(string(source), `$0
		c.measured, c.low, c.high = c.measured+apart, c.low+apart, c.high+apart`)
	return signature.ReplaceAllString(spoiled, `$0
		off := 0.1 * (1 + math.Abs(measured))
		measured, low, high = measured+off, low+off, high+off`)
}

// importBlock is the imports of a cell.
var importBlock = regexp.MustCompile(`(?ms)^import \(\n.*?^\)\n?`)

// goProgram is a notebook as one program: declarations as they are, and each cell of statements a function, of which those
// that print checks are called.
func goProgram(nb notebook) string {
	var imports, declarations, calls strings.Builder
	for i, c := range nb.Cells {
		if c.Type != "code" {
			continue
		}
		statements, isMain := strings.CutPrefix(string(c.Source), "%%")
		if !isMain {
			rest := importBlock.ReplaceAllStringFunc(string(c.Source), func(block string) string {
				imports.WriteString(block + "\n") // Go wants them first, where the kernel gathers them
				return ""
			})
			fmt.Fprintf(&declarations, "%s\n", rest)
			continue
		}
		fmt.Fprintf(&declarations, "func cell%d() {%s\n}\n", i, statements)
		if printsChecks(c) {
			fmt.Fprintf(&calls, "\tfmt.Println(%q)\n\tcell%d()\n", fmt.Sprint(cellMark, i), i)
		}
	}
	return fmt.Sprintf("package main\n%s%s\nfunc main() {\n%s}\n", &imports, &declarations, &calls)
}

// runSpoiled returns what each cell of a program prints.
func runSpoiled(t *testing.T, program string) map[int]string {
	t.Helper()
	cmd := exec.Command("bash", "-c", `. ../docker/lab/env.sh; exec "$0"`, program)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s%s", err, out, &stderr)
	}
	printed := map[int]string{}
	for _, part := range strings.Split(string(out), cellMark)[1:] {
		number, text, _ := strings.Cut(part, "\n")
		i, err := strconv.Atoi(number)
		if err != nil {
			t.Fatal(err)
		}
		printed[i] = text
	}
	return printed
}

// cellMark stands before a cell's number, on the line before its output.
const cellMark = "of cell "
