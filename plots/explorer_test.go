package plots

import (
	"strings"
	"testing"

	"alphascale/lib/result"
)

func lossOf(ys ...float64) result.Series {
	s := result.Series{Label: "loss", X: result.Step(), Y: result.Loss(), Ys: ys}
	for i := range ys {
		s.Xs = append(s.Xs, float64(i))
	}
	return s
}

func fanOf(t *testing.T, series ...result.Series) *Figure {
	t.Helper()
	f, err := LossFan(series)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestAxesAreKept: a figure that follows another has its axes, wider where a curve would leave them; of another quantity, and of a
// figure with other panels, it takes none.
func TestAxesAreKept(t *testing.T) {
	first, low, high := fanOf(t, lossOf(2, 1)), fanOf(t, lossOf(2, 0.01)), fanOf(t, lossOf(2, 1.5))
	fitted := high.panels[0].y
	low.keepAxes(first)
	high.keepAxes(low)
	if y := high.panels[0].y; y.min != low.panels[0].y.min || y.max < fitted.max || y.min >= fitted.min {
		t.Errorf("after a curve down to 0.01 the axis is from %g to %g", y.min, y.max)
	}
	other := lossOf(2, 1.5)
	other.Y = result.Quantity{Name: "something else"}
	f := fanOf(t, other)
	before := f.panels[0].y
	if f.keepAxes(low); f.panels[0].y != before {
		t.Error("an axis of another quantity is kept")
	}
	two, err := Beside(LossFan([]result.Series{lossOf(2, 1)})).And(LossFan([]result.Series{lossOf(2, 1)})).Figure()
	if err != nil {
		t.Fatal(err)
	}
	before = two.panels[0].y
	if two.keepAxes(low); two.panels[0].y != before {
		t.Error("the axes of a figure with other panels are kept")
	}
	two.keepAxes(nil)
}

// TestReservedLine: with a line reserved for notes a figure is as high without a note as with one.
func TestReservedLine(t *testing.T) {
	apart, together := fanOf(t, lossOf(2, 1), lossOf(3, 2)), fanOf(t, lossOf(2, 1), lossOf(2, 1))
	if len(together.panels[0].notes) != 1 || apart.height(screenPanel) == together.height(screenPanel) {
		t.Fatal("curves that coincide are not noted in a line of their own")
	}
	apart.panels[0].reserve, together.panels[0].reserve = 1, 1
	if a, b := apart.height(screenPanel), together.height(screenPanel); a != b {
		t.Errorf("with a reserved line the heights are %v and %v", a, b)
	}
}

// TestNarrowPage has panels one below the other in a narrow page alone.
func TestNarrowPage(t *testing.T) {
	two, err := Beside(LossFan([]result.Series{lossOf(2, 1)})).And(LossFan([]result.Series{lossOf(2, 1)})).Figure()
	if err != nil {
		t.Fatal(err)
	}
	wide, err := two.image()
	if err != nil {
		t.Fatal(err)
	}
	for pixels, same := range map[int]bool{0: true, 2000: true, 500: false, 40: false} {
		got, err := two.imageWithin(pixels)
		if err != nil || (got == wide) != same {
			t.Errorf("in a page of %d pixels the image is the wide one: %v, %v, want %v", pixels, got == wide, err, same)
		}
		if !same && !strings.Contains(got, `<img width="`) {
			t.Errorf("in a page of %d pixels there is %.60q", pixels, got)
		}
	}
	one := fanOf(t, lossOf(2, 1))
	lone, err := one.image()
	if got, failed := one.imageWithin(400); err != nil || failed != nil || got != lone {
		t.Error("a lone panel is drawn anew for a narrow page")
	}
}

// TestScriptOfThePage has every placeholder replaced, and the knobs as they are shown.
func TestScriptOfThePage(t *testing.T) {
	e := newExplorer([]Knob{{Label: "α", Values: []string{"1/2", `"1"`}, Start: 1}}, nil)
	script := e.script("row-7")
	for _, placeholder := range []string{"'ROW'", "'NOTE'", "SENTENCE", "'ANSWERS'", "'PAGE'", "KNOBS"} {
		if strings.Contains(script, placeholder) {
			t.Errorf("%s is left in the script", placeholder)
		}
	}
	for _, part := range []string{`[{"Label":"α","Values":["1/2","\"1\""],"Start":1,"Choice":false}]`, "row-7-note", e.page, e.answers} {
		if !strings.Contains(script, part) {
			t.Errorf("the script lacks %s:\n%s", part, script)
		}
	}
}
