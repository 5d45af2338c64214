package cluster

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"alphascale/lib/backend"
	"alphascale/lib/sweep"
)

const (
	jobVariable    = "ALPHASCALE_JOB"
	taskVariable   = "ALPHASCALE_TASK"
	pluginVariable = "PJRT_PLUGIN_LIBRARY_PATH"
	jobs           = ".jobs"
	manifestFile   = "manifest.json"
)

// manifest is what the tasks of a job have in common.
type manifest struct {
	Sweep     string
	Runs      []string
	Tasks     int
	Submitted time.Time // by the clock of who did
}

// job is a folder that tasks share.
type job struct {
	manifest
	folder string
	plugin string // the folder of XLA's plugin, "" where none is copied
}

// all is the folder of all jobs of a sweep.
func all(w *sweep.Work) string { return filepath.Join(w.Folder, jobs, w.Sweep) }

// newest is the folder of the last job of a sweep and its number, 0 if there was none.
func newest(w *sweep.Work) (string, int) {
	entries, _ := os.ReadDir(all(w)) // no folder, no job
	last := 0
	for _, e := range entries {
		if n, err := strconv.Atoi(e.Name()); err == nil && n > last {
			last = n
		}
	}
	return filepath.Join(all(w), strconv.Itoa(last)), last
}

// load reads the manifest of a job.
func load(folder string) (*job, error) {
	j := &job{folder: folder}
	text, err := os.ReadFile(filepath.Join(folder, manifestFile))
	if err == nil {
		err = json.Unmarshal(text, &j.manifest)
	}
	return j, err
}

// prepare makes the folder of a new job and copies into it what its tasks need.
func prepare(w *sweep.Work, runs []string, tasks int) (*job, error) {
	_, last := newest(w)
	j := &job{folder: filepath.Join(all(w), strconv.Itoa(last+1))}
	j.manifest = manifest{Sweep: w.Sweep, Runs: runs, Tasks: max(1, min(tasks, len(runs))), Submitted: time.Now()}
	err := j.fill(w)
	if err != nil {
		os.RemoveAll(j.folder)
		return nil, fmt.Errorf("the job cannot be put into %s: %w; make room or choose another Folder", j.folder, err)
	}
	return j, nil
}

func (j *job) fill(w *sweep.Work) error {
	for _, folder := range []string{"log", "tasks", "failed"} {
		if err := os.MkdirAll(filepath.Join(j.folder, folder), 0o777); err != nil {
			return err
		}
	}
	if err := j.part(0).Prepare(); err != nil {
		return err
	}
	self, err := os.Executable()
	if err == nil {
		err = copyFile(self, j.program(), 0o777)
	}
	if err != nil {
		return err
	}
	if plugin := backend.Plugin(); plugin != "" {
		// The same for all jobs on this folder.
		j.plugin = filepath.Join(w.Folder, jobs, "plugin")
		if err := copyOnce(plugin, filepath.Join(j.plugin, filepath.Base(plugin))); err != nil {
			return err
		}
	}
	text, err := json.MarshalIndent(j.manifest, "", " ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(j.folder, manifestFile), text, 0o666)
}

func (j *job) program() string { return filepath.Join(j.folder, "program") }

// part is what a task is given of the job.
func (j *job) part(index int) sweep.Part {
	return sweep.Part{Runs: j.Runs, Folder: filepath.Join(j.folder, "ranges"), Tasks: j.Tasks, Index: index}
}

// copyOnce copies a file unless a file of its size is there.
func copyOnce(from, to string) error {
	have, err := os.Stat(to)
	if want, failed := os.Stat(from); err == nil && failed == nil && have.Size() == want.Size() && !have.ModTime().Before(want.ModTime()) {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
		return err
	}
	return copyFile(from, to, 0o666)
}

// copyFile copies a file so that it is there in full or not at all.
func copyFile(from, to string, mode os.FileMode) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to+".tmp", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, mode)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	if err = errors.Join(err, out.Close()); err == nil {
		err = os.Rename(to+".tmp", to)
	}
	if err != nil {
		os.Remove(to + ".tmp")
	}
	return err
}

// environment lists the variables that a task needs as they are here, a line of shell each.
func (j *job) environment() []variable {
	out := []variable{{jobVariable, j.folder}, {"GOMLX_NO_AUTO_INSTALL", "1"}}
	if j.plugin != "" {
		out = append(out, variable{pluginVariable, j.plugin})
	}
	for _, name := range []string{"GOMLX_BACKEND", "XLA_FLAGS", "ALPHASCALE_SAME_BITS"} {
		if value, given := os.LookupEnv(name); given {
			out = append(out, variable{name, value})
		}
	}
	return out
}

type variable struct{ name, value string }

// quoted is a word of shell.
func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
