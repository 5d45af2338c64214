package plots

import (
	"slices"
	"testing"
)

// TestLine: what is shown already is not shown again, and nothing of it is taken for HTML.
func TestLine(t *testing.T) {
	var shown []string
	l := &textLine{show: func(text string) { shown = append(shown, text) }}
	for _, text := range []string{"", "1 of 2 < all", "1 of 2 < all", ""} {
		l.set(text)
	}
	if want := []string{"1 of 2 &lt; all", ""}; !slices.Equal(shown, want) {
		t.Errorf("%q is shown, want %q", shown, want)
	}
}
