package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"regexp"
	"strconv"
	"strings"
)

// declaration is one that can be left out by itself: a function or method, a type, a variable with those of its line, or constants
// that may count on from each other.
type declaration struct {
	names    []string // that other declarations use it by; of a method that of its type
	key      string   // tells it from all others of the cell
	hash     string   // of its text
	root     bool     // stands whether it is used or not
	variable bool
	start    int // in bytes
	end      int
	uses     []string // identifiers
	packages []string // identifiers with a selector, some of which are packages
}

// importing is an import with its place in bytes.
type importing struct {
	*ast.ImportSpec
	start, end int
}

// cell is what gonb has composed.
type cell struct {
	text         []byte
	declarations []*declaration
	imports      []importing
	offset       func(token.Pos) int
}

// parse returns an error for what is no Go and what is cgo.
func parse(text []byte) (*cell, error) {
	files := token.NewFileSet()
	parsed, err := parser.ParseFile(files, file, text, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	c := &cell{text: text, offset: func(pos token.Pos) int { return files.Position(pos).Offset }}
	for _, spec := range parsed.Imports {
		if spec.Path.Value == `"C"` {
			return nil, fmt.Errorf("cgo")
		}
	}
	for _, decl := range parsed.Decls {
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			c.addFunction(decl)
		case *ast.GenDecl:
			c.addOthers(decl)
		}
	}
	return c, nil
}

func (c *cell) addFunction(decl *ast.FuncDecl) {
	d := c.add(decl, decl.Name.Name)
	switch name := decl.Name.Name; {
	case decl.Recv != nil:
		d.names = []string{receiver(decl.Recv.List[0].Type)}
		d.key = d.names[0] + "." + name
	case name == "main", name == "init", name == "_":
		d.root = true
	}
}

// receiver is the name of the type T in T, *T and T[P].
func receiver(expr ast.Expr) string {
	for {
		switch e := expr.(type) {
		case *ast.StarExpr:
			expr = e.X
		case *ast.ParenExpr:
			expr = e.X
		case *ast.IndexExpr:
			expr = e.X
		case *ast.IndexListExpr:
			expr = e.X
		case *ast.Ident:
			return e.Name
		default:
			return ""
		}
	}
}

func (c *cell) addOthers(decl *ast.GenDecl) {
	if decl.Tok == token.CONST { // one may repeat the expression of the one before it
		var names []string
		for _, spec := range decl.Specs {
			names = append(names, identifiers(spec.(*ast.ValueSpec).Names)...)
		}
		c.add(decl, names...)
		return
	}
	for _, spec := range decl.Specs {
		var node ast.Node = spec
		if !decl.Lparen.IsValid() {
			node = decl // with its keyword
		}
		switch spec := spec.(type) {
		case *ast.ImportSpec:
			c.imports = append(c.imports, importing{spec, c.offset(node.Pos()), c.offset(node.End())})
		case *ast.TypeSpec:
			c.add(node, spec.Name.Name)
		case *ast.ValueSpec:
			c.add(node, identifiers(spec.Names)...).variable = true
		}
	}
}

func identifiers(idents []*ast.Ident) (names []string) {
	for _, ident := range idents {
		names = append(names, ident.Name)
	}
	return names
}

func (c *cell) add(node ast.Node, names ...string) *declaration {
	d := &declaration{names: names, key: strings.Join(names, ","), start: c.offset(node.Pos()), end: c.offset(node.End())}
	sum := sha256.Sum256(c.text[d.start:d.end])
	d.hash = hex.EncodeToString(sum[:])
	for _, name := range names {
		d.root = d.root || name == "_"
	}
	ast.Inspect(node, d.use)
	c.declarations = append(c.declarations, d)
	return d
}

// use notes an identifier. What is selected of it is no declaration of the cell.
func (d *declaration) use(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.Ident:
		d.uses = append(d.uses, n.Name)
	case *ast.SelectorExpr:
		if x, ok := n.X.(*ast.Ident); ok {
			d.packages = append(d.packages, x.Name)
		}
		ast.Inspect(n.X, d.use)
		return false
	}
	return true
}

// used is the cell's text with blanks for what main does not use, so that every line stays where it is. Variables of changed
// declarations stand too: the cell that has them computes them.
func (c *cell) used(changed map[string]bool) []byte {
	by := map[string][]*declaration{}
	for _, d := range c.declarations {
		for _, name := range d.names {
			by[name] = append(by[name], d)
		}
	}
	keep, packages := map[*declaration]bool{}, map[string]bool{}
	var visit func(d *declaration)
	visit = func(d *declaration) {
		if keep[d] {
			return
		}
		keep[d] = true
		for _, name := range d.packages {
			packages[name] = true
		}
		for _, name := range append(d.uses, d.names...) { // with a type its methods
			for _, other := range by[name] {
				visit(other)
			}
		}
	}
	for _, d := range c.declarations {
		if d.root || d.variable && changed[d.key] {
			visit(d)
		}
	}
	text := bytes.Clone(c.text)
	for _, d := range c.declarations {
		if !keep[d] {
			blank(text[d.start:d.end])
		}
	}
	for _, spec := range c.imports {
		if !needed(spec.ImportSpec, packages) {
			blank(text[spec.start:spec.end])
		}
	}
	return text
}

func blank(text []byte) {
	for i, b := range text {
		if b != '\n' {
			text[i] = ' '
		}
	}
}

var version = regexp.MustCompile(`^v\d+$`)

// needed reports whether an import is used, by its name or by those that a package of its path may have. An import too many or too few
// is an error of the compiler, and the cell is then built with all.
func needed(spec *ast.ImportSpec, packages map[string]bool) bool {
	if spec.Name != nil {
		return spec.Name.Name == "_" || spec.Name.Name == "." || packages[spec.Name.Name]
	}
	whole, err := strconv.Unquote(spec.Path.Value)
	if err != nil {
		return true
	}
	base := path.Base(whole)
	if version.MatchString(base) && path.Dir(whole) != "." {
		base = path.Base(path.Dir(whole))
	}
	base, _, _ = strings.Cut(base, ".") // yaml.v3
	for _, name := range []string{base, strings.TrimPrefix(base, "go-"), strings.TrimSuffix(base, "-go"), strings.ReplaceAll(base, "-", "_"), strings.ReplaceAll(base, "-", "")} {
		if packages[name] {
			return true
		}
	}
	return false
}
