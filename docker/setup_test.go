// Package docker_test provokes what can go wrong where the project is set up, and builds and tests the image.
//
// What can go wrong elsewhere is provoked where it happens: a plugin that is missing, cut short, for another processor or
// too old in lib/backend; a model that panics and a run too large for the memory in lib/training; a full disk, a folder
// that cannot be written, a damaged file and a killed process in lib/sweep; an interrupt, a kernel killed in mid-cell
// and a notebook in any folder in notebooks.
package docker_test

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestSetUpNeeds takes away one thing at a time that the set-up needs; each is missed at once, in one sentence.
func TestSetUpNeeds(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		provoke func(t *testing.T, c *checkout)
		want    string
	}{
		"no Go":            {func(t *testing.T, c *checkout) { c.without(t, "go") }, "Go is missing: install Go 1."},
		"Go too old":       {func(t *testing.T, c *checkout) { c.with(t, "go", "echo go1.21.5") }, "Go 1.21.5 is too old: install Go 1."},
		"Go of the future": {func(t *testing.T, c *checkout) { c.edit(t, "go.mod", "\ngo 1.", "\ngo 1.9") }, "is too old: install Go 1.9"},
		"no C compiler":    {func(t *testing.T, c *checkout) { c.without(t, "gcc", "cc", "clang") }, "A C compiler is missing (gcc): install one, on Debian"},
		"C without library": {func(t *testing.T, c *checkout) {
			c.with(t, "gcc", "echo 'stdlib.h: No such file or directory' >&2; exit 1")
		}, "The C compiler (gcc) cannot build a program"},
		"cgo is off": {func(t *testing.T, c *checkout) { c.env = append(c.env, "CGO_ENABLED=0") }, "unset CGO_ENABLED"},
		"no make":    {func(t *testing.T, c *checkout) { c.without(t, "make") }, "make is missing: install it"},
		"no Python":  {func(t *testing.T, c *checkout) { c.env = append(c.env, "PYTHON=python-of-nobody") }, "Python is missing: install Python 3.10 or later"},
		"Python too old": {func(t *testing.T, c *checkout) {
			c.with(t, "python-old", "exit 1")
			c.env = append(c.env, "PYTHON=python-old")
		}, "Python is older than 3.10"},
		"Python without venv": {func(t *testing.T, c *checkout) {
			c.write(t, "broken/ensurepip.py", "raise ImportError('not installed')\n")
			c.with(t, "python-bare", fmt.Sprintf("PYTHONPATH=%q exec python3 \"$@\"", filepath.Join(c.root, "broken")))
			c.env = append(c.env, "PYTHON=python-bare")
		}, "Python is here without venv: install it, on Debian and Ubuntu with 'apt-get install python3-venv'."},
		"a checkout that cannot be written": {func(t *testing.T, c *checkout) { c.readOnly(t) }, "cannot be written: put the checkout where you may write"},
		"a file in the place of .lab":       {func(t *testing.T, c *checkout) { c.write(t, ".lab", "") }, "cannot be written"},
		"a full disk":                       {func(t *testing.T, c *checkout) { c.smallDisk(t) }, "MB free for"},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCheckout(t, "checkout")
			test.provoke(t, c)
			c.fails(t, test.want)
		})
	}
}

// pinned is a small package, of which any will do.
const pinned = "jupyter-kernel-test==0.7.0"

// offline makes pip find nobody who answers.
var offline = []string{
	"PIP_INDEX_URL=http://127.0.0.1:9/simple", "PIP_CONFIG_FILE=/dev/null", "PIP_FIND_LINKS=",
	"PIP_RETRIES=0", "PIP_NO_CACHE_DIR=1",
}

