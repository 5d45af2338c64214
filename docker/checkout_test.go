package docker_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// checkout is a copy of what the set-up needs, to be spoiled. The caches of Go are shared with this machine's user.
type checkout struct {
	root string
	env  []string
	user *syscall.Credential
}

// newCheckout copies what docker/Dockerfile gives the set-up, docker/lab and the module's files, and the further folders named.
func newCheckout(t *testing.T, name string, further ...string) *checkout {
	t.Helper()
	c := &checkout{root: filepath.Join(t.TempDir(), name)}
	for _, folder := range append(further, "docker/lab") {
		if err := os.CopyFS(filepath.Join(c.root, folder), os.DirFS(filepath.Join("..", folder))); err != nil {
			t.Fatal(err)
		}
	}
	for _, file := range []string{"go.mod", "go.sum"} {
		data, err := os.ReadFile(filepath.Join("..", file))
		if err != nil {
			t.Fatal(err)
		}
		c.write(t, file, string(data))
	}
	return c
}

func (c *checkout) path(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(c.root, name)
}

func (c *checkout) read(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(c.path(name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func (c *checkout) write(t *testing.T, name, text string) {
	t.Helper()
	err := os.MkdirAll(filepath.Dir(c.path(name)), 0o755)
	if err == nil {
		err = os.WriteFile(c.path(name), []byte(text), 0o755)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func (c *checkout) edit(t *testing.T, name, old, new string) {
	t.Helper()
	c.write(t, name, strings.Replace(c.read(t, name), old, new, 1))
}

// with puts a program of the given name and shell code before all others.
func (c *checkout) with(t *testing.T, program, code string) {
	t.Helper()
	c.write(t, "first/"+program, "#!/bin/sh\n"+code+"\n")
	c.env = append(c.env, "PATH="+filepath.Join(c.root, "first")+":"+os.Getenv("PATH"))
}

// without hides programs: PATH is one folder with links to all others.
func (c *checkout) without(t *testing.T, programs ...string) {
	t.Helper()
	all := t.TempDir()
	for _, folder := range filepath.SplitList(os.Getenv("PATH")) {
		entries, _ := os.ReadDir(folder) // one that is not there has nothing to offer
		for _, e := range entries {
			if !slices.Contains(programs, e.Name()) {
				os.Symlink(filepath.Join(folder, e.Name()), filepath.Join(all, e.Name())) // fails for a later namesake
			}
		}
	}
	c.env = append(c.env, "PATH="+all)
}

// readOnly takes away the right to write, and root's power to do it all the same.
func (c *checkout) readOnly(t *testing.T) {
	t.Helper()
	if err := os.Chmod(c.root, 0o555); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.Chmod(c.root, 0o755) })
	if os.Geteuid() != 0 {
		return
	}
	for folder := filepath.Dir(c.root); folder != filepath.Clean(os.TempDir()) && folder != "/"; folder = filepath.Dir(folder) {
		if err := os.Chmod(folder, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	const nobody = 65534
	c.user = &syscall.Credential{Uid: nobody, Gid: nobody}
}

// smallDisk gives the set-up a disk of its own, of 20 MB.
func (c *checkout) smallDisk(t *testing.T) {
	t.Helper()
	lab := filepath.Join(c.root, ".lab")
	if err := os.Mkdir(lab, 0o755); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=20m", "tmpfs", lab).CombinedOutput(); err != nil {
		t.Skipf("a disk cannot be mounted here: %v %s", err, out)
	}
	t.Cleanup(func() {
		if out, err := exec.Command("umount", lab).CombinedOutput(); err != nil {
			t.Errorf("%v %s", err, out)
		}
	})
}

// command runs a program in the checkout.
func (c *checkout) command(program string, args ...string) *exec.Cmd {
	cmd := exec.Command(program, args...)
	cmd.Dir = c.root
	for _, e := range os.Environ() {
		// What docker/lab/env.sh of the real checkout said.
		if name, _, _ := strings.Cut(e, "="); !slices.Contains([]string{"PJRT_PLUGIN_LIBRARY_PATH", "GOMLX_BACKEND", "GOFLAGS", "PYTHON", "CUDA"}, name) {
			cmd.Env = append(cmd.Env, e)
		}
	}
	cmd.Env = append(cmd.Env, sharedCaches()...)
	cmd.Env = append(cmd.Env, c.env...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: c.user}
	return cmd
}

// sharedCaches says where the caches and settings of Go and pip are, since a test may change the home that they are found by.
var sharedCaches = sync.OnceValue(func() []string {
	env := []string{"GOTOOLCHAIN=local", "CC="}
	for _, name := range []string{"GOENV", "GOMODCACHE", "GOCACHE"} {
		if value, err := exec.Command("go", "env", name).Output(); err == nil {
			env = append(env, name+"="+strings.TrimSpace(string(value)))
		}
	}
	if settings := os.ExpandEnv("$HOME/.config/pip/pip.conf"); os.Getenv("PIP_CONFIG_FILE") == "" {
		if _, err := os.Stat(settings); err == nil {
			env = append(env, "PIP_CONFIG_FILE="+settings)
		}
	}
	return env
})

// fails runs the set-up, which has to end with one sentence and no trace of a program's own.
func (c *checkout) fails(t *testing.T, want string) {
	t.Helper()
	s := c.start(t)
	s.ends(t, 1)
	lines := strings.Split(strings.TrimSpace(s.output()), "\n")
	last := lines[len(lines)-1]
	if !strings.HasPrefix(last, "set-up: ") || !strings.Contains(last, want) {
		t.Errorf("it does not end with a sentence that says %q:\n%s", want, s.output())
	}
	for _, line := range lines {
		for _, riddle := range []string{"Traceback", ".sh: line", "goroutine ", "ERROR:"} {
			if strings.Contains(line, riddle) {
				t.Errorf("it shows %q", line)
			}
		}
	}
}

// works runs a notebook's cell in the checkout's kernel, with Jupyter from the real one.
func (c *checkout) works(t *testing.T) {
	t.Helper()
	python, err := filepath.Abs("../.lab/venv/bin/python")
	if err != nil {
		t.Fatal(err)
	}
	cmd := c.command("bash", "-c", `. docker/lab/env.sh; exec "$0" docker/check/kernel/behaviour.py Behaviour.test_works_in_any_folder`, python)
	temp, err := os.MkdirTemp("", "k")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(temp) // what a kernel that is killed leaves behind
	cmd.Env = append(cmd.Env, "TMPDIR="+temp)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("a cell does not run: %v\n%s", err, out)
	}
}

func requireSetUp(t *testing.T) {
	t.Helper()
	if _, err := os.Stat("../.lab/venv/bin/python"); err == nil {
		return
	}
	const reason = "the project is not set up: run 'make test', which sets it up first"
	if os.Getenv("CI") != "" {
		t.Fatal(reason)
	}
	t.Skip(reason)
}

// requireIndex skips a test that downloads where there is no network: everything else works without one.
func requireIndex(t *testing.T) {
	t.Helper()
	requireSetUp(t)
	cmd := exec.Command("../.lab/venv/bin/python", "-m", "pip", "download", "--quiet", "--no-deps", "--retries=0", "--dest", t.TempDir(), pinned)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Skipf("no index of Python packages can be reached: %v\n%s", err, out)
	}
}
