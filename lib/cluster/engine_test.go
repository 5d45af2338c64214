package cluster

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"alphascale/lib/backend"
	"alphascale/lib/dataset"
	"alphascale/lib/network"
	"alphascale/lib/optim"
	"alphascale/lib/subject"
	"alphascale/lib/sweep"
	"alphascale/lib/training"
)

// TestMain is also the program that a cell would be, and with it each of its tasks.
func TestMain(m *testing.M) {
	if os.Getenv("CLUSTER_TEST_FOLDER") == "" {
		os.Exit(m.Run())
	}
	spec, err := specOfCell()
	if err == nil {
		var r *sweep.Result
		if r, err = sweep.Run(context.Background(), spec); err == nil {
			fmt.Println("found", r.Found)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// specOfCell is a sweep by what the environment says: 4 runs for each seed, on the pure-Go backend.
func specOfCell() (sweep.Spec, error) {
	var seeds, steps, tasks int
	fmt.Sscan(os.Getenv("CLUSTER_TEST_RUNS"), &seeds, &steps, &tasks)
	interpreter, err := backend.Interpreter()
	if err != nil {
		return sweep.Spec{}, err
	}
	data := dataset.Digits()
	if data, err = data.Slice(0, 32); err != nil {
		return sweep.Spec{}, err
	}
	net := network.MLP{Hidden: []int{4}, Outputs: 10, NoBias: true}
	on := Slurm{Tasks: tasks, Memory: "300M", Say: func(line string) { fmt.Println(line) }}
	axes := []sweep.Axis{sweep.Alpha(1, 2), sweep.Hyper(optim.LearningRate, 0x1p-5, 0x1p-4), sweep.Seed(seeds)}
	if os.Getenv("CLUSTER_TEST_TIME") != "" { // one long run
		on.Time, axes = time.Minute, axes[2:]
	}
	return sweep.Spec{
		Setup: sweep.Setup{Label: net.String(), Family: optim.SGD, Config: training.Config{
			Subject: subject.Subject{Model: net.Model, Data: data, Backend: interpreter}, Steps: steps, Batch: 16,
		}},
		Folder: os.Getenv("CLUSTER_TEST_FOLDER"), NoFold: true, On: on, Axes: axes,
	}, nil
}

// cell is a process that sweeps on the cluster.
type cell struct {
	*exec.Cmd
	out strings.Builder
}

func startCell(t *testing.T, folder string, seeds, steps, tasks int, environment ...string) *cell {
	t.Helper()
	t.Setenv("CLUSTER_TEST_FOLDER", folder)
	t.Setenv("CLUSTER_TEST_RUNS", fmt.Sprint(seeds, " ", steps, " ", tasks))
	t.Setenv("GOMLX_BACKEND", "go")
	for _, e := range environment {
		name, value, _ := strings.Cut(e, "=")
		t.Setenv(name, value)
	}
	c := &cell{Cmd: exec.Command(os.Args[0])}
	c.Env = os.Environ()
	c.Stdout, c.Stderr = &c.out, &c.out
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	return c
}

// ends waits for the cell to end well.
func (c *cell) ends(t *testing.T) {
	t.Helper()
	if err := c.Wait(); err != nil {
		logs, _ := filepath.Glob(filepath.Join(os.Getenv("CLUSTER_TEST_FOLDER"), jobs, "*", "*", "log", "*"))
		for _, name := range logs {
			text, _ := os.ReadFile(name)
			t.Logf("%s: %s", name, text)
		}
		t.Fatalf("%v: %s", err, c.out.String())
	}
}

// slurmOf starts a Slurm of so many nodes for a test, where the environment asks for one.
func slurmOf(t *testing.T, nodes int) (folder string) {
	t.Helper()
	if os.Getenv("ALPHASCALE_SLURM") == "" {
		t.Skip("it starts Slurm's daemons on this machine, for some minutes in all: ALPHASCALE_SLURM=1 asks for it")
	}
	for _, program := range []string{"sbatch", "slurmctld", "slurmd", "munged"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Fatalf("Slurm is not installed: %v; on Debian `apt-get install slurm-wlm munge`", err)
		}
	}
	if os.Geteuid() != 0 {
		t.Fatal("starting Slurm's daemons needs root")
	}
	folder, err := os.MkdirTemp("", "slurm")
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("SLURM_CONF", filepath.Join(folder, "slurm.conf"))
	t.Cleanup(func() {
		_ = exec.Command("scancel", "--user=root", "--signal=KILL").Run()
		time.Sleep(200 * time.Millisecond)
		_ = exec.Command("bash", "../../docker/check/slurm/stop.sh", folder).Run()
		time.Sleep(time.Second)
		os.RemoveAll(folder)
	})
	if out, err := exec.Command("bash", "../../docker/check/slurm/start.sh", folder, fmt.Sprint(nodes)).CombinedOutput(); err != nil {
		t.Fatalf("Slurm cannot be started: %v %s", err, out)
	}
	return folder
}

// sameAsHere fails unless a folder has every run of the sweep once, with the bits that it has when it is made by this process.
func sameAsHere(t *testing.T, folder string) {
	t.Helper()
	spec, err := specOfCell()
	if err != nil {
		t.Fatal(err)
	}
	got, damaged, err := sweep.Load(folder)
	if err != nil || len(damaged) > 0 {
		t.Fatalf("damaged: %v; error %v", damaged, err)
	}
	spec.On, spec.Folder = nil, t.TempDir()
	r, err := sweep.Run(t.Context(), spec)
	if err != nil {
		t.Fatal(err)
	}
	want, _, err := sweep.Load(spec.Folder)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != len(want) || len(want) != len(r.Points) {
		t.Fatalf("%d runs are there, want %d", len(got), len(want))
	}
	key := func(s sweep.Stored) string { return fmt.Sprint(s.Identity.Alpha, s.Identity.Scaled, s.Identity.Seed) }
	losses := map[string]string{}
	for _, run := range want {
		losses[key(run)] = fmt.Sprint(run.Run.Loss)
	}
	for _, run := range got {
		if fmt.Sprint(run.Run.Loss) != losses[key(run)] {
			t.Errorf("run %s differs from the one made here", key(run))
		}
		losses[key(run)] = "there twice"
	}
}

// made is how many results a folder has, and how often tasks say that they made one.
func made(folder string) (there, said int) {
	names, _ := filepath.Glob(filepath.Join(folder, "*.parquet"))
	folders, _ := filepath.Glob(filepath.Join(folder, jobs, "*", "*"))
	for _, f := range folders {
		for _, s := range (&job{folder: f}).statuses() {
			said += s.Made
		}
	}
	return len(names), said
}

// await waits for a condition.
func await(t *testing.T, what string, condition func() bool) {
	t.Helper()
	for deadline := time.Now().Add(90 * time.Second); !condition(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited for %s", what)
		}
	}
}
