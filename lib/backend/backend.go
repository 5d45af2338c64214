// Package backend opens the one GoMLX backend that everything here computes on, and runs what can panic there.
package backend

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"github.com/gomlx/compute"
	_ "github.com/gomlx/compute/gobackend" // the fallback
	"github.com/gomlx/go-xla/compute/xla"  // the default
)

const (
	backendVariable = "GOMLX_BACKEND"
	pluginVariable  = "PJRT_PLUGIN_LIBRARY_PATH"
	// pluginFolder is where the project's set-up puts the XLA plugin, below the checkout.
	pluginFolder = ".lab/xla"
)

// Open returns the backend that everything here runs on: what GOMLX_BACKEND names, else XLA on the CPU, else, where
// no XLA plugin is installed, the pure-Go backend, with a sentence on standard error that says so. It is opened once and
// shared; nothing is downloaded.
//
// The error says which backend could not be opened and how to get it.
func Open() (compute.Backend, error) { return open() }

var open = sync.OnceValues(func() (compute.Backend, error) {
	xla.EnableAutoInstall(false)
	findPlugin()
	if config := os.Getenv(backendVariable); config != "" {
		b, err := compute.NewWithConfig(config)
		if err != nil {
			return nil, fmt.Errorf("%s=%s cannot be opened: %w; run `make lab` to install the XLA plugin, or set %s=go",
				backendVariable, config, err, backendVariable)
		}
		return b, nil
	}
	b, err := compute.NewWithConfig("xla:cpu")
	if err == nil {
		return b, nil
	}
	fmt.Fprintf(os.Stderr, "No XLA plugin could be opened, so the pure-Go backend is used, which takes many times longer "+
		"to train: run `make lab` to install the plugin (%v).\n", err)
	return compute.NewWithConfig("go")
})

// findPlugin points the loader at the plugin of the checkout that the working directory lies in, unless it is pointed
// somewhere already.
func findPlugin() {
	if os.Getenv(pluginVariable) != "" {
		return
	}
	folder, err := os.Getwd()
	for err == nil {
		candidate := filepath.Join(folder, filepath.FromSlash(pluginFolder))
		if _, statErr := os.Stat(candidate); statErr == nil {
			os.Setenv(pluginVariable, candidate)
			return
		}
		parent := filepath.Dir(folder)
		if parent == folder {
			return
		}
		folder = parent
	}
}
