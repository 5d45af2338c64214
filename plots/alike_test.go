package plots

import (
	"math"
	"testing"

	"alphascale/lib/result"
)

// TestAxesAlike has the x axis reach as much further than the y axis as the panel is wider than high, whichever the values are on.
func TestAxesAlike(t *testing.T) {
	s := result.Series{Label: "ellipse", X: result.Quantity{Name: "w₁"}, Y: result.Quantity{Name: "w₂"}, Xs: []float64{-1, 1}, Ys: []float64{-8, 8}}
	f, err := Compose(Axes{Alike: true}, []Mark{Lines(s)})
	if err != nil {
		t.Fatal(err)
	}
	p := f.panels[0]
	if ratio := (p.x.max - p.x.min) / (p.y.max - p.y.min); math.Abs(ratio-panelShape) > 0.01 || math.Abs(p.x.min+p.x.max) > 1e-9 {
		t.Errorf("x from %g to %g, y from %g to %g", p.x.min, p.x.max, p.y.min, p.y.max)
	}
}
