package cluster

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// small sets the environment for a sweep of four runs on a folder.
func small(t *testing.T, folder string) {
	t.Setenv("CLUSTER_TEST_FOLDER", folder)
	t.Setenv("CLUSTER_TEST_RUNS", "1 5 3")
	t.Setenv("GOMLX_BACKEND", "go")
}

// The manifest is one that the API's types take, and one with a field that is misspelt, the control, is not.
func TestKubernetes(t *testing.T) {
	folder := t.TempDir()
	small(t, folder)
	spec, err := specOfCell()
	if err != nil {
		t.Fatal(err)
	}
	spec.On = Kubernetes{Image: "debian:bookworm-slim", Claim: "shared", Mount: folder, Tasks: 3}
	written, err := Script(t.Context(), spec)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(written.File)
	if err != nil || !strings.Contains(written.Command, "kubectl apply -f '"+written.File) {
		t.Fatalf("%v: %s", err, written.Command)
	}
	check := func(manifest string) (string, error) {
		cmd := exec.Command("go", "-C", "../../docker/check/kubernetes", "run", ".")
		cmd.Stdin = strings.NewReader(manifest)
		var stderr strings.Builder
		cmd.Stderr = &stderr
		out, err := cmd.Output()
		if err == nil {
			return string(out), nil
		}
		return stderr.String(), err // without an error Go writes there what it downloads
	}
	out, err := check(string(text))
	if err != nil && strings.Contains(out, "k8s.io") {
		t.Skipf("the modules of the API are not to be had: %s", out)
	}
	if err != nil || !strings.HasPrefix(out, "sweep-") || !strings.Contains(out, " 3 debian:bookworm-slim") {
		t.Errorf("the manifest is refused: %v %s", err, out)
	}
	for from, to := range map[string]string{
		"parallelism:": "paralelism:", "completionMode: Indexed": "completionMode: NonIndexed", "backoffLimitPerIndex: 2": "backoffLimit: many",
	} {
		if out, err := check(strings.Replace(string(text), from, to, 1)); err == nil {
			t.Errorf("a manifest with %q is taken: %s", to, out)
		}
	}
	spec.On = Kubernetes{Image: "debian:bookworm-slim", Claim: "shared", Mount: "/elsewhere"}
	if _, err := Script(t.Context(), spec); err == nil || !strings.Contains(err.Error(), "no pod would see it") {
		t.Errorf("a folder outside the volume: %v", err)
	}
}

// A script is bash, has what was asked for, and names a program that is there.
func TestScript(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "it's here")
	small(t, folder)
	spec, err := specOfCell()
	if err != nil {
		t.Fatal(err)
	}
	spec.On = Slurm{Partition: "short", Tasks: 32, Time: 90 * 60e9, Memory: "2G", Cores: 2, Setup: "module load glibc", Options: []string{"--account=physics"}}
	written, err := Script(t.Context(), spec)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(written.File)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{
		"#SBATCH --partition=short", "#SBATCH --array=0-3", "#SBATCH --time=90", "#SBATCH --signal=B:USR1@60", "#SBATCH --mem=2G",
		"#SBATCH --cpus-per-task=2", "#SBATCH --account=physics", "module load glibc", "export GOMLX_BACKEND='go'",
	} { // four tasks for four runs
		if !strings.Contains(string(text), "\n"+line+"\n") {
			t.Errorf("the script lacks %q:\n%s", line, text)
		}
	}
	if out, err := exec.Command("bash", "-n", written.File).CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
	if info, err := os.Stat(filepath.Join(filepath.Dir(written.File), "program")); err != nil || info.Mode()&0o111 == 0 {
		t.Errorf("the program: %v", err)
	}
	spec.On = nil
	if _, err := Script(t.Context(), spec); err == nil || !strings.Contains(err.Error(), "set a cluster.Slurm") {
		t.Errorf("a sweep on nothing: %v", err)
	}
}
