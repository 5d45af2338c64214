package sweep

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"alphascale/lib/optim"
)

func TestDamagedFilesAreSetAside(t *testing.T) {
	foreign := func(folder string) []byte { // sound, but another run
		runs, _, err := Load(folder)
		if err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(filepath.Join(folder, runs[len(runs)-1].Name+extension))
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	flip := func(at float64) func([]byte) []byte {
		return func(data []byte) []byte { data[int(at*float64(len(data)))] ^= 0x10; return data }
	}
	damages := map[string]func([]byte) []byte{
		"empty":                    func([]byte) []byte { return nil },
		"truncated":                func(data []byte) []byte { return data[:len(data)*2/3] },
		"without end":              func(data []byte) []byte { return data[:len(data)-4] },
		"text":                     func([]byte) []byte { return []byte("alpha,loss\n1,2\n") },
		"zeros":                    func(data []byte) []byte { return make([]byte, len(data)) },
		"a bit early":              flip(0.1),
		"a bit later":              flip(0.4),
		"a bit in the description": flip(0.8),
		"another run":              nil,
	}
	for name, damage := range damages {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			s := specOfChild(t, folder, 1)
			want := run(t, s)
			runs, _, err := Load(folder)
			if err != nil {
				t.Fatal(err)
			}
			file := filepath.Join(folder, runs[0].Name+extension)
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if damage == nil {
				data = foreign(folder)
			} else {
				data = damage(data)
			}
			if err := os.WriteFile(file, data, 0o666); err != nil {
				t.Fatal(err)
			}
			if _, damaged, _ := Load(folder); len(damaged) != 1 {
				t.Errorf("Load reports %v", damaged)
			}
			got := run(t, s)
			if got.Computed != 1 || len(got.Notes) != 1 || !strings.Contains(got.Notes[0], "damaged or foreign") {
				t.Errorf("%d runs, notes %q", got.Computed, got.Notes)
			}
			sameRuns(t, got, want)
			if aside, err := os.ReadFile(file + aside); err != nil || len(aside) != len(data) {
				t.Errorf("set aside: %d bytes, %v", len(aside), err)
			}
			if again := run(t, s); again.Computed != 0 || len(again.Notes) != 0 {
				t.Errorf("then %d runs and notes %q", again.Computed, again.Notes)
			}
		})
	}
}

// No bit of a file can change unseen.
func TestNoDamagePassesUnseen(t *testing.T) {
	folder := t.TempDir()
	s := specOfChild(t, folder, 1)
	s.Axes = s.Axes[2:]
	run(t, s)
	runs, _, err := Load(folder)
	if err != nil || len(runs) != 1 {
		t.Fatal(len(runs), err)
	}
	data, err := os.ReadFile(filepath.Join(folder, runs[0].Name+extension))
	if err != nil {
		t.Fatal(err)
	}
	for i := range data {
		broken := bytes.Clone(data)
		broken[i] ^= 1 << (i % 8)
		if _, _, err := decode(broken); err == nil {
			t.Fatalf("bit %d of byte %d of %d changes unseen", i%8, i, len(data))
		}
	}
}

func TestChangedVersionsComputeAnew(t *testing.T) {
	s := specOfChild(t, t.TempDir(), 1)
	p, err := mustResolve(t, s).plan()
	if err != nil {
		t.Fatal(err)
	}
	first, err := p.jobs[0].program.identify(p.jobs[0].settings).digest()
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*Identity){
		"plugin":  func(id *Identity) { id.Backend += " of tomorrow" },
		"GoMLX":   func(id *Identity) { id.Modules = append(id.Modules, "github.com/gomlx/gomlx v9") },
		"program": func(id *Identity) { id.Version++ },
		"data":    func(id *Identity) { id.Data = "0" },
		"model":   func(id *Identity) { id.Program = "0" },
	} {
		id := p.jobs[0].program.identify(p.jobs[0].settings)
		change(&id)
		if other, err := id.digest(); err != nil || other == first {
			t.Errorf("another %s gives the same name %s, error %v", name, other, err)
		}
	}
}

// A plugin of other content makes another folder of results out of the same one; its place does not matter.
func TestChangedPluginComputesAnew(t *testing.T) {
	digest := func(plugin string) string {
		folder := t.TempDir()
		if err := os.WriteFile(filepath.Join(folder, "pjrt_c_api_cpu_plugin.so"), []byte(plugin), 0o666); err != nil {
			t.Fatal(err)
		}
		t.Setenv("PJRT_PLUGIN_LIBRARY_PATH", folder)
		t.Setenv("GOMLX_BACKEND", "")
		s := specOfChild(t, "", 1)
		s.Config.Backend = nil
		p, err := mustResolve(t, s).plan()
		if err != nil {
			t.Fatal(err)
		}
		return p.jobs[0].digest
	}
	if first := digest("one"); digest("one") != first {
		t.Error("the plugin's place changes the name of a run")
	}
	if digest("one") == digest("two") {
		t.Error("another plugin gives the same name")
	}
}

// mount returns a small file system of its own, or skips the test with the reason.
func mount(t *testing.T, options string) string {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("mounting a small file system needs root")
	}
	folder := t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", options, "tmpfs", folder).CombinedOutput(); err != nil {
		t.Skipf("no small file system can be mounted: %v %s", err, out)
	}
	t.Cleanup(func() { exec.Command("umount", folder).Run() })
	return folder
}

func TestFullDisk(t *testing.T) {
	folder := mount(t, "size=64k")
	s := specOfChild(t, folder, 2)
	r, err := Run(t.Context(), s)
	if err == nil || !strings.Contains(err.Error(), "make room") || !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("error %v", err)
	}
	kept := finished(t, folder)
	if r.Computed < len(kept) || len(kept) == 0 || len(kept) == 20 {
		t.Errorf("%d runs computed, %d kept", r.Computed, len(kept))
	}
	if out, err := exec.Command("mount", "-o", "remount,size=8m", folder).CombinedOutput(); err != nil {
		t.Skipf("no more room can be made: %v %s", err, out)
	}
	if r := run(t, s); r.Found != len(kept) || r.Found+r.Computed != 20 {
		t.Errorf("with room again %d found, %d computed", r.Found, r.Computed)
	}
}

func TestReadOnlyFolder(t *testing.T) {
	var folder string
	readOnly := func() { os.Chmod(folder, 0o555) }
	if os.Geteuid() == 0 { // whom permissions do not stop
		folder = mount(t, "size=8m")
		readOnly = func() {
			if out, err := exec.Command("mount", "-o", "remount,ro", folder).CombinedOutput(); err != nil {
				t.Skipf("no read-only file system: %v %s", err, out)
			}
		}
	} else {
		folder = t.TempDir()
		t.Cleanup(func() { os.Chmod(folder, 0o755) })
	}
	s := specOfChild(t, folder, 1)
	want := run(t, s)
	readOnly()
	got := run(t, s) // all there: nothing to write
	sameRuns(t, got, want)
	s.Axes[1] = Hyper(optim.LearningRate, PowersOfTwo(-6, -2)...)
	r, err := Run(t.Context(), s)
	if err == nil || !strings.Contains(err.Error(), "choose another folder") {
		t.Fatalf("error %v", err)
	}
	if r.Found != 10 {
		t.Errorf("%d runs found beside the error, want 10", r.Found)
	}
}
