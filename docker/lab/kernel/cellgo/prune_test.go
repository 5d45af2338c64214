package main

import (
	"strings"
	"testing"
)

const composed = `package main

import (
	"fmt"
	"gopkg.in/yaml.v3"
	"math/rand/v2"
	_ "embed"
	other "strings"
)

const (
	first = iota
	second
)

type (
	shape interface{ Area() float64 }
	unused struct{ of shape }
)

var (
	scale = factor()
	heavy = train()
	_ = fmt.Sprint("always")
)

func (u unused) Area() float64 { return heavy }

type square float64

func (s square) Area() float64 {
	return float64(s*s) * scale
}

func factor() float64 { return rand.Float64() }

func train() float64 { return float64(len(other.Fields(fmt.Sprint(yaml.Marshal)))) }

func main() {
	var s shape = square(second)
	fmt.Println(s.Area())
}
`

// TestUsed leaves out what main does not use, and moves no line.
func TestUsed(t *testing.T) {
	c, err := parse([]byte(composed))
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		changed   map[string]bool
		gone      []string
		stillHere []string
	}{
		"used":      {nil, []string{"heavy", "train", "unused", "yaml", `"strings"`}, []string{"first", "square", "scale", "factor", "rand", "always", "embed", "(s square) Area"}},
		"a new one": {map[string]bool{"heavy": true, "unused": true}, []string{"unused"}, []string{"heavy", "train", "yaml", `"strings"`}},
	} {
		got := string(c.used(test.changed))
		if strings.Count(got, "\n") != strings.Count(composed, "\n") || len(got) != len(composed) {
			t.Errorf("%s: lines or columns have moved", name)
		}
		for _, text := range test.gone {
			if strings.Contains(got, text) {
				t.Errorf("%s: %s is still there:\n%s", name, text, got)
			}
		}
		for _, text := range test.stillHere {
			if !strings.Contains(got, text) {
				t.Errorf("%s: %s is gone:\n%s", name, text, got)
			}
		}
	}
}

// TestChanged names what is new, another than it was, or gone, and not main.
func TestChanged(t *testing.T) {
	before := map[string]string{}
	for i, test := range []struct{ text, want string }{
		{"func f() {}\nfunc main() {}", "f"},
		{"func f() {}\nfunc main() { f() }", ""},
		{"func f() {}\nvar a, b = 1, 2\nfunc main() {}", "a,b"},
		{"func f() int { return 1 }\nvar a, b = 1, 2\ntype t struct{}\nfunc (t *t) m() {}\nfunc main() {}", "f t t.m"},
		{"func main() {}", "a,b f t t.m"},
	} {
		c, err := parse([]byte("package main\n" + test.text))
		if err != nil {
			t.Fatal(err)
		}
		changed := c.changed(before)
		want := map[string]bool{}
		for _, key := range strings.Fields(test.want) {
			want[key] = true
			if !changed[key] {
				t.Errorf("%d: %s has changed", i, key)
			}
		}
		if len(changed) != len(want) {
			t.Errorf("%d: %v, want %q", i, changed, test.want)
		}
		before = c.now()
	}
}

// TestParseOf leaves what it cannot take apart to go.
func TestParseOf(t *testing.T) {
	for _, text := range []string{"package main\nfunc main() {", "package main\nimport \"C\"\nfunc main() {}"} {
		if _, err := parse([]byte(text)); err == nil {
			t.Errorf("%q is taken apart", text)
		}
	}
}
