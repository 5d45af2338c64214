package cluster

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// An array on four nodes makes every run once, as this process makes it.
func TestArrayOnFourNodes(t *testing.T) {
	slurmOf(t, 4)
	folder := t.TempDir()
	c := startCell(t, folder, 12, 60, 4)
	c.ends(t)
	sameAsHere(t, folder)
	if there, said := made(folder); there != 48 || said != 48 {
		t.Errorf("%d runs are there, and %d were made", there, said)
	}
	if !strings.Contains(c.out.String(), "done") || !strings.Contains(c.out.String(), "n1 (") {
		t.Errorf("the cell says %q", c.out.String())
	}
	if left, _ := filepath.Glob(filepath.Join(folder, ".claims", "*", "*")); len(left) > 0 {
		t.Errorf("claims are left: %v", left)
	}
}

// Whatever ends a task, every run is made, none that was there is lost, and none differs from one made here.
func TestOnTwoNodes(t *testing.T) {
	slurm := slurmOf(t, 2)
	for name, test := range map[string]func(t *testing.T, slurm, folder string){
		"a task is killed": killedTask, "a node is killed": killedNode, "cancelled": cancelled, "the cell is stopped": stoppedCell,
		"two sweeps": twoSweeps, "time is over": overtime, "a full folder": fullFolder,
	} {
		t.Run(name, func(t *testing.T) { test(t, slurm, t.TempDir()) })
	}
}

// pidOn is the process that makes runs on a node.
func pidOn(folder, node string) int {
	names, _ := filepath.Glob(filepath.Join(folder, ".claims", "holders", node+"-*"))
	for _, name := range names {
		var p struct{ PID int }
		text, err := os.ReadFile(name)
		if err == nil && json.Unmarshal(text, &p) == nil && syscall.Kill(p.PID, 0) == nil {
			return p.PID
		}
	}
	return 0
}

func begun(t *testing.T, folder string, runs int) {
	t.Helper()
	await(t, "runs on both nodes", func() bool {
		there, _ := made(folder)
		return there >= runs && pidOn(folder, "n1") > 0 && pidOn(folder, "n2") > 0
	})
}

