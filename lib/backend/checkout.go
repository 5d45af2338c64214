package backend

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
)

// ownPlugin is the folder with the plugin of the project's set-up, or "": that of the checkout in which the working directory
// lies, or of the one that this library was compiled from, which a module of the user's own names in a replace directive.
func ownPlugin() string {
	for _, start := range []string{workingFolder(), sourceFolder()} {
		if folder := pluginAbove(start); folder != "" {
			return folder
		}
	}
	return ""
}

// pluginAbove looks for the plugin in the set-up of an absolute folder and of those above it.
func pluginAbove(folder string) string {
	for filepath.IsAbs(folder) {
		candidate := filepath.Join(folder, filepath.FromSlash(pluginFolder))
		if _, err := os.Stat(filepath.Join(candidate, pluginFile)); err == nil {
			return candidate
		}
		parent := filepath.Dir(folder)
		if parent == folder {
			break
		}
		folder = parent
	}
	return ""
}

func workingFolder() string {
	folder, err := os.Getwd()
	if err != nil {
		return ""
	}
	return folder
}

// sourceFolder is where this file lay when it was compiled, or "" where that was not kept: -trimpath leaves the import path.
func sourceFolder() string {
	_, file, _, known := runtime.Caller(0)
	if !known || !filepath.IsAbs(file) {
		return ""
	}
	return filepath.Dir(file)
}

// whereSought says in a sentence where ownPlugin looked.
func whereSought() string {
	if source := sourceFolder(); source != "" {
		return fmt.Sprintf("%s was looked for in %q and %q and the folders above them.", filepath.Join(pluginFolder, pluginFile), workingFolder(), source)
	}
	return fmt.Sprintf("%s was looked for in %q and the folders above it; where the library lies is not known to a program built with "+
		"-trimpath: set %s to the checkout's %s.", filepath.Join(pluginFolder, pluginFile), workingFolder(), pluginVariable, pluginFolder)
}
