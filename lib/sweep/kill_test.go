package sweep

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"alphascale/lib/internal/share"
)

// finished lists the runs of a folder with what tells a file that was written again: its node and time.
func finished(t *testing.T, folder string) map[string]string {
	t.Helper()
	runs, damaged, err := Load(folder)
	if err != nil || len(damaged) > 0 {
		t.Fatalf("damaged: %v; error %v", damaged, err)
	}
	out := map[string]string{}
	for _, r := range runs {
		info, err := os.Stat(filepath.Join(folder, r.Name+extension))
		if err != nil {
			t.Fatal(err)
		}
		out[r.Name] = fmt.Sprint(info.Sys().(*syscall.Stat_t).Ino, info.ModTime().UnixNano())
	}
	return out
}

// Whenever the process is killed, what was finished is there, whole, and is never made again.
func TestKilledTwentyTimes(t *testing.T) {
	const kills, seeds, runs = 20, 24, 240
	folder := t.TempDir()
	seed := uint64(time.Now().UnixNano())
	rng := rand.New(rand.NewPCG(seed, 1))
	before, interrupted := map[string]string{}, 0
	for i := range kills {
		cmd, _ := child(t, folder, seeds)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		// A few kills come while the process starts; the others after its first new run, wherever that takes the machine.
		if i%5 > 0 {
			awaitMore(folder, len(before))
		}
		time.Sleep(time.Duration(rng.IntN(12_000)) * time.Microsecond)
		cmd.Process.Kill()
		if cmd.Wait() != nil {
			interrupted++
		}
		now := finished(t, folder)
		for name, file := range before {
			if now[name] != file {
				t.Fatalf("run %s was finished before a kill, and is now %q, was %q", name, now[name], file)
			}
		}
		before = now
	}
	t.Logf("%d of %d kills hit; %d of %d runs were finished by then; seed %d", interrupted, kills, len(before), runs, seed)
	if interrupted < kills/2 {
		t.Errorf("only %d of %d kills hit a process that ran", interrupted, kills)
	}
	r := run(t, specOfChild(t, folder, seeds))
	if r.Found != len(before) || r.Found+r.Computed != runs {
		t.Errorf("%d found and %d computed, want %d and %d", r.Found, r.Computed, len(before), runs-len(before))
	}
	after := finished(t, folder)
	for name, file := range before {
		if after[name] != file {
			t.Errorf("run %s was made again", name)
		}
	}
	if len(after) != runs {
		t.Errorf("%d files, want %d", len(after), runs)
	}
	sameRuns(t, r, run(t, specOfChild(t, "", seeds)))
	left, err := filepath.Glob(filepath.Join(folder, "*"))
	if err != nil || len(left) != runs+1 { // and the folder of the claims
		t.Errorf("%d files lie in the folder, want those of %d runs: %v", len(left), runs, err)
	}
}

// awaitMore waits until a folder has more than the given number of runs, or for three seconds.
func awaitMore(folder string, than int) {
	for deadline := time.Now().Add(3 * time.Second); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		if names, _ := (&store{folder: folder}).names(); len(names) > than {
			return
		}
	}
}

// An interrupt ends the sweep in a sentence, and with nothing half done.
func TestInterrupted(t *testing.T) {
	folder := t.TempDir()
	cmd, out := child(t, folder, 40)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	awaitMore(folder, 0)
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err == nil || !strings.Contains(out.String(), "was stopped after") {
		t.Errorf("the process ends with %v and says %q", err, out)
	}
	var computed, found int
	if _, err := fmt.Sscanf(out.String(), "computed %d found %d", &computed, &found); err != nil || computed != len(finished(t, folder)) {
		t.Errorf("%d runs computed, %d files, error %v", computed, len(finished(t, folder)), err)
	}
}

func TestTwoProcessesComputeNothingTwice(t *testing.T) {
	const seeds, runs = 12, 120
	folder := t.TempDir()
	var children []*exec.Cmd
	var outputs []*strings.Builder
	for range 2 {
		cmd, out := child(t, folder, seeds)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		children, outputs = append(children, cmd), append(outputs, out)
	}
	total := 0
	for i, cmd := range children {
		if err := cmd.Wait(); err != nil {
			t.Fatalf("%v: %s", err, outputs[i])
		}
		var computed, found int
		if _, err := fmt.Sscanf(outputs[i].String(), "computed %d found %d", &computed, &found); err != nil {
			t.Fatalf("%q: %v", outputs[i], err)
		}
		if computed+found != runs {
			t.Errorf("process %d has %d + %d runs, want %d", i, computed, found, runs)
		}
		total += computed
	}
	if total != runs {
		t.Errorf("%d runs were computed for %d", total, runs)
	}
	finished(t, folder)
}

// A run that is claimed is waited for, and taken over when the holder dies.
func TestClaimOfADeadHolder(t *testing.T) {
	folder := t.TempDir()
	s := specOfChild(t, folder, 1)
	p, err := mustResolve(t, s).plan()
	if err != nil {
		t.Fatal(err)
	}
	st, err := openStore(folder)
	if err != nil {
		t.Fatal(err)
	}
	held, err := st.claim(p.jobs[0].digest)
	if err != nil || held == nil {
		t.Fatalf("claim %v, error %v", held, err)
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	others := s
	others.Progress = func(done, _ int) {
		if done == 9 {
			stop()
		}
	}
	r, err := Run(ctx, others)
	if !errors.Is(err, context.Canceled) || r.Computed != 9 {
		t.Fatalf("beside a holder of one claim: error %v, %d runs", err, r.Computed)
	}
	if names, err := st.names(); err != nil || names[p.jobs[0].digest] {
		t.Fatalf("the run that is held was made, %v", err)
	}
	killed(t, st.holder)
	if r := run(t, s); r.Computed != 1 || r.Found != 9 {
		t.Errorf("%d computed and %d found after the holder died", r.Computed, r.Found)
	}
}

// killed leaves the claims of a holder as a process of this machine leaves them that is killed.
func killed(t *testing.T, h *share.Holder) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(h.Folder(), "holders", "*"))
	if err != nil || len(names) != 1 {
		t.Fatalf("the holders are %v, %v", names, err)
	}
	text, err := os.ReadFile(names[0])
	if err != nil {
		t.Fatal(err)
	}
	// A claim is a link to the file, and so changes with it.
	text = regexp.MustCompile(`"Started":"\d*"`).ReplaceAll(text, []byte(`"Started":"1"`))
	if err := os.WriteFile(names[0], text, 0o666); err != nil {
		t.Fatal(err)
	}
}

func mustResolve(t *testing.T, s Spec) Spec {
	t.Helper()
	s, err := s.resolve()
	if err != nil {
		t.Fatal(err)
	}
	return s
}
