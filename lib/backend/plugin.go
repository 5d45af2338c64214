package backend

/*
#cgo linux LDFLAGS: -ldl
#include <dlfcn.h>
#include <stddef.h>

// The beginning of XLA's PJRT_Api, which no version changes.
struct api {
	size_t size;
	void *extension;
	struct { size_t size; void *extension; int major, minor; } version;
};

// The API version of a plugin's file, or the reason why it cannot be loaded.
static const char *api_version(void *path, int *major, int *minor) {
	void *library = dlopen(path, RTLD_LAZY);
	if (library == NULL) return dlerror();
	const struct api *(*get)(void) = (const struct api *(*)(void)) dlsym(library, "GetPjrtApi");
	if (get == NULL) return "it has no function GetPjrtApi, so it is no XLA plugin";
	*major = get()->version.major;
	*minor = get()->version.minor;
	return NULL;
}
*/
import "C"

import (
	"debug/elf"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"unsafe"
)

// oldestAPI is the minor version of the oldest plugin API that go-xla was seen to work with; the major version is 0.
const oldestAPI = 81

// pluginOf is the XLA plugin that a configuration names, by name or by file: "cpu" of "xla:cpu,shared_buffers"; "" if none.
func pluginOf(config string) (name string, isXLA bool) {
	plugin, named := strings.CutPrefix(config, "xla:")
	if !named {
		return "", config == "xla"
	}
	name, _, _ = strings.Cut(plugin, ",")
	return name, true
}

// checkPlugins looks at what a configuration would make go-xla load, because a plugin that is cut short, of another
// processor or too old ends the process there, with a stack trace.
func checkPlugins(config string) error {
	name, isXLA := pluginOf(config)
	if !isXLA {
		return nil
	}
	if filepath.IsAbs(name) {
		return checkPlugin(name)
	}
	// go-xla opens every plugin in its folders to find the one with the name.
	folders, found := os.Getenv(pluginVariable), false
	for _, folder := range filepath.SplitList(folders) {
		files, err := filepath.Glob(filepath.Join(folder, "pjrt*plugin*"))
		if err != nil {
			return fmt.Errorf("%s = %q names no folder: %w", pluginVariable, folder, err)
		}
		for _, file := range files {
			if err := checkPlugin(file); err != nil {
				return err
			}
			found = true
		}
	}
	if folders != "" && !found {
		return fmt.Errorf("there is no XLA plugin in %s = %q", pluginVariable, folders)
	}
	return nil
}

func checkPlugin(file string) error {
	if runtime.GOOS == "linux" {
		if err := checkELF(file); err != nil {
			return err
		}
	}
	path := append([]byte(file), 0)
	var major, minor C.int
	if reason := C.api_version(unsafe.Pointer(&path[0]), &major, &minor); reason != nil {
		return fmt.Errorf("the XLA plugin %s cannot be loaded: %s; remove it", file, C.GoString(reason))
	}
	if major != 0 || minor < oldestAPI {
		return fmt.Errorf("the XLA plugin %s is too old: its API is %d.%d, and 0.%d or later is needed; remove it",
			file, major, minor, oldestAPI)
	}
	return nil
}

// checkELF returns an error for a file that is not whole or not for this processor.
func checkELF(file string) error {
	info, err := os.Stat(file)
	if err != nil {
		return fmt.Errorf("the XLA plugin cannot be read: %w", err)
	}
	f, err := elf.Open(file)
	if err != nil {
		return fmt.Errorf("the XLA plugin %s is damaged or cut short: %w; remove it", file, err)
	}
	defer f.Close()
	for _, s := range f.Progs {
		if end := s.Off + s.Filesz; end > uint64(info.Size()) {
			return fmt.Errorf("the XLA plugin %s is cut short: it has %d bytes of at least %d; remove it", file, info.Size(), end)
		}
	}
	machines := map[string]elf.Machine{"amd64": elf.EM_X86_64, "arm64": elf.EM_AARCH64}
	if want, known := machines[runtime.GOARCH]; known && f.Machine != want {
		return fmt.Errorf("the XLA plugin %s is for another processor: %v, and this is %v; remove it", file, f.Machine, want)
	}
	return nil
}
