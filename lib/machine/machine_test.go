package machine

import (
	"slices"
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

func TestDescription(t *testing.T) {
	t.Setenv("XLA_FLAGS", " --xla_cpu_max_isa=AVX2  --xla_cpu_multi_thread_eigen=false\n")
	Uses("a backend")
	Uses("a backend")
	want := []string{"processor: " + Processor(), "backend: a backend", "XLA_FLAGS: --xla_cpu_max_isa=AVX2 --xla_cpu_multi_thread_eigen=false"}
	if got := Description(); !slices.Equal(got, want) {
		t.Errorf("Description() = %q, want %q", got, want)
	}
}
