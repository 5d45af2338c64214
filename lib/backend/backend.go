// Package backend opens the one GoMLX backend that everything here computes on ([Open]), makes errors of its panics ([Try]),
// draws initial weights, which do not depend on it ([Draw]), and writes down what a graph is built of ([Recording]).
package backend

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	"alphascale/lib/machine"

	"github.com/gomlx/compute"
	_ "github.com/gomlx/compute/gobackend" // the fallback
	"github.com/gomlx/go-xla/compute/xla"  // the default
	"github.com/gomlx/go-xla/pjrt"
)

const (
	backendVariable = "GOMLX_BACKEND"
	pluginVariable  = "PJRT_PLUGIN_LIBRARY_PATH"
	// pluginFolder is where the project's set-up puts the XLA plugin, below the checkout.
	pluginFolder = ".lab/xla"
	pluginFile   = "pjrt_c_api_cpu_plugin.so"
	xlaConfig    = "xla:cpu"
)

// Open returns the backend that everything here runs on: what GOMLX_BACKEND names or, without it, XLA on the CPU or, where
// no XLA plugin is installed, the pure-Go backend, with a sentence on standard error that says so. It is opened once and
// shared; nothing is downloaded.
//
// The error says which backend could not be opened and how to get it.
func Open() (compute.Backend, error) { return open() }

var open = sync.OnceValues(func() (compute.Backend, error) {
	xla.EnableAutoInstall(false)
	if config := os.Getenv(backendVariable); config != "" {
		b, err := newBackend(located(config))
		if err != nil {
			return nil, fmt.Errorf("%s=%s cannot be opened: %w; run `make lab` in the checkout of alphascale to install the XLA plugin, or set %s=go",
				backendVariable, config, err, backendVariable)
		}
		return b, registered()
	}
	b, err := newBackend(located(xlaConfig))
	if err == nil {
		return b, registered()
	}
	fmt.Fprintf(os.Stderr, "No XLA plugin could be opened, so the pure-Go backend is used, which takes many times longer "+
		"to train: run `make lab` in the checkout of alphascale to install the plugin. %s (%v)\n", whereSought(), err)
	machine.Uses("go")
	return compute.NewWithConfig("go")
})

// registered lets a figure's data name the backend that was opened.
func registered() error {
	name, err := identity()
	if err == nil {
		machine.Uses(name)
	}
	return err
}

// newBackend is GoMLX's, with an error in place of the panics and crashes of a plugin that cannot be loaded.
func newBackend(config string) (b compute.Backend, err error) {
	if err := checkPlugins(config); err != nil {
		return nil, err
	}
	if failed := Try("loading", func() { b, err = load(config) }); failed != nil {
		return nil, failed
	}
	return b, err
}

// load gives XLA on the CPU as many devices as there are processors. Left alone the plugin makes four of them and a pool of as
// many threads, which take the processors of a smaller machine from each other and leave those of a larger one idle.
func load(config string) (compute.Backend, error) {
	if name, _ := pluginOf(config); !strings.Contains(filepath.Base(name), "cpu") {
		return compute.NewWithConfig(config)
	}
	if err := os.Setenv("XLA_FLAGS", machine.Flags()); err != nil { // the plugin reads it when it is loaded
		return nil, err
	}
	b, err := xla.NewWithOptions(strings.TrimPrefix(config, "xla:"), pjrt.NamedValuesMap{"cpu_device_count": int64(runtime.NumCPU())})
	if err != nil {
		return nil, err
	}
	return b, nil
}

// located names the project's own plugin in a configuration that asks for XLA on the CPU and leaves it to the loader
// where the plugin is. The loader reads its search path before main starts, so setting the variable here would be too
// late. A named plugin is not known to share memory with the host, as the CPU's does, so that is said too.
func located(config string) string {
	if config != xlaConfig && config != "xla" || os.Getenv(pluginVariable) != "" {
		return config
	}
	if folder := ownPlugin(); folder != "" {
		return "xla:" + filepath.Join(folder, pluginFile) + ",shared_buffers"
	}
	return config
}
