package training_test

import (
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"testing"

	"alphascale/lib/network"
	"alphascale/lib/optim"
	"alphascale/lib/training"
)

const askedToMeasure = "ALPHASCALE_TEST_MEMORY"

// memoryCases are dominated by one part of the estimate each.
var memoryCases = map[string]func(c *training.Config){
	"weights": func(c *training.Config) { c.Model = network.MLP{Hidden: []int{2500, 2500}, Outputs: 10}.Model },
	"activations": func(c *training.Config) {
		c.Model, c.Batch = network.MLP{Hidden: slices.Repeat([]int{400}, 40), Outputs: 10}.Model, 1797
	},
	"record": func(c *training.Config) { c.Steps = 20_000_000 },
}

// TestEstimate holds the estimate, which must not refuse what fits, against what a run really takes.
func TestEstimate(t *testing.T) {
	if _, known := peak(); !known {
		t.Skip("this system does not say how much memory a process has taken at most")
	}
	for name := range memoryCases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cmd := exec.Command(os.Args[0], "-test.run=^TestEstimateHere$")
			cmd.Env = append(os.Environ(), askedToMeasure+"="+name)
			out, err := cmd.CombinedOutput()
			if err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			var estimate, taken float64
			if _, err := fmt.Sscanf(string(out), "%g %g", &estimate, &taken); err != nil {
				t.Fatalf("%v in %s", err, out)
			}
			t.Logf("estimate %.0f MB, taken %.0f MB", estimate/1e6, taken/1e6)
			if estimate > 1.1*taken || estimate < taken/3 {
				t.Errorf("an estimate of %.0f MB for a run that takes %.0f MB", estimate/1e6, taken/1e6)
			}
		})
	}
}

// TestEstimateHere is the child of TestEstimate: what a process has taken at most does not go down.
func TestEstimateHere(t *testing.T) {
	change, asked := memoryCases[os.Getenv(askedToMeasure)]
	if !asked {
		t.Skip("a part of TestEstimate")
	}
	c := digitsConfig(t, optim.Adam)
	run(t, compile(t, c), training.Settings{Alpha: 1, Steps: 1}) // XLA itself
	before, _ := peak()
	change(&c)
	p := compile(t, c)
	run(t, p, training.Settings{Alpha: 1, Steps: 2})
	after, _ := peak()
	fmt.Println(training.Estimate(p), after-before)
}

// peak is the most memory that this process has had, in bytes.
func peak() (bytes float64, known bool) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, false
	}
	found := regexp.MustCompile(`VmHWM:\s+(\d+) kB`).FindSubmatch(status)
	if found == nil {
		return 0, false
	}
	kB, err := strconv.ParseFloat(string(found[1]), 64)
	return kB * 1024, err == nil
}
