package backend_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"alphascale/lib/backend"
)

const askedToOpen = "ALPHASCALE_TEST_OPEN"

// TestOpenHere is the child of TestOpenRefusesPlugin: a backend is opened once per process, and a bad plugin can end it.
func TestOpenHere(t *testing.T) {
	if os.Getenv(askedToOpen) == "" {
		t.Skip("a part of TestOpenRefusesPlugin")
	}
	if _, err := backend.Open(); err != nil {
		fmt.Println("refused:", err)
	}
}

func TestOpenRefusesPlugin(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	library, err := os.ReadFile(self) // as good as any file of this system's format
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(library, []byte("\x7fELF")) {
		t.Skip("only Linux's format is looked into")
	}
	foreign := bytes.Clone(library)
	copy(foreign[18:], []byte{8, 0}) // the processor: MIPS
	for name, test := range map[string]struct {
		file  []byte // nil for none
		words []string
	}{
		"missing":           {nil, []string{"no XLA plugin in PJRT_PLUGIN_LIBRARY_PATH"}},
		"empty":             {[]byte{}, []string{"damaged or cut short"}},
		"text":              {[]byte("404: not found\n"), []string{"damaged"}},
		"cut short":         {library[:len(library)/2], []string{"cut short"}},
		"another processor": {foreign, []string{"another processor", "EM_MIPS"}},
		"no plugin":         {build(t, "int other;"), []string{"GetPjrtApi", "no XLA plugin"}},
		"too old": {build(t, `#include <stddef.h>
			static struct { size_t size; void *ext; size_t vsize; void *vext; int major, minor; } api = {40, 0, 24, 0, 0, 23};
			void *GetPjrtApi(void) { return &api; }`), []string{"too old", "0.23", "0.81"}},
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			if test.file != nil {
				if err := os.WriteFile(filepath.Join(folder, "pjrt_c_api_cpu_plugin.so"), test.file, 0o755); err != nil {
					t.Fatal(err)
				}
			}
			cmd := exec.Command(self, "-test.run=^TestOpenHere$")
			cmd.Env = append(os.Environ(), askedToOpen+"=1", "GOMLX_BACKEND=xla:cpu", "PJRT_PLUGIN_LIBRARY_PATH="+folder)
			out, err := cmd.CombinedOutput()
			sentence, _, _ := strings.Cut(string(out), "\n")
			if err != nil || !strings.HasPrefix(sentence, "refused: ") {
				t.Fatalf("%v\n%s", err, out)
			}
			for _, words := range append(test.words, folder, "make lab") {
				if !strings.Contains(sentence, words) {
					t.Errorf("the error does not mention %q: %s", words, sentence)
				}
			}
		})
	}
}

// build compiles a shared library from C, which the backend itself needs a compiler for.
func build(t *testing.T, source string) []byte {
	t.Helper()
	out := filepath.Join(t.TempDir(), "library.so")
	cmd := exec.Command("cc", "-shared", "-fPIC", "-x", "c", "-", "-o", out)
	cmd.Stdin = strings.NewReader(source)
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Skipf("no C compiler to make a plugin with: %v\n%s", err, text)
	}
	data, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestOpenGivesEachProcessorADevice(t *testing.T) {
	b, err := backend.Open()
	if err != nil {
		t.Fatal(err)
	}
	if b.Name() != "xla" || !b.HasSharedBuffers() {
		t.Skip("XLA's CPU plugin only")
	}
	if got := int(b.NumDevices()); got != runtime.NumCPU() {
		t.Errorf("%d devices on %d processors", got, runtime.NumCPU())
	}
}
