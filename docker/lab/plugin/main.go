// Command plugin finds, checks and installs XLA's CPU plugin for docker/lab/setup.sh.
//
//	plugin find           prints the file that go-xla would load by default
//	plugin check FILE     loads FILE, compiles and runs a small program with it
//	plugin install DIR    lets GoMLX's own installer put its release into DIR
//
// The checks are a program of their own because a damaged plugin can end the process that loads it.
package main

import (
	"fmt"
	"os"
	"runtime"

	"github.com/gomlx/go-xla/compute/xla"
	"github.com/gomlx/go-xla/installer"
	"github.com/gomlx/go-xla/pjrt"
	"github.com/gomlx/gomlx/core/graph"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	switch {
	case len(args) == 1 && args[0] == "find":
		return find()
	case len(args) == 2 && args[0] == "check":
		return check(args[1])
	case len(args) == 2 && args[0] == "install":
		platform := runtime.GOOS + "_" + runtime.GOARCH
		return installer.CPUInstall(platform, pjrt.DefaultCPUVersion, args[1], false, installer.Quiet)
	}
	return fmt.Errorf("usage: plugin find | check FILE | install DIR")
}

// find prints where the plugin that the backend "xla:cpu" loads lies, and fails where there is none.
func find() error {
	path, found := pjrt.AvailablePlugins()["cpu"]
	if !found {
		return fmt.Errorf("no pjrt_c_api_cpu_plugin.so in PJRT_PLUGIN_LIBRARY_PATH or the system's library folders")
	}
	fmt.Println(path)
	return nil
}

// check runs x+x through the plugin and prints the plugin's own version.
func check(file string) error {
	xla.EnableAutoInstall(false)
	backend, err := xla.New(file)
	if err != nil {
		return err
	}
	defer backend.Finalize()
	double := func(x *graph.Node) *graph.Node { return graph.Add(x, x) }
	sum, err := graph.CallOnce(backend, double, []float32{1, 2})
	if err != nil {
		return err
	}
	if got, ok := sum.Value().([]float32); !ok || len(got) != 2 || got[1] != 4 {
		return fmt.Errorf("%s computes [1 2]+[1 2] = %v", file, sum.Value())
	}
	fmt.Println(backend.Description())
	return nil
}
