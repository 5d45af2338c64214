package notebooks_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"slices"
	"strings"
	"testing"
)

// TestImports has each chapter import what it uses. What it leaves out goimports guesses by its name among all modules that are there,
// half a second in every cell that follows; packages of the standard library the kernel adds at once.
func TestImports(t *testing.T) {
	for _, path := range paths(t) {
		t.Run(path, func(t *testing.T) {
			for _, name := range unexplained(t, read(t, path).Cells) {
				t.Errorf("%s is used and neither declared nor imported", name)
			}
		})
	}
}

// TestImportsPlanted takes an import away, which has to be missed.
func TestImportsPlanted(t *testing.T) {
	cells := []cell{{Type: "code", Source: "%%\nx := floats.Max(nil)\nfmt.Println(x, runs.Len())"}, {Type: "code", Source: "var runs sized"}}
	if got := unexplained(t, cells); !slices.Equal(got, []string{"floats"}) {
		t.Errorf("%q are unexplained, want floats", got)
	}
}

// unexplained are the names with a selector in the code cells that no declaration, no import and no package of the standard library
// explains.
func unexplained(t *testing.T, cells []cell) (names []string) {
	t.Helper()
	var imports, rest strings.Builder
	for i, c := range cells {
		source := string(c.Source)
		if c.Type != "code" {
			continue
		}
		declared, run, isRun := strings.Cut("\n"+source, "\n%%\n")
		declared = strings.TrimSpace(declared)
		if strings.HasPrefix(declared, "import") {
			block, after, _ := strings.Cut(declared, ")")
			imports.WriteString(block + ")\n")
			declared = after
		}
		rest.WriteString(declared + "\n")
		if isRun {
			fmt.Fprintf(&rest, "func cell%d() {\n%s\n}\n", i, run)
		}
	}
	parsed, err := parser.ParseFile(token.NewFileSet(), "cells.go", "package p\n"+imports.String()+rest.String(), 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(parsed, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := s.X.(*ast.Ident); ok && x.Obj == nil && s.Sel.IsExported() && !explained(parsed, x.Name) { //nolint:staticcheck // what goimports goes by
				names = append(names, x.Name)
			}
		}
		return true
	})
	slices.Sort(names)
	return slices.Compact(names)
}

// explained reports whether the name is that of an import, or of a package that the kernel adds.
func explained(parsed *ast.File, name string) bool {
	return slices.Contains([]string{"cmp", "context", "errors", "exec", "filepath", "fmt", "maps", "math", "os", "rand", "slices", "sort", "strings", "time"}, name) ||
		slices.ContainsFunc(parsed.Imports, func(spec *ast.ImportSpec) bool {
			return spec.Name != nil && spec.Name.Name == name || path.Base(strings.Trim(spec.Path.Value, `"`)) == name
		})
}