// TestSetUpDownloads meets what can go wrong with downloads. The venv is left empty, to be quick.
func TestSetUpDownloads(t *testing.T) {
	t.Parallel()
	requireIndex(t)
	c := newCheckout(t, "checkout")
	c.write(t, "docker/lab/requirements.txt", pinned+" --hash=sha256:"+strings.Repeat("0", 64)+"\n")
	for _, step := range []struct {
		name    string
		provoke func()
		want    string
	}{
		{"no network for Python's packages", func() { c.env = offline }, "A package index cannot be reached"},
		{"a wheel of another hash", func() { c.env = nil }, "its hash differs"},
		{"no network for Go's modules", func() {
			c.write(t, "docker/lab/requirements.txt", "")
			c.env = []string{"GOPROXY=http://127.0.0.1:9", "GOMODCACHE=" + t.TempDir(), "GOFLAGS=-modcacherw"}
		}, "A package index cannot be reached"},
		{"a plugin's wheel of another hash", func() {
			c.env = nil
			c.edit(t, "docker/lab/xla.txt", "--hash=sha256:1", "--hash=sha256:0")
			c.edit(t, "docker/lab/xla.txt", "--hash=sha256:8", "--hash=sha256:0")
		}, "its hash differs"},
	} {
		t.Run(step.name, func(t *testing.T) {
			step.provoke()
			c.fails(t, step.want)
		})
	}
}

// TestSetUpAnywhere sets the project up in a path with spaces and Greek letters and with a home that cannot be written;
// one set-up is interrupted, two run at once, later ones have no network.
func TestSetUpAnywhere(t *testing.T) {
	t.Parallel()
	requireIndex(t)
	c := newCheckout(t, "α β scaling", "lib", "plots", "docker/check")
	c.write(t, "docker/lab/requirements.txt", "")
	c.write(t, "home", "a file where the home should be")
	c.write(t, "plugin/pjrt_c_api_cpu_plugin.so", "no plugin")
	c.env = []string{"HOME=" + filepath.Join(c.root, "home"), "PJRT_PLUGIN_LIBRARY_PATH=" + filepath.Join(c.root, "plugin")}

	first := c.start(t)
	first.until(t, "gonb, the kernel")
	first.interrupt(t)
	first.ends(t, 130, "Interrupted. The next call goes on from here.")

	one := c.start(t)
	one.until(t, "Setting up in .lab/")
	other := c.start(t)
	one.ends(t, 0, "cannot be used here", "Ready.")
	other.ends(t, 0, "Another set-up is at work in this checkout; waiting for it.")
	if strings.Contains(one.output(), "Python venv") {
		t.Errorf("the venv of the interrupted set-up is made again:\n%s", one.output())
	}

	c.env = append(c.env, offline...)
	c.env = append(c.env, "GOPROXY=off")
	again := c.start(t)
	if again.ends(t, 0); again.output() != "" {
		t.Errorf("a second set-up has something to do:\n%s", again.output())
	}
	c.noticesEdits(t)
	c.edit(t, "go.mod", "module alphascale", "// edited\nmodule alphascale")
	c.start(t).ends(t, 0, "Ready.")
	c.works(t)

	c.env = c.env[:2]
	plugin := filepath.Join(c.root, ".lab/xla/pjrt_c_api_cpu_plugin.so")
	whole := len(c.read(t, plugin))
	if err := os.Truncate(plugin, int64(whole/2)); err != nil {
		t.Fatal(err)
	}
	c.start(t).ends(t, 0, "XLA's CPU plugin", "Ready.")
	if is := len(c.read(t, plugin)); is != whole {
		t.Errorf("a plugin that was cut short has %d bytes of %d after the set-up", is, whole)
	}
}

func TestPortTaken(t *testing.T) {
	requireSetUp(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	out, err := exec.Command("bash", "notebook/lab.sh", "notebooks/00_start.ipynb", port, "--no-browser").CombinedOutput()
	if err == nil || !strings.HasPrefix(string(out), "Port "+port+" is taken") || !strings.Contains(string(out), "make lab PORT=") {
		t.Errorf("%v\n%s", err, out)
	}
}
