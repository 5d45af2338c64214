// Package declared reads from a package's source what it declares, for tests that name what a list has forgotten: a constant
// that no table mentions, a function that no test calls.
package declared

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
)

// Constants returns the names of the constants of the given type in a folder's package, file by file, in the order of their
// declaration; within an iota block the type is that of the line above. Tests do not count.
func Constants(folder, typeName string) ([]string, error) {
	var names []string
	err := each(folder, func(d ast.Decl) {
		group, is := d.(*ast.GenDecl)
		if !is || group.Tok != token.CONST {
			return
		}
		of := ""
		for _, spec := range group.Specs {
			value := spec.(*ast.ValueSpec)
			if value.Type != nil || len(value.Values) > 0 {
				of = text(value.Type)
			}
			if of != typeName {
				continue
			}
			for _, name := range value.Names {
				names = append(names, name.Name)
			}
		}
	})
	return names, err
}

// Functions returns the names of the exported functions, methods left out, whose first result is of the given type, "*T" for
// a pointer. Tests do not count.
func Functions(folder, result string) ([]string, error) {
	var names []string
	err := each(folder, func(d ast.Decl) {
		f, is := d.(*ast.FuncDecl)
		if is && f.Recv == nil && f.Name.IsExported() && f.Type.Results != nil && text(f.Type.Results.List[0].Type) == result {
			names = append(names, f.Name.Name)
		}
	})
	return names, err
}

// text writes a type that is a name or a pointer to one, and "" for others.
func text(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.StarExpr:
		return "*" + text(e.X)
	}
	return ""
}

func each(folder string, visit func(d ast.Decl)) error {
	files, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return &os.PathError{Op: "reading the package in", Path: folder, Err: os.ErrNotExist}
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			return err
		}
		for _, d := range parsed.Decls {
			visit(d)
		}
	}
	return nil
}
