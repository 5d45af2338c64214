package backend

import (
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"alphascale/lib/machine"

	"github.com/gomlx/compute"
)

// Interpreter opens the pure-Go backend, which is ready in no time: enough to build a graph and look at it, and to draw
// weights.
func Interpreter() (compute.Backend, error) { return interpreter() }

var interpreter = sync.OnceValues(func() (compute.Backend, error) { return compute.NewWithConfig("go") })

// Identity says what Open would open, without opening it, and what else the last digits depend on: the backend's
// configuration; for XLA on the CPU the size and a digest of the plugin's file; the processor, and the flags in XLA_FLAGS.
// Results that were computed under one identity need not be those of another.
//
// The digest is over samples of the file: its two ends, where the linker puts the identity of the build, and a block of
// each sixteenth part. A file that cannot be read is an error.
func Identity() (string, error) {
	backend, err := identity()
	if err != nil {
		return "", err
	}
	return strings.TrimSpace(backend + " on " + machine.Processor() + " " + machine.Flags()), nil
}

// Portable is Identity without the processor: what results of other machines may have in common with those of this one.
func Portable() (string, error) {
	backend, err := identity()
	return strings.TrimSpace(backend + " " + machine.Flags()), err
}

// identity is that of the backend alone.
func identity() (string, error) {
	config := os.Getenv(backendVariable)
	if config == "" {
		config = xlaConfig
	}
	file := Plugin()
	if file == "" {
		return config, nil
	}
	digest, err := sampled(file)
	return config + " " + digest, err
}

// Plugin is the file that holds XLA for the CPU, where Open would open that and it is there; "" otherwise.
func Plugin() string {
	if config := os.Getenv(backendVariable); config != "" && config != xlaConfig && config != "xla" {
		return ""
	}
	folders := os.Getenv(pluginVariable)
	if folders == "" {
		folders = ownPlugin()
	}
	for _, folder := range filepath.SplitList(folders) {
		file := filepath.Join(folder, pluginFile)
		if _, err := os.Stat(file); err == nil {
			return file
		}
	}
	return ""
}

// sampled returns the size of a file and a digest of parts of it.
func sampled(name string) (string, error) {
	file, err := os.Open(name)
	if err != nil {
		return "", fmt.Errorf("the XLA plugin cannot be read: %w; run `make lab` to install it anew", err)
	}
	defer file.Close()
	size, err := file.Seek(0, io.SeekEnd)
	if err != nil {
		return "", fmt.Errorf("reading %s: %w", name, err)
	}
	const parts, block = 16, 1 << 14
	hash := sha256.New()
	for i := range int64(parts + 1) {
		from := max(0, size-block) * i / parts
		if _, err := io.Copy(hash, io.NewSectionReader(file, from, block)); err != nil {
			return "", fmt.Errorf("reading %s: %w", name, err)
		}
	}
	return fmt.Sprintf("%d bytes %x", size, hash.Sum(nil)[:8]), nil
}
