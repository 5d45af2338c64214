// Relay stands between Jupyter and gonb, the kernel that executes cells, and passes on what they say to each other. It
// does what gonb does not and ipykernel does: it refuses what is queued behind a cell that fails or is interrupted, it
// gathers printed text and limits it, and it says at once that a cell cannot read standard input. It also says what to write where a
// cell lacks a line %%, and mends the address to which a page's widgets connect.
//
//	relay CONNECTION_FILE gonb --kernel {connection_file} …
//
// The command is started with {connection_file} replaced by one of the relay's own. Notebooks need nothing of it: with gonb
// alone they run as well.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"slices"
	"strings"
	"syscall"
)

func main() {
	runtime.LockOSThread() // gonb ends with the thread that started it, see endWithParent
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: relay CONNECTION_FILE COMMAND [ARGUMENT …]")
		os.Exit(2)
	}
	status, says := outcome(run(os.Args[1], os.Args[2:]))
	if says != "" {
		fmt.Fprintln(os.Stderr, "kernel:", says)
	}
	os.Exit(status)
}

// passedOn are the signals that gonb gets from the relay.
var passedOn = []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP}

// outcome is the status to end with, and what there is to say: nothing where gonb ends by itself, or by a signal that was
// meant for it. Jupyter interrupts a kernel before it asks for its end.
func outcome(err error) (status int, says string) {
	var ended *exec.ExitError
	if !errors.As(err, &ended) {
		if err != nil {
			return 1, err.Error()
		}
		return 0, ""
	}
	if status := ended.ExitCode(); status > 0 {
		return status, ""
	}
	by, ok := ended.Sys().(syscall.WaitStatus)
	if ok && by.Signaled() && slices.Contains(passedOn, os.Signal(by.Signal())) {
		return 128 + int(by.Signal()), "" // as a shell says it
	}
	return 1, err.Error()
}

func run(file string, command []string) error {
	outer, err := readConnection(file)
	if err != nil {
		return err
	}
	folder, err := os.MkdirTemp("", "alphascale")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	inner, path, err := outer.inside(folder, file)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	jupyter, err := listen(ctx, outer)
	if err != nil {
		return err
	}
	for i := range command {
		command[i] = strings.ReplaceAll(command[i], "{connection_file}", path)
	}
	signals := make(chan os.Signal, 8) // before gonb starts, so that none is lost
	signal.Notify(signals, passedOn...)
	gonb := exec.Command(command[0], command[1:]...)
	gonb.Stdout, gonb.Stderr = os.Stdout, os.Stderr
	endWithParent(gonb)
	if err := gonb.Start(); err != nil {
		return err
	}
	go connect(ctx, jupyter, inner, []byte(outer.Key), signals, gonb.Process)
	return gonb.Wait()
}

// connect passes messages and signals on.
func connect(ctx context.Context, jupyter sockets, inner connection, key []byte, signals <-chan os.Signal, process *os.Process) {
	go jupyter.heartbeat.each(jupyter.heartbeat.send)
	gonb, err := dial(ctx, inner)
	if err != nil {
		return // gonb has ended
	}
	to := func(s *socket) func(*message) { return func(m *message) { s.send(m.frames(key)) } }
	q := &queue{wires: wires{toJupyter: to(jupyter.shell), publish: to(jupyter.publish), toGonb: to(gonb.shell)}}
	texts := newGatherer(to(jupyter.publish))
	read := func(from *socket, take func(m *message)) {
		go from.each(func(frames [][]byte) {
			m, err := parse(frames, key)
			if err != nil {
				fmt.Fprintln(os.Stderr, "kernel:", err)
				return
			}
			take(m)
		})
	}
	read(gonb.publish, func(m *message) {
		m.mendScript()
		m.advise()
		texts.take(m)
	})
	read(gonb.shell, q.reply)
	read(gonb.control, to(jupyter.control))
	read(gonb.stdin, to(jupyter.stdin))
	read(jupyter.stdin, to(gonb.stdin))
	read(jupyter.shell, q.request)
	read(jupyter.control, func(m *message) {
		if m.header.Type == "interrupt_request" {
			q.interrupt()
		}
		to(gonb.control)(m)
	})
	for s := range signals {
		if s == os.Interrupt {
			q.interrupt()
		}
		_ = process.Signal(s)
	}
}
