package main

import (
	"os/exec"
	"syscall"
)

// endWithParent lets the system end the command when the relay is killed, which it cannot see to itself.
func endWithParent(command *exec.Cmd) {
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}
