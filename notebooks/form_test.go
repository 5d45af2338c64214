package notebooks_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

const (
	maxCellLines = 15 // half a screen
	maxMedian    = 8
	maxColumns   = 110 // what a cell of JupyterLab shows without scrolling
	maxFileBytes = 420_000
	// maxUnwrapped is how often ten chapters together may write must.Get, which says nothing to a reader: what a cell needs and
	// cannot fail should return no error, and what can should be given to something that takes it.
	maxUnwrapped = 79
)

// TestForm needs no kernel: what a reader sees before running anything.
func TestForm(t *testing.T) {
	for _, path := range paths(t) {
		t.Run(path, func(t *testing.T) {
			if info, err := os.Stat(path); err != nil || info.Size() >= maxFileBytes {
				t.Errorf("%d bytes, more than %d: %v", info.Size(), maxFileBytes, err)
			}
			nb := read(t, path)
			if nb.Metadata.Kernelspec.Name != "alphascale" {
				t.Errorf("made for the kernel %q, want the project's own", nb.Metadata.Kernelspec.Name)
			}
			checkCells(t, nb.Cells)
			checkSize(t, nb.Cells)
		})
	}
}

// importsAlone is a list of imports and nothing else, which nobody reads line by line.
var importsAlone = regexp.MustCompile(`^import \([^)]*\)\s*$`)

// checkSize holds each code cell to what a reader takes in at a glance.
func checkSize(t *testing.T, cells []cell) {
	t.Helper()
	var sizes []int
	for i, c := range cells {
		if c.Type != "code" {
			continue
		}
		lines := strings.Split(strings.TrimRight(string(c.Source), "\n"), "\n")
		if importsAlone.MatchString(string(c.Source)) {
			continue
		}
		sizes = append(sizes, len(lines))
		if len(lines) > maxCellLines {
			t.Errorf("cell %d has %d lines, more than %d", i, len(lines), maxCellLines)
		}
		for _, line := range lines {
			if n := utf8.RuneCountInString(line); n > maxColumns {
				t.Errorf("cell %d has a line of %d columns, more than %d: %s", i, n, maxColumns, line)
			}
		}
	}
	slices.Sort(sizes)
	if median := sizes[len(sizes)/2]; median > maxMedian {
		t.Errorf("the median code cell has %d lines, more than %d", median, maxMedian)
	}
}

// TestFewErrorsAreUnwrapped counts must.Get in the cells of all chapters.
func TestFewErrorsAreUnwrapped(t *testing.T) {
	count := 0
	for _, path := range paths(t) {
		for _, c := range read(t, path).Cells {
			if c.Type == "code" {
				count += strings.Count(string(c.Source), "must.Get(")
			}
		}
	}
	if most := maxUnwrapped * len(paths(t)) / 10; count > most {
		t.Errorf("the chapters unwrap %d errors with must.Get, more than %d", count, most)
	}
}

// declared finds the functions of a cell.
var declared = regexp.MustCompile(`(?m)^func (\w+)\(`)

// TestDeclaredOnce finds a function that two chapters declare: what both need belongs into the library.
func TestDeclaredOnce(t *testing.T) {
	in := map[string]string{}
	for _, path := range paths(t) {
		for _, c := range read(t, path).Cells {
			if c.Type != "code" {
				continue
			}
			for _, found := range declared.FindAllStringSubmatch(string(c.Source), -1) {
				if other := in[found[1]]; other != "" && other != path {
					t.Errorf("%s and %s both declare %s", other, path, found[1])
				}
				in[found[1]] = path
			}
		}
	}
}

func checkCells(t *testing.T, cells []cell) {
	t.Helper()
	judged := false
	for i, c := range cells {
		if c.Type != "code" {
			continue
		}
		if i == 0 || cells[i-1].Type == "code" {
			t.Errorf("cell %d is code with no text before it", i)
		}
		judged = judged || c.Metadata.Project.Expect != ""
	}
	if !judged {
		t.Error(`no cell prints a verdict: mark one with the metadata {"alphascale": {"expect": "…"}}`)
	}
}
