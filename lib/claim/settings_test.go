package claim

import (
	"slices"
	"testing"
)

// checkSettings reports a case that does not state its setting, and a word of the claim that leaves no case out and names none: it
// would decide nothing.
func checkSettings(t *testing.T, entry Entry) {
	t.Helper()
	for _, c := range entry.Cases {
		if len(c.Facts) < 2 || c.Facts[0].Aspect != Operation || c.Facts[1].Aspect != Part {
			t.Errorf("%s: the setting is %v: state the operation and the weights first", c.Setting, c.Facts)
		}
	}
	for _, word := range entry.Words {
		for _, value := range word.Names {
			if !slices.ContainsFunc(entry.Cases, func(c Case) bool { return slices.Contains(c.Facts, Fact{word.Aspect, value}) }) {
				t.Errorf("%q names %s = %s, which no setting has", word.Quote, word.Aspect, value)
			}
		}
		if !slices.ContainsFunc(entry.Cases, func(c Case) bool { return !c.Counts }) {
			t.Errorf("%q names %s %v, and every setting counts all the same", word.Quote, word.Aspect, word.Names)
		}
	}
}

// checkFigures reports cases without the data of a figure, and data that no chart could label.
func checkFigures(t *testing.T, entry Entry) {
	for _, c := range entry.Cases {
		curves := c.Series
		for _, fit := range c.Fits {
			curves = append(curves[:len(curves):len(curves)], fit.Points)
		}
		if len(curves) == 0 {
			t.Errorf("%s: there is nothing to draw", c.Setting)
		}
		for _, s := range curves {
			if err := s.Check(); err != nil {
				t.Errorf("%s: %v", c.Setting, err)
			}
			if s.Name() == "" || len(s.Xs) < 2 {
				t.Errorf("%s: curve %q has %d points", c.Setting, s.Name(), len(s.Xs))
			}
		}
	}
}

// TestIndependentDecayIsDefined says why the library takes no rule with that decay, if it does not.
func TestIndependentDecayIsDefined(t *testing.T) {
	if errIndependent != nil {
		t.Error(errIndependent)
	}
}
