package declared_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"alphascale/internal/declared"
)

const source = `package p

type T int

const (
	A T = iota
	B
	other = "not of the type"
)

const C, D T = 7, 8

func Make() (*T, error) { return nil, nil }
func (T) Method() *T    { return nil }
func hidden() *T        { return nil }
func Value() T          { return A }
`

func TestDeclared(t *testing.T) {
	folder := t.TempDir()
	for name, text := range map[string]string{"p.go": source, "p_test.go": "package p\n\nconst E T = 1\n"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := declared.Constants(folder, "T"); err != nil || !slices.Equal(got, []string{"A", "B", "C", "D"}) {
		t.Errorf("constants %v, %v", got, err)
	}
	if got, err := declared.Functions(folder, "*T"); err != nil || !slices.Equal(got, []string{"Make"}) {
		t.Errorf("functions %v, %v", got, err)
	}
	if _, err := declared.Functions(t.TempDir(), "T"); err == nil {
		t.Error("a folder without Go files is no error")
	}
}
