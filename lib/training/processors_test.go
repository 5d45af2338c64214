package training_test

import (
	"fmt"
	"hash/fnv"
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
		s.ScaledHyper = s.ScaledHyper.With(optim.LearningRate, h[optim.LearningRate]*power(alpha, -1.9))
		if firstDifference(reference.Loss, run(t, p, s).Loss) < 0 {
			t.Errorf("α = %g: with the exponent a tenth off the run is identical, so the test tells nothing", alpha)
		}
	}
	sum := fnv.New64()
	for _, loss := range reference.Loss {
		fmt.Fprintf(sum, "%x ", math.Float64bits(loss))
	}
	t.Logf("losses from %v to %v, digest %x", reference.Loss[0], reference.Loss[19], sum.Sum64())
}

// TestLawL1OnOtherProcessors runs the smallest law test under two processors without AVX-512, emulated. The verdict is the
// same as here, and so are the losses but for their rounding, which nothing fixes from one processor to another. With
// ALPHASCALE_SAME_BITS every bit is the same.
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
	for _, sameBits := range []string{"0", "1"} {
		here := tracedBy(t, sameBits)
		for _, processor := range []string{"Haswell", "EPYC"} {
			t.Run(processor+", same bits "+sameBits, func(t *testing.T) {
				t.Parallel()
				there := tracedBy(t, sameBits, "qemu-x86_64", "-cpu", processor)
				for i := range here.losses {
					if math.Abs(there.losses[i]-here.losses[i]) > 1e-4*here.losses[i] {
						t.Errorf("the losses are %v, and here %v", there.losses, here.losses)
					}
				}
				if sameBits == "1" && there.digest != here.digest {
					t.Errorf("the losses are %v, and here %v: not the same bits", there, here)
				}
			})
		}
	}
}

// trace is what TestLawL1OnOneMachine logs: the first and the last loss, and a digest of all.
type trace struct {
	losses [2]float64
	digest string
}

var logged = regexp.MustCompile(`losses from (\S+) to (\S+), digest (\w+)`)

// tracedBy runs TestLawL1OnOneMachine in a process of its own, started by the given command. A verdict that is not that of
// the law fails the test.
func tracedBy(t *testing.T, sameBits string, command ...string) (out trace) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	arguments := append(command, self, "-test.run=^TestLawL1OnOneMachine$", "-test.v")
	child := exec.CommandContext(t.Context(), arguments[0], arguments[1:]...)
	child.Env = append(os.Environ(), "ALPHASCALE_SAME_BITS="+sameBits)
	printed, err := child.CombinedOutput()
	found := logged.FindSubmatch(printed)
	if err != nil || found == nil {
		t.Fatalf("%v: %v\n%s", arguments, err, printed)
	}
	for i := range out.losses {
		if out.losses[i], err = strconv.ParseFloat(string(found[i+1]), 64); err != nil {
			t.Fatal(err)
		}
	}
	out.digest = string(found[3])
	return out
}
