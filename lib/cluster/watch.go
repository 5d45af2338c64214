package cluster

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"alphascale/lib/sweep"

	"golang.org/x/term"
)

const (
	lookEvery = time.Second
	patience  = 10 // looks at a job that has ended, until its last files are seen here
)

// watch returns when all runs are there. It finds the sweep's last job, or submits one, and another one when that has ended before its
// time, as long as each gets further.
func watch(ctx context.Context, w *sweep.Work, runs []string, submit func(context.Context, *sweep.Work, []string) (*job, error), say func(string)) error {
	j, err := running(ctx, w)
	if err != nil {
		return err
	}
	before, err := w.Done(runs)
	if err != nil {
		return err
	}
	for {
		if j == nil {
			if j, err = submit(ctx, w, runs); err != nil {
				return err
			}
		}
		begun, first := time.Now(), before
		done, why := follow(ctx, w, j, runs, func(done int) {
			say(describe(j, done, len(runs), first, time.Since(begun)))
		})
		if why == nil || !errors.Is(why, errUnfinished) || done <= before {
			return why
		}
		j, before = nil, done
	}
}

// running is the last job of the sweep if Slurm still has it, nil if not.
func running(ctx context.Context, w *sweep.Work) (*job, error) {
	folder, n := newest(w)
	if n == 0 {
		return nil, nil
	}
	j, err := load(folder)
	if err != nil {
		return nil, nil // what is left of one that could not be written
	}
	queued, err := j.queued(ctx)
	if err != nil || !queued {
		return nil, err
	}
	return j, nil
}

// queued says whether Slurm has tasks of the job that wait or run.
func (j *job) queued(ctx context.Context) (bool, error) {
	id, err := os.ReadFile(j.idFile())
	if err != nil {
		return false, nil // it was written by hand, and nobody knows
	}
	out, err := slurm(ctx, "squeue", "--noheader", "--jobs="+string(id), "--states=PENDING,RUNNING,SUSPENDED,COMPLETING,CONFIGURING,REQUEUED", "--format=%T")
	if err != nil && strings.Contains(err.Error(), "Invalid job id") {
		return false, nil
	}
	return out != "", err
}

// errUnfinished says that a job has ended and not for a reason that another would end for too.
var errUnfinished = errors.New("the job has ended before all was made")

// follow waits until the job's runs are there or it has ended, and returns how many are there.
func follow(ctx context.Context, w *sweep.Work, j *job, runs []string, see func(done int)) (done int, err error) {
	ended := 0
	for {
		if done, err = w.Done(runs); err != nil || done == len(runs) {
			return done, err
		}
		see(done)
		failed, err := os.ReadDir(filepath.Join(j.folder, "failed"))
		if err != nil {
			return done, fmt.Errorf("the job's folder cannot be read: %w", err)
		}
		queued, err := j.queued(ctx)
		if err != nil {
			return done, err
		}
		switch {
		case queued:
			ended = 0
		case ended < patience && len(failed)+done < len(runs) && len(j.errors()) == 0:
			ended++
		case len(failed) > 0:
			text, _ := os.ReadFile(filepath.Join(j.folder, "failed", failed[0].Name()))
			return done, fmt.Errorf("%d of %d runs could not be made, the first %s; run the sweep again to try once more", len(failed), len(runs), text)
		default:
			return done, j.why(ctx, len(runs)-done)
		}
		select {
		case <-ctx.Done():
			return done, fmt.Errorf("no longer watching after %d of %d runs: %w; the job goes on, and running this again watches it", done, len(runs), context.Cause(ctx))
		case <-time.After(lookEvery):
		}
	}
}

// why is the reason for which a job has ended with runs missing.
func (j *job) why(ctx context.Context, missing int) error {
	if said := j.errors(); len(said) > 0 {
		return fmt.Errorf("%d runs are missing: %s; run the sweep again when that is mended", missing, said[0])
	}
	id, err := os.ReadFile(j.idFile())
	if err != nil {
		return errUnfinished
	}
	about, err := slurm(ctx, "scontrol", "--oneliner", "show", "job", string(id))
	switch {
	case err == nil && strings.Contains(about, "JobState=CANCELLED"):
		return fmt.Errorf("job %s was cancelled with %d runs missing: run the sweep again to submit those", id, missing)
	case len(j.statuses()) == 0:
		nodes := map[string]bool{}
		for _, field := range strings.Fields(about) {
			if node, is := strings.CutPrefix(field, "NodeList="); is && node != "" && node != "(null)" {
				nodes[node] = true
			}
		}
		return fmt.Errorf("the tasks of job %s, on node %s, ended without a sign in %s: choose a Folder that every node sees%s", id,
			strings.Join(slices.Sorted(maps.Keys(nodes)), ", "), j.folder, j.lastWords())
	}
	return fmt.Errorf("%w: job %s, %d runs are missing%s", errUnfinished, id, missing, j.lastWords())
}

// lastWords are the last line of a log, if there is any.
func (j *job) lastWords() string {
	logs, _ := filepath.Glob(filepath.Join(j.folder, "log", "*"))
	for _, name := range logs {
		text, err := os.ReadFile(name)
		lines := strings.Split(strings.TrimSpace(string(text)), "\n")
		if last := lines[len(lines)-1]; err == nil && last != "" {
			return fmt.Sprintf(" (%s ends with: %s)", name, last)
		}
	}
	return ""
}

// statuses are what the tasks say of themselves.
func (j *job) statuses() []status {
	var out []status
	names, _ := filepath.Glob(filepath.Join(j.folder, "tasks", "*[0-9]"))
	for _, name := range names {
		var s status
		text, err := os.ReadFile(name)
		if err == nil && json.Unmarshal(text, &s) == nil {
			out = append(out, s)
		}
	}
	return out
}

// errors are those of tasks, with the node of each.
func (j *job) errors() []string {
	var out []string
	for _, s := range j.statuses() {
		if s.Error != "" {
			out = append(out, fmt.Sprintf("node %s: %s", s.Node, s.Error))
		}
	}
	return out
}

// describe is a line about how far a job is; of its done runs first were there when it was begun.
func describe(j *job, done, total, first int, passed time.Duration) string {
	making, failed, nodes := 0, 0, map[string]int{}
	for _, s := range j.statuses() {
		failed += s.Failed
		if !s.Ended && time.Since(s.At) < 4*statusEvery {
			making += s.Making
			nodes[s.Node] += s.Making
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d of %d done, %d running, %d failed", done, total, making, failed)
	if done > first {
		left := time.Duration(float64(passed) / float64(done-first) * float64(total-done))
		fmt.Fprintf(&b, ", about %s left", left.Round(time.Second))
	}
	for i, node := range slices.Sorted(maps.Keys(nodes)) {
		if i == 0 {
			b.WriteString(", on ")
		} else {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%s (%d)", node, nodes[node])
	}
	if len(nodes) == 0 {
		b.WriteString(", waiting for nodes")
	}
	return b.String()
}

// terminal keeps a line of standard error up to date, where that is a terminal.
func terminal() func(string) {
	if !term.IsTerminal(int(os.Stderr.Fd())) {
		return func(string) {}
	}
	return func(line string) { fmt.Fprintf(os.Stderr, "\r\x1b[K%s", line) }
}
