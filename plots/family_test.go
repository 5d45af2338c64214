package plots

import (
	"fmt"
	"slices"
	"testing"

	"alphascale/lib/result"
)

// TestSigns finds a sign beside the colour wherever curves have names instead of an order, on the curve and in the key.
func TestSigns(t *testing.T) {
	xs := make([]float64, 100)
	named := []result.Series{{Label: "a", Xs: xs, Ys: xs}, {Label: "b", Xs: xs, Ys: xs}, {Label: "c", Xs: xs, Ys: xs}}
	ordered := []result.Series{{Alpha: 1, Xs: xs, Ys: xs}, {Alpha: 2, Xs: xs, Ys: xs}}
	many := make([]result.Series, 30)
	for i := range many {
		many[i] = result.Series{Label: fmt.Sprint(i), Xs: xs, Ys: xs}
	}
	for _, test := range []struct {
		name   string
		series []result.Series
		want   []shape
	}{
		{"named", named, []shape{disc, square, diamond}},
		{"by α", ordered, nil},
		{"one curve", named[:1], nil},
		{"more than there are colours", many, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			ids := identitiesOf(test.series)
			f := familyOf(ids)
			var drawn, explained []shape
			for i, s := range test.series {
				for _, layer := range f.signs(ids[i], s) {
					drawn = append(drawn, layer.(marker).shape)
				}
			}
			if k := f.key(ids, f.thumbs); k != nil {
				for _, e := range k.all() {
					for _, thumb := range e.thumbs {
						if m, is := thumb.(marker); is {
							explained = append(explained, m.shape)
						}
					}
				}
			}
			if !slices.Equal(drawn, test.want) || !slices.Equal(explained, test.want) {
				t.Errorf("drawn %v, in the key %v, want %v", drawn, explained, test.want)
			}
		})
	}
}