func killedTask(t *testing.T, _, folder string) {
	c := startCell(t, folder, 8, 60, 2)
	begun(t, folder, 3)
	if err := syscall.Kill(pidOn(folder, "n1"), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	c.ends(t)
	sameAsHere(t, folder)
}

func killedNode(t *testing.T, slurm, folder string) {
	c := startCell(t, folder, 8, 60, 2)
	begun(t, folder, 3)
	text, err := os.ReadFile(filepath.Join(slurm, "n2.pid"))
	if err != nil {
		t.Fatal(err)
	}
	var daemon int
	fmt.Sscan(string(text), &daemon)
	for _, pid := range []int{daemon, pidOn(folder, "n2")} {
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
	}
	time.Sleep(3 * time.Second)
	if out, err := exec.Command("bash", "../../docker/check/slurm/start.sh", slurm, "2", "2").CombinedOutput(); err != nil {
		t.Fatalf("the node does not come back: %v %s", err, out)
	}
	c.ends(t)
	sameAsHere(t, folder)
	await(t, "the node", func() bool {
		out, _ := exec.Command("sinfo", "--noheader", "--states=idle", "--format=%D").Output()
		return strings.TrimSpace(string(out)) == "2"
	})
}

// jobOf is Slurm's number of the last job on a folder.
func jobOf(t *testing.T, folder string) string {
	t.Helper()
	var id []byte
	await(t, "a job", func() bool {
		names, _ := filepath.Glob(filepath.Join(folder, jobs, "*", "*", "slurm-id"))
		if len(names) > 0 {
			id, _ = os.ReadFile(names[len(names)-1])
		}
		return len(id) > 0
	})
	return string(id)
}

func cancelled(t *testing.T, _, folder string) {
	c := startCell(t, folder, 8, 60, 2)
	begun(t, folder, 3)
	if _, err := slurm(context.Background(), "scancel", jobOf(t, folder)); err != nil {
		t.Fatal(err)
	}
	if err := c.Wait(); err == nil || !strings.Contains(c.out.String(), "was cancelled with") {
		t.Errorf("the cell ends with %v and says %q", err, c.out.String())
	}
	before, _ := made(folder)
	startCell(t, folder, 8, 60, 2).ends(t)
	sameAsHere(t, folder)
	if there, said := made(folder); said != there || before == there {
		t.Errorf("%d runs are there, %d were before the second job, and %d were made", there, before, said)
	}
}

func stoppedCell(t *testing.T, _, folder string) {
	c := startCell(t, folder, 8, 60, 2)
	begun(t, folder, 1)
	if err := c.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := c.Wait(); err == nil || !strings.Contains(c.out.String(), "the job goes on") {
		t.Errorf("the cell ends with %v and says %q", err, c.out.String())
	}
	startCell(t, folder, 8, 60, 2).ends(t)
	sameAsHere(t, folder)
	if folders, _ := filepath.Glob(filepath.Join(folder, jobs, "*", "*", manifestFile)); len(folders) != 1 {
		t.Errorf("%d jobs were submitted", len(folders))
	}
}

// twoSweeps share half of their runs and all of their time.
func twoSweeps(t *testing.T, _, folder string) {
	one := startCell(t, folder, 4, 60, 1)
	other := startCell(t, folder, 8, 60, 1)
	other.ends(t)
	one.ends(t)
	sameAsHere(t, folder)
	if there, said := made(folder); there != 32 || said != 32 {
		t.Errorf("%d runs are there, and %d were made", there, said)
	}
}

// overtime sends what Slurm sends when the time of a task is nearly over, and the one long run goes on in the same job.
func overtime(t *testing.T, _, folder string) {
	c := startCell(t, folder, 1, 40_000, 1, "CLUSTER_TEST_TIME=1")
	id := jobOf(t, folder)
	await(t, "the run", func() bool { return pidOn(folder, "n1")+pidOn(folder, "n2") > 0 })
	time.Sleep(12 * time.Second)
	if _, err := slurm(context.Background(), "scancel", "--batch", "--signal=USR1", id+"_0"); err != nil {
		t.Fatal(err)
	}
	await(t, "a checkpoint", func() bool {
		names, _ := filepath.Glob(filepath.Join(folder, ".checkpoints", "*"))
		return len(names) > 0
	})
	await(t, "the job to run again", func() bool { // Slurm would keep it for two minutes
		_, _ = slurm(context.Background(), "scontrol", "update", "JobId="+id, "StartTime=now")
		about, err := slurm(context.Background(), "scontrol", "show", "job", id)
		return err == nil && strings.Contains(about, "Restarts=1") && strings.Contains(about, "JobState=RUNNING")
	})
	c.ends(t)
	sameAsHere(t, folder)
	about, err := slurm(context.Background(), "scontrol", "show", "job", id)
	if err != nil || strings.Contains(about, "Restarts=0") {
		t.Errorf("the task was not started again: %v %s", err, about)
	}
}

func fullFolder(t *testing.T, _, folder string) {
	info, err := os.Stat(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	mount := func(options string) {
		if out, err := exec.Command("mount", "-t", "tmpfs", "-o", options, "tmpfs", folder).CombinedOutput(); err != nil {
			t.Skipf("no small file system can be mounted: %v %s", err, out)
		}
	}
	mount(fmt.Sprintf("size=%d", info.Size()+160<<10))
	t.Cleanup(func() { exec.Command("umount", "--lazy", folder).Run() })
	c := startCell(t, folder, 8, 60, 2)
	if err := c.Wait(); err == nil || !strings.Contains(c.out.String(), "make room") || !strings.Contains(c.out.String(), "node n") {
		t.Errorf("the cell ends with %v and says %q", err, c.out.String())
	}
	before, _ := made(folder)
	mount(fmt.Sprintf("remount,size=%d", 3*info.Size()))
	startCell(t, folder, 8, 60, 2).ends(t)
	sameAsHere(t, folder)
	if before == 0 || before == 32 {
		t.Errorf("%d runs were there when the folder was full", before)
	}
}

// A folder that a node does not see is said to be so, with the node's name.
func TestFolderIsNotShared(t *testing.T) {
	slurm, folder := slurmOf(t, 1), t.TempDir()
	text, err := os.ReadFile(filepath.Join(slurm, "n1.pid"))
	if err != nil {
		t.Fatal(err)
	}
	var daemon int
	fmt.Sscan(string(text), &daemon)
	if err := syscall.Kill(daemon, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	// The node comes back with a folder of its own in the place.
	out, err := exec.Command("unshare", "--mount", "bash", "-c",
		`mount -t tmpfs tmpfs "$1" && exec bash ../../docker/check/slurm/start.sh "$2" 1 1`, "bash", folder, slurm).CombinedOutput()
	if err != nil {
		t.Skipf("no file system of a node's own: %v %s", err, out)
	}
	c := startCell(t, folder, 1, 5, 1)
	if err := c.Wait(); err == nil || !strings.Contains(c.out.String(), "on node n1, ended without a sign") {
		t.Errorf("the cell ends with %v and says %q", err, c.out.String())
	}
}
