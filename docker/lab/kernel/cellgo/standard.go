package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// addStandard adds to the file the imports of packages of the standard library that it uses and does not import. A name that several of
// them have (rand, template) is left to goimports, as is a file that is no Go.
func addStandard(name string) {
	text, err := os.ReadFile(name)
	if err != nil {
		return
	}
	files := token.NewFileSet()
	parsed, err := parser.ParseFile(files, name, text, 0)
	if err != nil {
		return
	}
	missing := missingIn(parsed)
	if len(missing) == 0 {
		return
	}
	standard := standardLibrary(filepath.Dir(name))
	end := files.Position(parsed.Name.End()).Offset
	var added bytes.Buffer
	for _, name := range missing {
		if path := standard[name]; path != "" {
			fmt.Fprintf(&added, "\nimport %q\n", path)
		}
	}
	_ = os.WriteFile(name, slices.Concat(text[:end], added.Bytes(), text[end:]), 0o600) // goimports says what is wrong with the file
}

// missingIn are the names with a selector that neither a declaration nor an import of the file explains, in alphabetical order.
func missingIn(parsed *ast.File) (missing []string) {
	used := map[string]bool{}
	ast.Inspect(parsed, func(n ast.Node) bool {
		if selector, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := selector.X.(*ast.Ident); ok && x.Obj == nil && selector.Sel.IsExported() { //nolint:staticcheck // goimports goes by it too
				used[x.Name] = true
			}
		}
		return true
	})
	for name := range used {
		if !slices.ContainsFunc(parsed.Imports, func(spec *ast.ImportSpec) bool { return needed(spec, map[string]bool{name: true}) }) {
			missing = append(missing, name)
		}
	}
	slices.Sort(missing)
	return missing
}

const standardFile = ".cellgo-standard.txt"

// standardLibrary are the paths of the standard library's packages by name, without those that share theirs. The go command lists them,
// once for all cells of a kernel.
func standardLibrary(folder string) map[string]string {
	list := filepath.Join(folder, standardFile)
	text, err := os.ReadFile(list)
	if err != nil {
		if text, err = exec.Command("go", "list", "std").Output(); err != nil {
			return nil
		}
		_ = os.WriteFile(list, text, 0o600)
	}
	paths := map[string]string{}
	for _, whole := range strings.Fields(string(text)) {
		if strings.HasPrefix(whole, "vendor/") || strings.HasPrefix(whole, "internal/") || strings.Contains(whole, "/internal") {
			continue
		}
		name := path.Base(whole)
		if version.MatchString(name) {
			name = path.Base(path.Dir(whole))
		}
		if _, several := paths[name]; several {
			whole = ""
		}
		paths[name] = whole
	}
	return paths
}
