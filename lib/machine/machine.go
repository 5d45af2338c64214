// Package machine says what computes: the processor, XLA's flags and the backend. The last digits of a training depend on
// all three, so results are kept apart by them and figures' data name them. It knows no backend itself: that registers.
package machine

import (
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sys/cpu"
)

// Processor names the processor's model, where the system tells it, and the widest vector instructions that libraries
// choose their kernels by: "Intel(R) Xeon(R) Platinum 8375C, AVX-512".
func Processor() string { return processor() }

var processor = sync.OnceValue(func() string {
	info, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return vectors() // only Linux has the file
	}
	return strings.TrimPrefix(model(string(info))+", "+vectors(), ", ")
})

// model finds the name in Linux's /proc/cpuinfo; "" if there is none, as on most ARM processors.
func model(info string) string {
	for line := range strings.Lines(info) {
		if key, name, found := strings.Cut(line, ":"); found && strings.TrimSpace(key) == "model name" {
			return strings.TrimSpace(name)
		}
	}
	return ""
}

func vectors() string {
	switch {
	case cpu.X86.HasAVX512F:
		return "AVX-512"
	case cpu.X86.HasAVX2:
		return "AVX2"
	case cpu.X86.HasAVX:
		return "AVX"
	}
	return runtime.GOARCH
}

// sameBits make XLA compile every product that it can by itself, for the same instructions on every processor with AVX2, in
// place of calling libraries that choose their kernels and blocks by the processor.
var sameBits = []string{
	"--xla_cpu_max_isa=AVX2",
	"--xla_cpu_multi_thread_eigen=false",
	"--xla_cpu_use_onednn=false",
	"--xla_cpu_experimental_ynn_fusion_type=",
	"--xla_backend_extra_options=xla_force_enable_experimental_llvm_ir_gemm",
}

// SameBits says whether the environment asks for the same bits on every x86-64 processor with AVX2: ALPHASCALE_SAME_BITS is
// neither empty nor 0. They are so for the MLPs of lib/network where every width and the batch are even; other products and
// convolutions stay with Eigen, whose last bits are the processor's. On other processors it changes nothing.
func SameBits() bool {
	value := os.Getenv("ALPHASCALE_SAME_BITS")
	return value != "" && value != "0" && runtime.GOARCH == "amd64"
}

// Flags are those that XLA is given: XLA_FLAGS of the environment and what SameBits adds; "" if there are none.
func Flags() string {
	flags := strings.Fields(os.Getenv("XLA_FLAGS"))
	if SameBits() {
		for _, flag := range sameBits {
			if !slices.Contains(flags, flag) {
				flags = append(flags, flag)
			}
		}
	}
	return strings.Join(flags, " ")
}

var used struct {
	sync.Mutex
	backends []string
}

// Uses registers a backend that this process computes with, by a text that identifies it.
func Uses(backend string) {
	used.Lock()
	defer used.Unlock()
	if !slices.Contains(used.backends, backend) {
		used.backends = append(used.backends, backend)
	}
}

// Description says what computed in this process so far, a line each: the commit where it is known, the
// processor, the backends, XLA's flags.
func Description() []string {
	used.Lock()
	defer used.Unlock()
	var lines []string
	if commit := Commit(); commit != "" {
		lines = append(lines, "commit: "+commit)
	}
	lines = append(lines, "processor: "+Processor())
	for _, backend := range used.backends {
		lines = append(lines, "backend: "+backend)
	}
	flags := Flags()
	if flags == "" {
		flags = "none"
	}
	return append(lines, "XLA_FLAGS: "+flags)
}
