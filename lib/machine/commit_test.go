package machine

import (
	"os/exec"
	"runtime/debug"
	"strings"
	"testing"
)

func TestVCS(t *testing.T) {
	revision, modified := debug.BuildSetting{Key: "vcs.revision", Value: "9a7b3c2d4e5f"}, debug.BuildSetting{Key: "vcs.modified", Value: "true"}
	for want, settings := range map[string][]debug.BuildSetting{
		"":              {modified},
		"9a7b3c2":       {{Key: "vcs", Value: "git"}, revision, {Key: "vcs.modified", Value: "false"}},
		"9a7b3c2-dirty": {revision, modified},
	} {
		if got := vcs(settings); got != want {
			t.Errorf("%v are %q, want %q", settings, got, want)
		}
	}
}

// TestCommit is what git says of the checkout, where there is one.
func TestCommit(t *testing.T) {
	out, err := exec.Command("git", "describe", "--always", "--dirty").Output()
	if err != nil {
		t.Skip("no git, or no history")
	}
	t.Setenv("ALPHASCALE_ROOT", ".")
	if got, want := Commit(), strings.TrimSpace(string(out)); got != want {
		t.Errorf("the commit is %q, and git says %q", got, want)
	}
	if got := Description()[0]; got != "commit: "+Commit() {
		t.Errorf("the description begins with %q", got)
	}
}
