package lawtest_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A rule of another module, outside the checkout, is tested there by L1 and folds in sweeps: testdata/module says how.
func TestARuleOfAnotherModule(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	if err := os.CopyFS(folder, os.DirFS("testdata/module")); err != nil {
		t.Fatal(err)
	}
	for _, command := range [][]string{
		{"mod", "init", "example.com/softsign"},
		{"mod", "edit", "-require=alphascale@v0.0.0", "-replace=alphascale=" + root},
		{"test", "-mod=mod", "-v", "."},
	} {
		if command[0] == "test" {
			sums, err := os.ReadFile(filepath.Join(root, "go.sum"))
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(folder, "go.sum"), sums, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		cmd := exec.Command("go", command...)
		cmd.Dir = folder
		cmd.Env = append(slices.DeleteFunc(os.Environ(), func(entry string) bool { return strings.HasPrefix(entry, "GOFLAGS=") }),
			"GOPROXY=off", "GOWORK=off")
		out, err := cmd.CombinedOutput()
		if err != nil || command[0] == "test" && strings.Count(string(out), "--- PASS") != 4 {
			t.Fatalf("go %s: %v\n%s", strings.Join(command, " "), err, out)
		}
	}
}
