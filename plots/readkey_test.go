package plots_test

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"alphascale/lib/result"
	"alphascale/plots"
)

// subject is a curve of the tests below: a flat line whose height tells which one it is.
type subject struct {
	label  string // in the key
	series result.Series
}

func flat(height int) result.Series {
	s := result.Series{X: result.Step(), Y: result.Loss()}
	for i := range 100 {
		s.Xs, s.Ys = append(s.Xs, float64(i+1)), append(s.Ys, math.Pow(10, float64(height)))
	}
	return s
}

func byAlpha(k int) subject {
	s := flat(k)
	s.Alpha = math.Exp2(float64(k - 3))
	return subject{result.Power(s.Alpha), s}
}

func byName(k int) subject {
	s := flat(k)
	s.Label = fmt.Sprintf("name %c", 'A'+k)
	return subject{s.Label, s}
}

func series(subjects []subject) []result.Series {
	all := make([]result.Series, len(subjects))
	for i, s := range subjects {
		all[i] = s.series
	}
	return all
}

// chosen are the subjects of some numbers.
func chosen(of func(int) subject, numbers ...int) []subject {
	all := make([]subject, len(numbers))
	for i, k := range numbers {
		all[i] = of(k)
	}
	return all
}

// entry is what a key says of a label.
type entry struct {
	line, sign string
}

// shownPanel is a panel read back: its curves from the lowest to the highest, and the entries of the key beside it.
type shownPanel struct {
	title  words
	curves []stroke
	key    map[string]entry
}

// panelsOf reads back panels with the titles "panel 0", "panel 1" ….
func panelsOf(p picture, labels []string) []*shownPanel {
	var panels []*shownPanel
	for _, w := range p.texts {
		if strings.HasPrefix(w.text, "panel ") {
			panels = append(panels, &shownPanel{title: w, key: map[string]entry{}})
		}
	}
	at := func(x, y float64) *shownPanel { // of the lowest titles above, the last to the left
		var best *shownPanel
		for _, panel := range panels {
			if panel.title.y > y && panel.title.x <= x+1 &&
				(best == nil || panel.title.y < best.title.y-1 || panel.title.y < best.title.y+1 && panel.title.x > best.title.x) {
				best = panel
			}
		}
		return best
	}
	for _, s := range p.strokes {
		if s.flat() && len(s.xs) > 50 && s.property("stroke") != "#595959" { // which is the line at zero
			panel := at(s.xs[0], s.ys[0])
			panel.curves = append(panel.curves, s)
		}
	}
	for _, w := range p.texts {
		if slices.Contains(labels, w.text) {
			if e := entryAt(p, w); e.line != "" { // otherwise it is a tick's
				at(w.x, w.y).key[w.text] = e
			}
		}
	}
	for _, panel := range panels {
		slices.SortFunc(panel.curves, func(a, b stroke) int { return cmp.Compare(a.ys[0], b.ys[0]) })
	}
	return panels
}

// entryAt reads what is drawn to the left of a label.
func entryAt(p picture, label words) (e entry) {
	for _, s := range p.strokes {
		if len(s.xs) == 0 || s.xs[0] < label.x-20 || s.xs[0] > label.x || math.Abs(s.ys[0]-label.y-2.4) > 4 {
			continue
		}
		if s.flat() && len(s.xs) == 2 && math.Abs(s.xs[1]-s.xs[0]-14) < 0.1 {
			e.line = s.line()
		} else if s.property("fill") != "none" {
			e.sign = s.form()
		}
	}
	return e
}

// fault compares every curve of a figure with what the key that belongs to it says: the one beside it, or the only one.
func fault(p picture, panels [][]subject) error {
	var labels []string
	for _, panel := range panels {
		for _, s := range panel {
			labels = append(labels, s.label)
		}
	}
	shown := panelsOf(p, labels)
	if len(shown) != len(panels) {
		return fmt.Errorf("%d panels, want %d", len(shown), len(panels))
	}
	keys := slices.DeleteFunc(slices.Clone(shown), func(s *shownPanel) bool { return len(s.key) == 0 })
	for i, panel := range shown {
		want := slices.Clone(panels[i])
		slices.SortFunc(want, func(a, b subject) int { return cmp.Compare(a.series.Ys[0], b.series.Ys[0]) })
		if len(panel.curves) != len(want) {
			return fmt.Errorf("panel %d has %d curves, want %d", i, len(panel.curves), len(want))
		}
		key := panel.key
		if len(key) == 0 && len(keys) == 1 {
			key = keys[0].key
		}
		for j, s := range want {
			if says, has := key[s.label]; !has {
				return fmt.Errorf("panel %d: no key explains %q", i, s.label)
			} else if got := panel.curves[j].line(); says.line != got {
				return fmt.Errorf("panel %d: the key shows %q as %q, and the curve is %q", i, s.label, says.line, got)
			} else if signs := p.signsOn(panel.curves[j]); says.sign != "" && slices.ContainsFunc(signs, func(f string) bool { return f != says.sign }) {
				return fmt.Errorf("panel %d: the key shows %q with %q, and the curve with %q", i, s.label, says.sign, signs)
			}
		}
	}
	return nil
}

// chart draws curves.
type chart func(curves []result.Series, opts ...plots.Option) (*plots.Figure, error)

func lossFan(curves []result.Series, opts ...plots.Option) (*plots.Figure, error) {
	return plots.LossFan(curves, opts...)
}

// besides sets a chart of each panel's curves side by side.
func besides(t interface{ Fatal(...any) }, draw chart, panels [][]subject) *plots.Figure {
	figures := make([]*plots.Figure, len(panels))
	for i, panel := range panels {
		f, err := draw(series(panel), plots.Title(fmt.Sprintf("panel %d", i)))
		if err != nil {
			t.Fatal(err)
		}
		figures[i] = f
	}
	f, err := plots.SideBySide(figures...)
	if err != nil {
		t.Fatal(err)
	}
	return f
}
