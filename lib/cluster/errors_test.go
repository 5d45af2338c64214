package cluster

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"alphascale/lib/sweep"
)

func TestWithoutSlurm(t *testing.T) {
	small(t, t.TempDir())
	t.Setenv("PATH", t.TempDir())
	spec, err := specOfCell()
	if err != nil {
		t.Fatal(err)
	}
	if _, err = sweep.Run(t.Context(), spec); err == nil || !strings.Contains(err.Error(), "there is no Slurm on this machine") {
		t.Errorf("without Slurm: %v", err)
	}
	spec.Folder = ""
	if _, err = sweep.Run(t.Context(), spec); err == nil || !strings.Contains(err.Error(), "has no Folder") {
		t.Errorf("without a folder: %v", err)
	}
}

func TestClock(t *testing.T) {
	now := time.Now()
	for _, test := range []struct {
		server, submitted time.Time
		want              string
	}{
		{now, now.Add(-time.Hour), ""},
		{now.Add(20 * time.Second), now.Add(20 * time.Second), ""},
		{now.Add(2 * time.Minute), now, "2m0s off"},
		{now.Add(-2 * time.Minute), now.Add(-time.Hour), "2m0s off"},
		{now, now.Add(3 * time.Minute), "3m0s behind"},
	} {
		err := clock(now, test.server, test.submitted)
		if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("server %v, submitted %v: %v", test.server.Sub(now), test.submitted.Sub(now), err)
		}
	}
}

// A task on a node that is not as it has to be says so in one sentence with the node's name, and makes nothing.
func TestNodeIsNotAsItHasToBe(t *testing.T) {
	for want, spoil := range map[string]func(t *testing.T, folder string){
		"the job cannot be read": func(t *testing.T, folder string) {
			if err := os.Remove(filepath.Join(folder, manifestFile)); err != nil {
				t.Fatal(err)
			}
		},
		"XLA's plugin is not in": func(t *testing.T, folder string) {
			t.Setenv(pluginVariable, filepath.Join(folder, "..", "..", "plugin"))
		},
		"comes to another sweep": func(t *testing.T, _ string) { t.Setenv("CLUSTER_TEST_RUNS", "2 5 3") },
		"is \"one\"":             func(t *testing.T, _ string) { t.Setenv(taskVariable, "one") },
		"behind that of the machine": func(t *testing.T, folder string) {
			name := filepath.Join(folder, manifestFile)
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			year := time.Now().Format("2006-")
			later := strings.Replace(string(text), `"Submitted": "`+year, `"Submitted": "2999-`, 1)
			if err := os.WriteFile(name, []byte(later), 0o666); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(want, func(t *testing.T) {
			shared := t.TempDir()
			small(t, shared)
			spec, err := specOfCell()
			if err != nil {
				t.Fatal(err)
			}
			written, err := Script(t.Context(), spec)
			if err != nil {
				t.Fatal(err)
			}
			folder := filepath.Dir(written.File)
			t.Setenv(jobVariable, folder)
			t.Setenv(taskVariable, "0")
			t.Setenv("ALPHASCALE_NODE", "n7")
			spoil(t, folder)
			out, err := exec.Command(os.Args[0]).CombinedOutput()
			if err == nil || !strings.Contains(string(out), "node n7: ") || !strings.Contains(string(out), want) {
				t.Errorf("%v: %s", err, out)
			}
			if there, _ := made(shared); there > 0 {
				t.Errorf("%d runs were made", there)
			}
		})
	}
}
