package plots

import (
	"fmt"
	"os"

	"github.com/janpfeifer/gonb/gonbui"
)

// Knob is what a reader turns: a slider over ordered values, or a choice among others.
type Knob struct {
	Label  string   // "α"
	Values []string // what is shown at each position, "2⁻³"
	Start  int      // the first position
	Choice bool     // a list to choose from instead of a slider
}

// Explore shows knobs above a figure and draws it anew whenever one moves; draw gets their positions and also returns a
// sentence to be shown above the figure. Arrow keys, Home and End move the knob that has the focus. Axes stay while a knob moves, and
// grow where a curve leaves them; a button fits them to what is shown. It returns once nobody has moved a knob for three minutes, or
// five seconds after the page is gone; an interrupt of the kernel ends it at once. A knob that is moved after that, or without a
// connection, says within two seconds that nobody answers, and what to do.
//
// Where no knob can work (a notebook that is executed without a browser, an exported page, a test) the strip stands in
// their place: one figure for each of the given positions. Their names are NAME-a, NAME-b and so on; see Show.
//
// An error comes back for knobs that have no such position, if there is no strip, and from draw.
func Explore(name string, knobs []Knob, strip [][]int, draw func(at []int) (*Figure, string, error)) error {
	if err := checkKnobs(knobs, strip); err != nil {
		return fmt.Errorf("explorer %q: %w", name, err)
	}
	if gonbui.IsNotebook && os.Getenv("JPY_SESSION_NAME") != "" {
		if shown, err := newExplorer(knobs, draw).show(); shown || err != nil {
			return err
		}
	}
	for i, at := range strip {
		f, _, err := draw(at)
		if err != nil {
			return err
		}
		if err := Show(fmt.Sprintf("%s-%c", name, 'a'+rune(i)), f); err != nil {
			return err
		}
	}
	return nil
}

func checkKnobs(knobs []Knob, strip [][]int) error {
	if len(knobs) == 0 || len(strip) == 0 {
		return fmt.Errorf("%d knobs and a strip of %d figures: give at least one of each", len(knobs), len(strip))
	}
	for _, k := range knobs {
		if k.Start < 0 || k.Start >= len(k.Values) {
			return fmt.Errorf("knob %s starts at position %d of %d", k.Label, k.Start, len(k.Values))
		}
	}
	for _, at := range strip {
		if len(at) != len(knobs) {
			return fmt.Errorf("the strip names positions %v of %d knobs", at, len(knobs))
		}
		for i, k := range knobs {
			if at[i] < 0 || at[i] >= len(k.Values) {
				return fmt.Errorf("the strip asks for position %d of knob %s, which has %d", at[i], k.Label, len(k.Values))
			}
		}
	}
	return nil
}

// Labels are the values of a knob as text.
func Labels[T any](values []T) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = fmt.Sprint(v)
	}
	return out
}
