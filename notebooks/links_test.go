package notebooks_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
)

var (
	link    = regexp.MustCompile(`\]\(([^()\s]+)\)|(?:href|src)="([^"]+)"`)
	heading = regexp.MustCompile(`(?m)^#{1,6} +(.+?) *$`)
	fence   = regexp.MustCompile("(?ms)^```.*?^```$")
	quoted  = regexp.MustCompile("`[^`\n]*`")
	inline  = regexp.MustCompile(`data:[^)"]*`)
)

// TestLinks follows every link that stays within the checkout, of the documents and of the notebooks, their outputs included:
// the file is there, and so is the heading.
func TestLinks(t *testing.T) {
	for _, path := range append(paths(t), documents...) {
		for _, problem := range brokenLinks(t, path) {
			t.Errorf("%s: %s", path, problem)
		}
	}
}

// documents are those beside the notebooks.
var documents = []string{"../README.md", "../ARCHITECTURE.md", "../CONTRIBUTING.md", "../CHANGELOG.md"}

// brokenLinks says what is wrong with the links of a document or notebook.
func brokenLinks(t *testing.T, path string) []string {
	t.Helper()
	prose := quoted.ReplaceAllString(fence.ReplaceAllString(proseOf(t, path), ""), "")
	prose = inline.ReplaceAllString(prose, "https://data")
	var out []string
	for _, found := range link.FindAllStringSubmatch(prose, -1) {
		target := found[1] + found[2]
		if strings.Contains(target, ":") { // of the web
			continue
		}
		file, anchor, anchored := strings.Cut(target, "#")
		to := path
		if file != "" {
			to = filepath.Join(filepath.Dir(path), file)
		}
		if info, err := os.Stat(to); err != nil || (info.IsDir() && anchored) {
			out = append(out, "a link leads to "+target+", which is not there")
		} else if anchored && !slices.Contains(anchors(t, to), anchor) {
			out = append(out, "a link leads to "+target+", and no heading there is called so")
		}
	}
	return out
}

// proseOf is the text of a document, or of a notebook's cells of text and of what its cells show as such.
func proseOf(t *testing.T, path string) string {
	t.Helper()
	if filepath.Ext(path) == ".ipynb" {
		return strings.Join(texts(read(t, path)), "\n\n")
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func texts(nb notebook) []string {
	var out []string
	for _, c := range nb.Cells {
		if c.Type == "markdown" {
			out = append(out, string(c.Source))
		}
		for _, o := range c.Outputs {
			out = append(out, string(o.Data["text/markdown"]), string(o.Data["text/html"]))
		}
	}
	return out
}

// anchors are the names of a file's headings: as GitHub makes them, and in a notebook as JupyterLab does.
func anchors(t *testing.T, path string) []string {
	t.Helper()
	var out []string
	for _, found := range heading.FindAllStringSubmatch(fence.ReplaceAllString(proseOf(t, path), ""), -1) {
		text := strings.ReplaceAll(found[1], "`", "")
		if filepath.Ext(path) == ".ipynb" {
			out = append(out, strings.ReplaceAll(text, " ", "-"))
			continue
		}
		out = append(out, strings.Map(func(r rune) rune {
			switch {
			case r == ' ':
				return '-'
			case unicode.IsLetter(r), unicode.IsDigit(r), r == '-', r == '_':
				return unicode.ToLower(r)
			}
			return -1
		}, text))
	}
	return out
}

// TestBrokenLinksAreFound holds the tests of links and names against a document in which half of them are wrong.
func TestBrokenLinksAreFound(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "page.md")
	const page = "# One, `two` & α\n[a](page.md) [b](gone.md) [c](#one-two--α) [d](page.md#three) [e](https://x.org/y)\n" +
		"`[f](code.md)` <img src=\"gone.png\"> `scaling.Compensate` `scaling.Condense` `training.Settings.Alpha` `training.Settings.Beta`\n" +
		"`lib/law/softmax.go` `lib/law/hardmax.go` `TestLinks` `TestChains` `make lab` `make tea` `docker/gone` `probe.Probe.Hessian`"
	if err := os.WriteFile(path, []byte(page), 0o644); err != nil {
		t.Fatal(err)
	}
	got := append(brokenLinks(t, path), unknownNames(t, page)...)
	for i, want := range []string{
		"gone.md", "page.md#three", "gone.png", "scaling.Condense", "training.Settings.Beta", "hardmax.go", "TestChains", "make tea",
		"docker/gone", "probe.Probe.Hessian",
	} {
		if i >= len(got) || !strings.Contains(got[i], want) {
			t.Fatalf("found %q, want as number %d %s", got, i+1, want)
		}
	}
	if len(got) != 10 {
		t.Errorf("found %q, want 10", got)
	}
}
