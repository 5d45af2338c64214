package plots_test

import (
	"slices"
	"strings"
	"testing"

	"alphascale/lib/result"
	"alphascale/plots"
)

// TestKeyWithinOneChart draws curves of one name twice, and folded curves that the reference lacks.
func TestKeyWithinOneChart(t *testing.T) {
	twice := chosen(byName, 0, 1, 2, 3)
	twice[2].label, twice[2].series.Label = twice[0].label, twice[0].label
	if err := fault(seen(t, besides(t, lossFan, [][]subject{twice}), plots.TwoColumns), [][]subject{twice}); err != nil {
		t.Error(err)
	}
	reference, folded := flat(0), flat(1)
	reference.Label, folded.Label = "a", "b"
	f, err := plots.PenaltyPath([]result.Series{reference}, []result.Series{folded})
	if err != nil {
		t.Fatal(err)
	}
	colours := make(map[string]bool)
	for _, s := range seen(t, f, plots.TwoColumns).strokes {
		if c := s.property("fill"); c != "none" && c != "#FFFFFF" {
			colours[c] = true
		}
	}
	line := entryAt(seen(t, f, plots.TwoColumns), textAt(t, f, "b")).line
	if stroke, _, _ := strings.Cut(line, " "); !colours[stroke] || line == entryAt(seen(t, f, plots.TwoColumns), textAt(t, f, "a")).line {
		t.Errorf("the key shows b as %q, and the signs are %v", line, colours)
	}
}

func textAt(t *testing.T, f *plots.Figure, text string) words {
	t.Helper()
	for _, w := range seen(t, f, plots.TwoColumns).texts {
		if w.text == text {
			return w
		}
	}
	t.Fatalf("%q is not in the figure", text)
	return words{}
}

// TestOneColourPerName wants the same line for a name in all panels, and one key, where there are colours enough.
func TestOneColourPerName(t *testing.T) {
	for name, of := range map[string]func(int) subject{"by α": byAlpha, "by name": byName} {
		panels := [][]subject{chosen(of, 0, 1, 2), chosen(of, 5, 2, 0), chosen(of, 7)}
		left, err := plots.SideBySide(besides(t, lossFan, panels[:1]))
		if err != nil {
			t.Fatal(err)
		}
		nested, err := plots.SideBySide(left, besides(t, lossFan, [][]subject{panels[1], panels[2]}))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range []*plots.Figure{besides(t, lossFan, panels), nested} {
			p := seen(t, f, plots.TwoColumns)
			lines, entries := make(map[float64]string), 0
			for _, s := range p.strokes {
				if s.flat() && len(s.xs) > 50 {
					if known, has := lines[s.ys[0]]; has && known != s.line() {
						t.Errorf("%s: %q and %q at one height", name, known, s.line())
					}
					lines[s.ys[0]] = s.line()
				}
			}
			for _, w := range p.texts {
				for _, k := range []int{0, 1, 2, 5, 7} {
					if w.text == of(k).label {
						entries++
					}
				}
			}
			if len(lines) != 5 || entries != 5 {
				t.Errorf("%s: %d curves and %d entries in keys, want 5 of each", name, len(lines), entries)
			}
		}
	}
}

// TestMoreNamesThanColours has panels that share no colours, and then one whose key must be cut.
func TestMoreNamesThanColours(t *testing.T) {
	panels := [][]subject{chosen(byName, 0, 1, 2, 3, 4, 5, 6, 7, 8), chosen(byName, 8, 9, 10, 11, 12, 13, 14, 15, 16)}
	if err := fault(seen(t, besides(t, lossFan, panels), plots.TwoColumns), panels); err != nil {
		t.Error(err)
	}
	many := make([]int, 30)
	for i := range many {
		many[i] = i
	}
	p := seen(t, besides(t, lossFan, [][]subject{chosen(byName, many...), chosen(byName, many[20:]...)}), plots.TwoColumns)
	if !strings.Contains(p.text(), "… 30 in all") {
		t.Error("a key of thirty names does not say that it is cut")
	}
}

// TestCurveWithoutAName stands beside a key that does not speak of it: none of the key's colours is its own.
func TestCurveWithoutAName(t *testing.T) {
	alone := flat(5)
	nameless := subject{"", alone}
	for _, panels := range [][][]subject{
		{{nameless}, chosen(byName, 0, 1)}, {chosen(byName, 0), {nameless}}, {append(chosen(byName, 0, 1), nameless)},
	} {
		p := seen(t, besides(t, lossFan, panels), plots.TwoColumns)
		lines := make(map[string]int)
		for _, s := range p.strokes {
			if s.flat() && len(s.xs) > 50 {
				lines[s.line()]++
			}
		}
		named := len(slices.Concat(panels...)) - 1
		if len(lines) != named+1 || lines["#595959 "] != 1 {
			t.Errorf("%d curves with names and one without are drawn as %v", named, lines)
		}
	}
}
