package machine

import (
	"os"
	"os/exec"
	"runtime/debug"
	"strings"
	"sync"
)

// Commit names the state of the code that computes, as git describes it ("9a7b3c2", "9a7b3c2-dirty" where files differ from the commit):
// what the go command wrote into the program, otherwise the checkout that ALPHASCALE_ROOT names, as it is in a notebook's cell. It is ""
// where neither tells.
func Commit() string { return commit() }

var commit = sync.OnceValue(func() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		if revision := vcs(info.Settings); revision != "" {
			return revision
		}
	}
	root := os.Getenv("ALPHASCALE_ROOT")
	if root == "" {
		return ""
	}
	out, err := exec.Command("git", "-C", root, "describe", "--always", "--dirty").Output()
	if err != nil { // no git, or no history, as in the image
		return ""
	}
	return strings.TrimSpace(string(out))
})

// vcs is the commit among a program's settings, as short as git's own.
func vcs(settings []debug.BuildSetting) (revision string) {
	for _, s := range settings {
		switch {
		case s.Key == "vcs.revision":
			revision = s.Value[:min(7, len(s.Value))] + revision
		case s.Key == "vcs.modified" && s.Value == "true":
			revision += "-dirty"
		}
	}
	if strings.HasPrefix(revision, "-") {
		return ""
	}
	return revision
}
