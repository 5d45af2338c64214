package notebooks_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestNamesInDocuments looks up what the documents for contributors name in backticks: files and folders, identifiers of a
// package, tests, and targets of make.
func TestNamesInDocuments(t *testing.T) {
	for _, path := range []string{"../ARCHITECTURE.md", "../CONTRIBUTING.md"} {
		for _, problem := range unknownNames(t, proseOf(t, path)) {
			t.Errorf("%s: %s", path, problem)
		}
	}
}

var (
	aPath   = regexp.MustCompile(`^(?:lib|plots|docker|notebooks|internal)(?:/[\w.-]+)*/?$|^[\w.-]+/[\w./-]+\.(?:go|sh|py|md|txt|in|ipynb)$`)
	aSymbol = regexp.MustCompile(`^([a-z]\w*)\.([A-Z]\w*)(?:\.([A-Z]\w*))?(?:\(.*\))?$`)
	aTest   = regexp.MustCompile(`^(?:Test|Example|Fuzz)[A-Z]\w*$`)
	aTarget = regexp.MustCompile(`^make ([a-z-]+)`)
)

// unknownNames says which names of a document there are none of. A symbol of a package that is not this module's counts as
// known.
func unknownNames(t *testing.T, document string) []string {
	t.Helper()
	makefile, err := os.ReadFile("../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	declared := identifiers(t)
	var out []string
	for _, name := range quoted.FindAllString(fence.ReplaceAllString(document, ""), -1) {
		name = strings.Trim(name, "`")
		known := true
		if m := aSymbol.FindStringSubmatch(name); m != nil {
			of, ours := declared[m[1]]
			known = !ours || of[m[2]] && (m[3] == "" || of[m[2]+"."+m[3]])
		} else if aPath.MatchString(name) {
			_, err := os.Stat(filepath.Join("..", name))
			known = err == nil
		} else if aTest.MatchString(name) {
			known = declared["test"][name]
		} else if m := aTarget.FindStringSubmatch(name); m != nil {
			known = strings.Contains(string(makefile), "\n"+m[1]+":")
		}
		if !known {
			out = append(out, "there is no "+name)
		}
	}
	return out
}

// identifiers are the exported ones by package, "Type.Member" for fields and methods; those of all test files under "test".
func identifiers(t *testing.T) map[string]map[string]bool {
	t.Helper()
	out := map[string]map[string]bool{"test": {}}
	for _, root := range []string{"../lib", "../plots", "../docker", "../notebooks", "../internal"} {
		err := filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
			if err != nil || filepath.Ext(path) != ".go" {
				return err
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
			if err != nil {
				return err
			}
			in := file.Name.Name
			if strings.HasSuffix(path, "_test.go") {
				in = "test"
			}
			if out[in] == nil {
				out[in] = map[string]bool{}
			}
			for _, d := range file.Decls {
				collect(d, out[in])
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// collect adds what a declaration declares.
func collect(d ast.Decl, names map[string]bool) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		names[receiver(d)+d.Name.Name] = true
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch spec := spec.(type) {
			case *ast.ValueSpec:
				for _, name := range spec.Names {
					names[name.Name] = true
				}
			case *ast.TypeSpec:
				names[spec.Name.Name] = true
				for _, field := range fields(spec.Type) {
					names[spec.Name.Name+"."+field] = true
				}
			}
		}
	}
}

// receiver is the type of a method and a dot, "" for a function.
func receiver(f *ast.FuncDecl) string {
	if f.Recv == nil {
		return ""
	}
	of := f.Recv.List[0].Type
	if star, is := of.(*ast.StarExpr); is {
		of = star.X
	}
	if name, is := of.(*ast.Ident); is {
		return name.Name + "."
	}
	return "?." // of a generic type
}

func fields(of ast.Expr) []string {
	s, is := of.(*ast.StructType)
	if !is {
		return nil
	}
	var out []string
	for _, field := range s.Fields.List {
		for _, name := range field.Names {
			out = append(out, name.Name)
		}
	}
	return out
}
