package main

import (
	"errors"
	"os/exec"
	"strings"
	"testing"
)

// What ends gonb as it was asked to is not worth a word, anything else is.
func TestOutcome(t *testing.T) {
	sh := func(script string) error { return exec.Command("sh", "-c", script).Run() }
	for _, test := range []struct {
		what   string
		err    error
		status int
		says   string
	}{
		{"the end", sh("exit 0"), 0, ""},
		{"a status", sh("exit 3"), 3, ""},
		{"an interrupt", sh("kill -INT $$"), 130, ""},
		{"a request to end", sh("kill -TERM $$"), 143, ""},
		{"a crash", sh("kill -SEGV $$"), 1, "segmentation fault"},
		{"no gonb", errors.New("there is no gonb"), 1, "there is no gonb"},
	} {
		status, says := outcome(test.err)
		if status != test.status || !strings.Contains(says, test.says) || (test.says == "") != (says == "") {
			t.Errorf("%s: status %d and %q, want %d and %q", test.what, status, says, test.status, test.says)
		}
	}
}
