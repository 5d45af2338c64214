package backend_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestAnotherModule does what the README says about a module of the user's own: outside the checkout, with nothing in the
// environment that points to it, the module is built from the module cache and trains with XLA.
func TestAnotherModule(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(root, ".lab/xla/pjrt_c_api_cpu_plugin.so")); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("CI installs the plugin: %v", err)
		}
		t.Skip("no XLA plugin: run `make lab`")
	}
	program, err := os.ReadFile("testdata/module/main.go")
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "main.go"), program, 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("sh", "-ec", strings.Join(readmeCommands(t, root), "\n"))
	cmd.Dir = folder
	cmd.Env = append(slices.DeleteFunc(os.Environ(), func(entry string) bool {
		name, _, _ := strings.Cut(entry, "=")
		return slices.Contains([]string{"GOMLX_BACKEND", "PJRT_PLUGIN_LIBRARY_PATH", "ALPHASCALE_ROOT", "LAB", "GOFLAGS"}, name)
	}), "ALPHASCALE="+root, "GOPROXY=off", "GOWORK=off")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if !regexp.MustCompile(`(?m)^backend xla xla:cpu \d+ bytes `).Match(out) {
		t.Errorf("the module does not train with the checkout's plugin:\n%s", out)
	}
	losses := regexp.MustCompile(`(?m)^loss .*$`).FindAllString(string(out), -1)
	if len(losses) != 2 || losses[0] != losses[1] {
		t.Errorf("the losses are %q", losses)
	}
}

// readmeCommands are those of the README, without the one that says where the checkout is.
func readmeCommands(t *testing.T, root string) []string {
	t.Helper()
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, block, found := strings.Cut(string(readme), "    export ALPHASCALE=")
	if !found {
		t.Fatal("the README does not say how to use the library from another module")
	}
	_, block, _ = strings.Cut(block, "\n")
	block, _, _ = strings.Cut(block, "\n\n")
	return strings.Split(block, "\n")
}
