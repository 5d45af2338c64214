package training_test

import (
	"math"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strconv"
	"testing"

	"alphascale/lib/optim"
	"alphascale/lib/training"
)

// TestLawL1OnOneMachine is law L1 in its smallest program: bit for bit on one machine, and not with the exponent a tenth off.
// TestLawL1OnOtherProcessors runs it elsewhere and reads the line that it logs.
func TestLawL1OnOneMachine(t *testing.T) {
	h := optim.Values{optim.LearningRate: 0.05}
	config := digitsConfig(t, optim.SGD)
	config.Steps = 20
	p := compile(t, config)
	reference := run(t, p, training.Settings{Alpha: 1, Hyper: h, Seed: 1})
	for _, alpha := range []float64{1. / 8, 4} {
		s := compensated(t, optim.SGD, h, alpha)
		if step := firstDifference(reference.Loss, run(t, p, s).Loss); step >= 0 {
			t.Errorf("α = %g: the compensated run differs from step %d on", alpha, step)
		}
		s.Scaled = s.Scaled.With(optim.LearningRate, h[optim.LearningRate]*power(alpha, -1.9))
		if firstDifference(reference.Loss, run(t, p, s).Loss) < 0 {
			t.Errorf("α = %g: with the exponent a tenth off the run is identical, so the test tells nothing", alpha)
		}
	}
	t.Logf("losses from %v to %v", reference.Loss[0], reference.Loss[19])
}

// TestLawL1OnOtherProcessors runs the smallest law test under two processors without AVX-512, emulated. The verdict is the
// same as here, and so are the losses but for their rounding, which nothing fixes from one processor to another.
func TestLawL1OnOtherProcessors(t *testing.T) {
	if runtime.GOARCH != "amd64" || runtime.GOOS != "linux" {
		t.Skip("other x86-64 processors are emulated on Linux on x86-64 alone")
	}
	if _, err := exec.LookPath("qemu-x86_64"); err != nil {
		const reason = "qemu-x86_64 is not installed (Debian: apt-get install qemu-user)"
		if os.Getenv("CI") != "" {
			t.Fatal(reason)
		}
		t.Skip(reason)
	}
	here := lossesOf(t)
	for _, processor := range []string{"Haswell", "EPYC"} {
		t.Run(processor, func(t *testing.T) {
			t.Parallel()
			there := lossesOf(t, "qemu-x86_64", "-cpu", processor)
			for i := range here {
				if math.Abs(there[i]-here[i]) > 1e-4*here[i] {
					t.Errorf("the losses go from %v to %v, and here from %v to %v", there[0], there[1], here[0], here[1])
				}
			}
			t.Logf("here %v, there %v", here, there)
		})
	}
}

var logged = regexp.MustCompile(`losses from (\S+) to (\S+)`)

// lossesOf runs TestLawL1OnOneMachine in a process of its own, started by the given command, and returns the first and the
// last loss. A verdict that is not that of the law fails the test.
func lossesOf(t *testing.T, command ...string) [2]float64 {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	arguments := append(command, self, "-test.run=^TestLawL1OnOneMachine$", "-test.v")
	out, err := exec.CommandContext(t.Context(), arguments[0], arguments[1:]...).CombinedOutput()
	found := logged.FindSubmatch(out)
	if err != nil || found == nil {
		t.Fatalf("%v: %v\n%s", arguments, err, out)
	}
	var losses [2]float64
	for i := range losses {
		if losses[i], err = strconv.ParseFloat(string(found[i+1]), 64); err != nil {
			t.Fatal(err)
		}
	}
	return losses
}
