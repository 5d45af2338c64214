package cluster

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"alphascale/lib/sweep"
)

// Slurm makes a sweep's runs by an array of jobs. The zero value of each field leaves the matter to Slurm's configuration.
type Slurm struct {
	Partition string
	Tasks     int           // how many jobs at most go side by side; 16 if 0
	Cores     int           // of each task, which makes as many runs at once; 1 if 0
	Time      time.Duration // after which a task is ended, and started again until all runs are there
	Memory    string        // of each task, as in "4G"
	Setup     string        // lines of shell that come before the program, as in "module load cuda"
	Options   []string      // more options of sbatch, as in "--account=physics"

	// Say is called with a line about how far the sweep is, about once a second while that changes; if nil, the line stands on
	// standard error where that is a terminal. In a notebook use plots.Line.
	Say func(line string)
}

const defaultTasks = 16

// Join is that of sweep.Engine.
func (s Slurm) Join(ctx context.Context, w *sweep.Work) error { return join(ctx, w, requeue) }

// requeue has Slurm start this task again.
func requeue() error {
	_, err := slurm(context.Background(), "scontrol", "requeue", os.Getenv("SLURM_JOB_ID"))
	return err
}

// Make is that of sweep.Engine.
func (s Slurm) Make(ctx context.Context, w *sweep.Work, runs []string) error {
	if t := thisTask(); t != nil {
		t.fail(errOther)
	}
	if _, err := exec.LookPath("sbatch"); err != nil {
		return fmt.Errorf("there is no Slurm on this machine, sbatch is not on PATH: run this where jobs are submitted, or leave spec.On out")
	}
	if s.Say == nil {
		s.Say = terminal()
	}
	defer s.Say("")
	return watch(ctx, w, runs, s.submit, s.Say)
}

// submit starts a job for the runs, and returns it as something to watch.
func (s Slurm) submit(ctx context.Context, w *sweep.Work, runs []string) (*job, error) {
	j, err := prepare(w, runs, s.tasks())
	if err != nil {
		return nil, err
	}
	script, err := s.write(j)
	if err != nil {
		return nil, err
	}
	id, err := slurm(ctx, "sbatch", "--parsable", script)
	if err != nil {
		os.RemoveAll(j.folder)
		return nil, err
	}
	id, _, _ = strings.Cut(id, ";") // of the cluster's name
	return j, os.WriteFile(j.idFile(), []byte(id), 0o666)
}

func (j *job) idFile() string { return filepath.Join(j.folder, "slurm-id") }

func (s Slurm) tasks() int {
	if s.Tasks == 0 {
		return defaultTasks
	}
	return s.Tasks
}

// write writes the script that sbatch takes and returns its name.
func (s Slurm) write(j *job) (string, error) {
	if s.Tasks < 0 || s.Cores < 0 || s.Time < 0 {
		return "", fmt.Errorf("Tasks = %d, Cores = %d and Time = %v: none can be negative", s.Tasks, s.Cores, s.Time)
	}
	name := filepath.Join(j.folder, "job.sh")
	if err := os.WriteFile(name, []byte(s.script(j)), 0o777); err != nil {
		return "", fmt.Errorf("writing the job: %w", err)
	}
	return name, nil
}

func (s Slurm) script(j *job) string {
	options := []string{
		"--job-name=sweep-" + j.Sweep, fmt.Sprintf("--array=0-%d", j.Tasks-1), "--nodes=1", "--ntasks=1",
		fmt.Sprint("--cpus-per-task=", max(1, s.Cores)), "--requeue", "--open-mode=append",
		"--output=" + filepath.Join(j.folder, "log", "%a.txt"),
	}
	if s.Partition != "" {
		options = append(options, "--partition="+s.Partition)
	}
	if s.Memory != "" {
		options = append(options, "--mem="+s.Memory)
	}
	if s.Time > 0 {
		minutes := int((s.Time + time.Minute - 1) / time.Minute)
		// Before its time is over a task is told, so that it keeps checkpoints and asks to be started again.
		notice := min(60, minutes*60/4)
		options = append(options, fmt.Sprint("--time=", minutes), fmt.Sprint("--signal=B:USR1@", notice))
	}
	var b strings.Builder
	b.WriteString("#!/bin/bash\n")
	for _, option := range append(options, s.Options...) {
		fmt.Fprintf(&b, "#SBATCH %s\n", option)
	}
	if s.Setup != "" {
		b.WriteString(s.Setup + "\n")
	}
	b.WriteString("unset GONB_PIPE GONB_PIPE_BACK\n") // of the notebook's kernel, which is not there
	for _, v := range j.environment() {
		fmt.Fprintf(&b, "export %s=%s\n", v.name, quoted(v.value))
	}
	fmt.Fprintf(&b, "export %s=$SLURM_ARRAY_TASK_ID GOMAXPROCS=$SLURM_CPUS_PER_TASK\n", taskVariable)
	fmt.Fprintf(&b, "if [ ! -x %s ]; then echo \"node $SLURMD_NODENAME: the folder of the job is not here: choose a Folder that every node sees\" >&2; exit 1; fi\n",
		quoted(j.program()))
	b.WriteString("exec " + quoted(j.program())) // which then gets the signals
	for _, argument := range os.Args[1:] {
		b.WriteString(" " + quoted(argument))
	}
	return b.String() + "\n"
}

// slurm runs one of Slurm's programs and returns what it prints.
func slurm(ctx context.Context, name string, arguments ...string) (string, error) {
	cmd := exec.CommandContext(ctx, name, arguments...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return "", context.Cause(ctx)
		}
		return "", fmt.Errorf("%s says: %s (%w)", name, strings.Join(strings.Fields(errs.String()), " "), err)
	}
	return strings.TrimSpace(out.String()), nil
}
