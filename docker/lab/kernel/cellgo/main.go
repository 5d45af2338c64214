// Cellgo stands before the go command for gonb, which builds each cell with all declarations of the cells before it. It builds from
// what the cell uses alone, so that one that plots a result does not wait for the linker to put the training in too, and it looks for
// missing modules only when a cell imports what none before it has. Everything but "go build" and "go get" goes to the go command as it is.
// Called as goimports, it adds what the cell uses of the standard library, which goimports by itself finds only after half a second of
// looking through all modules.
//
// What differs for a reader: variables of earlier cells that a cell does not use are not computed again in it. Declarations are checked
// as before, in the cell that has them and whenever one of them changes. Where a cell cannot be built in this way, it is built as gonb asks.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// file is what gonb composes of a cell and the declarations before it, in the folder in which it calls go.
const file = "main.go"

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: cellgo COMMAND [ARGUMENT …], where COMMAND is the path of the script that calls it")
		os.Exit(2)
	}
	script, args := os.Args[1], os.Args[2:]
	command := filepath.Base(script)
	program, err := next(script)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	switch folder, _ := os.Getwd(); {
	case !strings.HasPrefix(filepath.Base(folder), "gonb_"): // a reader's own folder
	case command == "goimports" && len(args) == 2 && args[0] == "-w":
		addStandard(args[1])
	case command == "go" && len(args) > 2 && args[0] == "build" && args[1] == "-o" && filepath.Dir(args[2]) == folder:
		if buildUsed(program, args) {
			return
		}
	case command == "go" && slices.Equal(args, []string{"get"}):
		if fetched() {
			return
		}
		if run(program, args...) == nil {
			fetch()
			return
		}
	}
	err = syscall.Exec(program, append([]string{command}, args...), os.Environ())
	fmt.Fprintln(os.Stderr, program, err)
	os.Exit(1)
}

// next is the program of the script's name that PATH has beside the script.
func next(script string) (string, error) {
	own, err := os.Stat(script)
	if err != nil {
		return "", err
	}
	for _, folder := range filepath.SplitList(os.Getenv("PATH")) {
		path, err := exec.LookPath(filepath.Join(folder, filepath.Base(script)))
		if err != nil {
			continue
		}
		if found, err := os.Stat(path); err == nil && !os.SameFile(found, own) {
			return path, nil
		}
	}
	return "", fmt.Errorf("there is no %s in PATH beside %s: install it", filepath.Base(script), script)
}

// run runs the go command and keeps what it says to itself: where it fails, go is asked again as gonb asks it.
func run(goCommand string, args ...string) error {
	return exec.Command(goCommand, args...).Run()
}

// buildUsed builds the cell from what it uses and returns true, or false if that is not possible. Where a declaration has changed, all
// are compiled beside it, used or not.
func buildUsed(goCommand string, args []string) bool {
	text, err := os.ReadFile(file)
	if err != nil || slices.ContainsFunc(args, func(arg string) bool { return strings.HasPrefix(strings.TrimLeft(arg, "-"), "overlay") }) {
		return false
	}
	cell, err := parse(text)
	if err != nil {
		return false
	}
	before := readRecord()
	changed := cell.changed(before)
	if writeUsed(cell.used(changed)) != nil {
		return false
	}
	checked := make(chan error, 1)
	go func() {
		if len(changed) == 0 && before != nil {
			checked <- nil
			return
		}
		checked <- run(goCommand, "list", "-export", ".")
	}()
	built := run(goCommand, slices.Concat([]string{"build", "-overlay", overlayFile}, args[1:])...)
	if err := <-checked; err != nil || built != nil {
		return false
	}
	cell.record()
	return true
}
