package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// kernel is a folder as gonb makes it, with this program before go and goimports in PATH.
type kernel struct {
	*testing.T
	folder string
}

func newKernel(t *testing.T) kernel {
	scripts, folder := t.TempDir(), filepath.Join(t.TempDir(), "gonb_test")
	program := filepath.Join(scripts, "cellgo")
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatal(string(out))
	}
	for _, name := range []string{"go", "goimports"} {
		if err := os.WriteFile(filepath.Join(scripts, name), []byte("#!/bin/sh\nexec "+program+" \"$0\" \"$@\"\n"), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", scripts+string(filepath.ListSeparator)+os.Getenv("PATH"))
	t.Setenv("GOFLAGS", "")
	t.Setenv("GOWORK", "off")
	k := kernel{t, folder}
	k.write("go.mod", "module gonb_test\n\ngo 1.24\n")
	return k
}

func (k kernel) write(name, text string) {
	if err := os.WriteFile(filepath.Join(k.folder, name), []byte(text), 0o600); err != nil {
		k.Fatal(err)
	}
}

// execute builds a cell and runs it, and returns what either says.
func (k kernel) execute(body string) (says string, ok bool) {
	k.Helper()
	k.write(file, "package main\n"+body)
	binary := filepath.Join(k.folder, "gonb_test")
	for _, command := range [][]string{{"go", "build", "-o", binary}, {binary}} {
		cmd := exec.Command(command[0], command[1:]...)
		cmd.Dir = k.folder
		out, err := cmd.CombinedOutput()
		says += string(out)
		if err != nil {
			return says, false
		}
	}
	return says, true
}

const aVariable = "import \"fmt\"\nvar x = tell()\nfunc tell() int { fmt.Print(\"computed \"); return 7 }\n"

// TestBuildOnce computes a variable in the cell that has it and in those that use it, and in no other.
func TestBuildOnce(t *testing.T) {
	k := newKernel(t)
	for i, cell := range []struct{ main, want string }{
		{"func main() {}", "computed "},
		{"func main() { fmt.Print(1) }", "1"},
		{"func main() { fmt.Print(x) }", "computed 7"},
		{"func main() {}", ""},
	} {
		if got, ok := k.execute(aVariable + cell.main); !ok || got != cell.want {
			t.Errorf("cell %d says %q, want %q", i, got, cell.want)
		}
	}
}

// TestBuildErrors are those of go, with the same lines, of what is used and of what is not.
func TestBuildErrors(t *testing.T) {
	k := newKernel(t)
	if says, ok := k.execute("func f() int { return 1 }\nfunc g() int { return f() }\nfunc main() {}"); !ok {
		t.Fatal(says)
	}
	for _, cell := range []struct{ body, want string }{
		{"func f() int { return 1 }\nfunc g() int { return f() }\nfunc main() { undefined() }", "./main.go:4:15: undefined: undefined"},
		{"func f() string { return \"\" }\nfunc g() int { return f() }\nfunc main() {}", "./main.go:3:23: cannot use f()"},
		{"func g() int { return f() }\nfunc main() {}", "./main.go:2:23: undefined: f"},
		{"import \"os\"\nfunc f() int { return 1 }\nfunc g() int { return f() }\nfunc h() { os.Exit(1); return 1 }\nfunc main() {}", "./main.go:5:31: too many return values"},
		{"func main() {", "syntax error"},
	} {
		if says, ok := k.execute(cell.body); ok || !strings.Contains(says, cell.want) {
			t.Errorf("%q: %q, want %q", cell.body, says, cell.want)
		}
	}
	if says, ok := k.execute("func f() int { return 1 }\nfunc g() int { return f() }\nfunc main() { panic(g()) }"); ok || !strings.Contains(says, "main.go:4") {
		t.Errorf("a panic says %q, want its line of main.go", says)
	}
}

// TestBuildLinksWhatIsUsed has a smaller program where a cell uses less.
func TestBuildLinksWhatIsUsed(t *testing.T) {
	k := newKernel(t)
	size := func(main string) int64 {
		if says, ok := k.execute("import (\n\t\"net/http\"\n\t\"os\"\n)\nfunc get() { http.Get(\"\") }\nfunc main() {\n\tif len(os.Args) > 1 {\n\t\t" + main + "\n\t}\n}"); !ok {
			t.Fatal(says)
		}
		info, err := os.Stat(filepath.Join(k.folder, "gonb_test"))
		if err != nil {
			t.Fatal(err)
		}
		return info.Size()
	}
	if with, without := size("get()"), size(""); without > with/2 {
		t.Errorf("%d bytes with net/http, %d without", with, without)
	}
}

// TestStandard adds what the standard library explains, and what only one of its packages does.
func TestStandard(t *testing.T) {
	k := newKernel(t)
	k.write(file, "package main\n\nfunc main() { math := 1; _ = math.Max; slices.Sort(nil); rand.Int(); floats.Max(nil) }\n")
	list := filepath.Join(k.folder, file)
	addStandard(list)
	text, err := os.ReadFile(list)
	if err != nil {
		t.Fatal(err)
	}
	if got := string(text); strings.Count(got, "import") != 1 || !strings.Contains(got, "\nimport \"slices\"\n") {
		t.Errorf("it is now\n%s", got)
	}
}
