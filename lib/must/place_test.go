package must_test

import (
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"

	"alphascale/lib/must"
)

// The error's one sentence stands first, and then the line that called, of which the kernel finds the cell; the process ends with 1.
func TestDoNamesItsCaller(t *testing.T) {
	const inside = "ALPHASCALE_MUST_CHILD"
	if os.Getenv(inside) != "" {
		must.Get(0, errors.New("no such thing"))
		return
	}
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestDoNamesItsCaller$")
	child.Env = append(os.Environ(), inside+"=1")
	out, err := child.CombinedOutput()
	var ended *exec.ExitError
	if !errors.As(err, &ended) || ended.ExitCode() != 1 {
		t.Errorf("it ends with %v", err)
	}
	sentence, place, _ := strings.Cut(string(out), "\n")
	if sentence != "no such thing" || !strings.Contains(place, "place_test.go:17") || strings.Contains(place, "must.go") {
		t.Errorf("it prints %q", out)
	}
}
