package machine

import (
	"runtime"
	"slices"
	"strings"
	"testing"
)

func TestModel(t *testing.T) {
	for info, want := range map[string]string{
		"processor\t: 0\nmodel\t\t: 85\nmodel name\t: Intel(R) Xeon(R) CPU @ 2.00GHz\nstepping\t: 3\nmodel name\t: another\n": "Intel(R) Xeon(R) CPU @ 2.00GHz",
		"processor\t: 0\nBogoMIPS\t: 50.00\nCPU implementer\t: 0x41\n":                                                        "",
		"": "",
	} {
		if got := model(info); got != want {
			t.Errorf("model(%q) = %q, want %q", info, got, want)
		}
	}
}

// TestFlags: what the user gives stays, and what the user gives twice is there once.
func TestFlags(t *testing.T) {
	t.Setenv("XLA_FLAGS", "--xla_dump_to=/tmp/x --xla_cpu_max_isa=AVX2")
	for value, asked := range map[string]bool{"": false, "0": false, "1": runtime.GOARCH == "amd64"} {
		t.Setenv("ALPHASCALE_SAME_BITS", value)
		flags := strings.Fields(Flags())
		if SameBits() != asked || len(flags) > 2 != asked {
			t.Errorf("ALPHASCALE_SAME_BITS=%q: SameBits() is %v, the flags are %q", value, SameBits(), flags)
		}
		t.Setenv("XLA_FLAGS", Flags())
		if again := strings.Fields(Flags()); !slices.Equal(again, flags) {
			t.Errorf("asked for twice the flags %q become %q", flags, again)
		}
		t.Setenv("XLA_FLAGS", "--xla_dump_to=/tmp/x --xla_cpu_max_isa=AVX2")
	}
}

func TestDescription(t *testing.T) {
	t.Setenv("ALPHASCALE_SAME_BITS", "")
	t.Setenv("XLA_FLAGS", " --xla_cpu_max_isa=AVX2  --xla_cpu_multi_thread_eigen=false\n")
	Uses("a backend")
	Uses("a backend")
	want := []string{"processor: " + Processor(), "backend: a backend", "XLA_FLAGS: --xla_cpu_max_isa=AVX2 --xla_cpu_multi_thread_eigen=false"}
	if commit := Commit(); commit != "" {
		want = slices.Insert(want, 0, "commit: "+commit)
	}
	if got := Description(); !slices.Equal(got, want) {
		t.Errorf("Description() = %q, want %q", got, want)
	}
}
