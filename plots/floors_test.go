package plots_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestFloors holds the table of ARCHITECTURE.md against the code: each package stands in it once, and imports only packages
// of lower floors.
func TestFloors(t *testing.T) {
	text, err := os.ReadFile("../ARCHITECTURE.md")
	if err != nil {
		t.Fatal(err)
	}
	floors := map[string]int{}
	for _, row := range regexp.MustCompile("(?m)^\\| (\\d) \\| `([a-z/]+)` \\|").FindAllStringSubmatch(string(text), -1) {
		if _, twice := floors[row[2]]; twice {
			t.Errorf("%s stands twice in the table of floors", row[2])
		}
		floors[row[2]], _ = strconv.Atoi(row[1])
	}
	imports := importsOf(t, "lib", "plots")
	for of := range floors {
		if imports[of] == nil {
			t.Errorf("ARCHITECTURE.md has a floor for %s, which is no package", of)
		}
	}
	for of, imported := range imports {
		floor, known := floors[of]
		if !known {
			t.Errorf("%s has no floor: add it to the table in ARCHITECTURE.md", of)
			continue
		}
		for _, name := range imported {
			if below, known := floors[name]; known && below >= floor {
				t.Errorf("%s, on floor %d, imports %s, on floor %d", of, floor, name, below)
			}
		}
	}
}

// importsOf returns what each package under the folders imports of this module, by the package's folder. Tests and their
// data do not count, nor does what is internal to a package's own folder.
func importsOf(t *testing.T, folders ...string) map[string][]string {
	t.Helper()
	imports := map[string][]string{}
	for _, folder := range folders {
		err := filepath.WalkDir(filepath.Join("..", folder), func(file string, entry fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if entry.IsDir() && (entry.Name() == "testdata" || entry.Name() == "internal") {
				return filepath.SkipDir
			}
			if !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
				return nil
			}
			parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
			if err != nil {
				return err
			}
			of := path.Dir(strings.TrimPrefix(filepath.ToSlash(file), "../"))
			imports[of] = append(imports[of], "") // a package that imports nothing is one
			for _, spec := range parsed.Imports {
				name, _ := strconv.Unquote(spec.Path.Value)
				if within, ours := strings.CutPrefix(name, "alphascale/"); ours {
					imports[of] = append(imports[of], within)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return imports
}

// TestInternalImportsNothing has what is internal to the charts, to the library and to the module import nothing of this module.
func TestInternalImportsNothing(t *testing.T) {
	var files []string
	for _, folder := range []string{"internal", "../lib/internal", "../internal"} {
		found, err := filepath.Glob(folder + "/*/*.go")
		if err != nil || len(found) == 0 {
			t.Fatalf("%s has no files, %v", folder, err)
		}
		files = append(files, found...)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, imported := range parsed.Imports {
			if strings.HasPrefix(imported.Path.Value, `"alphascale/`) {
				t.Errorf("%s imports %s", file, imported.Path.Value)
			}
		}
	}
}
