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

// Flags are those that XLA is given in the environment, XLA_FLAGS; "" if there are none.
func Flags() string { return strings.Join(strings.Fields(os.Getenv("XLA_FLAGS")), " ") }

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

// Description says what computed in this process so far, a line each: the processor, the backends, XLA's flags.
func Description() []string {
	used.Lock()
	defer used.Unlock()
	lines := []string{"processor: " + Processor()}
	for _, backend := range used.backends {
		lines = append(lines, "backend: "+backend)
	}
	flags := Flags()
	if flags == "" {
		flags = "none"
	}
	return append(lines, "XLA_FLAGS: "+flags)
}
