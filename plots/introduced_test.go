package plots_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"path/filepath"
	"strings"
	"testing"
)

// TestPackagesAreIntroduced wants of every package one comment that opens with its name, and an example.
func TestPackagesAreIntroduced(t *testing.T) {
	for of := range importsOf(t, "lib", "plots") {
		files, err := filepath.Glob(filepath.Join("..", of, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		comments, examples := 0, 0
		for _, file := range files {
			parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
			if err != nil {
				t.Fatal(err)
			}
			if strings.HasSuffix(file, "_test.go") {
				examples += examplesIn(parsed)
			} else if strings.HasPrefix(parsed.Doc.Text(), "Package "+path.Base(of)+" ") {
				comments++
			} else if parsed.Doc != nil {
				t.Errorf("%s: the package's comment opens with %.30q", file, parsed.Doc.Text())
			}
		}
		if comments != 1 {
			t.Errorf("%s has %d package comments, want one", of, comments)
		}
		if examples == 0 {
			t.Errorf("%s has no example", of)
		}
	}
}

// examplesIn counts the examples of a file.
func examplesIn(file *ast.File) int {
	n := 0
	for _, d := range file.Decls {
		if f, is := d.(*ast.FuncDecl); is && f.Recv == nil && strings.HasPrefix(f.Name.Name, "Example") {
			n++
		}
	}
	return n
}
