package docker_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// named is a path of this folder as scripts, tests and texts write it, from the top of the checkout.
var named = regexp.MustCompile(`(?:^|[^\w.-])(docker/[\w./*-]*\w)`)

// TestPathsExist follows every path of this folder that is named in the checkout, in a comment too: a file that moves has
// to be found under its new name.
func TestPathsExist(t *testing.T) {
	files, err := filepath.Glob("../*.md")
	if err != nil {
		t.Fatal(err)
	}
	roots := []string{".", "../lib", "../plots", "../notebooks", "../Makefile"}
	for _, outside := range []string{"../.ci", "../.devcontainer", "../.gitignore"} { // which the image has not
		if _, err := os.Stat(outside); err == nil {
			roots = append(roots, outside)
		}
	}
	for _, root := range roots {
		err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
			if err == nil && entry.Type().IsRegular() {
				files = append(files, path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	seen := 0
	for _, file := range files {
		if slices.Contains([]string{".png", ".gz", ".pyc", ".sum"}, filepath.Ext(file)) {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range named.FindAllStringSubmatch(string(text), -1) {
			if seen++; match[1] == "docker/gone" {
				continue // what the test of the documents' links has to miss
			}
			if found, err := filepath.Glob(filepath.Join("..", match[1])); err != nil || len(found) == 0 {
				t.Errorf("%s names %s, which is not there", file, match[1])
			}
		}
	}
	if seen < 100 {
		t.Errorf("only %d paths are named: they are written in another way, and this test has to look for that", seen)
	}
}

// TestDockerfileCopies wants the stage that runs the set-up to get docker/lab whole, as newCheckout gives it to the tests.
func TestDockerfileCopies(t *testing.T) {
	text, err := os.ReadFile("Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	var sources []string
	for _, line := range regexp.MustCompile(`(?m)^COPY (.+) \S+$`).FindAllStringSubmatch(string(text), -1) {
		if strings.Contains(line[1], "--from=") {
			continue
		}
		for _, source := range strings.Fields(line[1]) {
			if !strings.HasPrefix(source, "--") {
				sources = append(sources, source)
			}
		}
	}
	if want := []string{"go.mod", "go.sum", "docker/lab", "."}; !slices.Equal(sources, want) {
		t.Errorf("the Dockerfile copies %q, want %q", sources, want)
	}
}
