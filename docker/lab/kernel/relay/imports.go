package main

import (
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// importPath finds the beginning of a package's path at the end of code: within an import, or within a group of them.
var importPath = regexp.MustCompile(`(?:^|\n)[ \t]*import[ \t]+(?:[\w.]+[ \t]+)?"([^"\n]*)$|(?:^|\n)[ \t]*import[ \t]*\([^)]*"([^"\n]*)$`)

// completeImport answers a request for completions where the path of a package is being written, of which gopls says nothing
// in a cell; nil elsewhere.
func completeImport(m *message, packages func() []string) *message {
	var request struct {
		Code   string `json:"code"`
		Cursor int    `json:"cursor_pos"` // in characters
	}
	if m.content(&request) != nil {
		return nil
	}
	before := []rune(request.Code)
	before = before[:max(0, min(request.Cursor, len(before)))]
	found := importPath.FindStringSubmatchIndex(string(before))
	if found == nil {
		return nil
	}
	at := max(found[2], found[4])
	prefix := string(before)[at:]
	if strings.Count(string(before)[:at], `"`)%2 == 0 {
		return nil // behind a path, not in one
	}
	matches := []string{}
	for _, p := range packages() {
		if strings.HasPrefix(p, prefix) {
			matches = append(matches, p)
		}
	}
	end := len(before)
	return m.answer(m.identities, "complete_reply", map[string]any{
		"status": "ok", "matches": matches, "metadata": map[string]any{},
		"cursor_start": end - utf8.RuneCountInString(prefix), "cursor_end": end,
	})
}

// importable lists what a cell can import: this project's packages, those of its modules that they are made of, and Go's own.
var importable = sync.OnceValue(func() []string {
	list := exec.Command("go", "list", "-deps", "-e", "./lib/...", "./plots/...", "std")
	list.Dir = os.Getenv("ALPHASCALE_ROOT")
	out, _ := list.Output() // of what cannot be listed there are no completions
	all := strings.Fields(string(out))
	all = slices.DeleteFunc(all, func(p string) bool {
		return strings.Contains(p, "internal/") || strings.HasSuffix(p, "/internal") || strings.HasPrefix(p, "vendor/")
	})
	slices.Sort(all)
	return slices.Compact(all)
})
