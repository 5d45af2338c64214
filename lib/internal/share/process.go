package share

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
	"syscall"
)

// process is what a holder's file says of it.
type process struct {
	Host    string // the start of the machine and the namespace of its process numbers: where PID means something
	Node    string // the machine's name, for people
	PID     int
	Started string // tells it from a later process of the same number
}

// Node is the name of this machine as the cluster's engine knows it, or its own.
func Node() string {
	for _, variable := range []string{"SLURMD_NODENAME", "ALPHASCALE_NODE"} {
		if name := os.Getenv(variable); name != "" {
			return name
		}
	}
	name, err := os.Hostname()
	if err != nil {
		return "unnamed"
	}
	return name
}

// self is this process.
var self = sync.OnceValue(func() process {
	p := process{Host: runtime.GOOS, Node: Node(), PID: os.Getpid()}
	if boot, err := os.ReadFile("/proc/sys/kernel/random/boot_id"); err == nil {
		p.Host = strings.TrimSpace(string(boot))
	} else if name, err := os.Hostname(); err == nil {
		p.Host = name
	}
	if space, err := os.Readlink("/proc/self/ns/pid"); err == nil {
		p.Host += " " + space
	}
	p.Started, _ = started(p.PID)
	return p
})

// gone says whether a process is known to have ended; known, whether it is one of this machine, of which that can be told.
func (p process) gone() (gone, known bool) {
	if p.Host == "" || p.Host != self().Host {
		return false, false
	}
	if p.Started == "" { // no /proc
		process, err := os.FindProcess(p.PID)
		return err != nil || errors.Is(process.Signal(syscall.Signal(0)), os.ErrProcessDone), true
	}
	now, alive := started(p.PID)
	return !alive || now != p.Started, true
}

// started is when a process began, in ticks since the machine did, from Linux's /proc; alive is false of one that has ended.
func started(pid int) (ticks string, alive bool) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return "", false
	}
	// The name in parentheses may contain anything.
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	if len(fields) < 20 || fields[0] == "Z" || fields[0] == "X" {
		return "", false
	}
	return fields[19], true
}
