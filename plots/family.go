package plots

import (
	"fmt"
	"math"

	"alphascale/lib/result"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

const alphaHeading = "α"

// family says how a set of curves is coloured: by α where each curve has one, else by its place.
type family struct {
	alphas  []float64 // nil for curves without an order
	ordered bool
}

func familyOf(series []result.Series) family {
	f := family{ordered: true}
	for _, s := range series {
		f.alphas = append(f.alphas, s.Alpha)
		f.ordered = f.ordered && s.Alpha != 0
	}
	return f
}

// place is where curve i lies between the smallest and the largest α, by the logarithm where all are positive.
func (f family) place(i int) float64 {
	measure := func(v float64) float64 { return v }
	lo, hi := f.limits()
	if lo > 0 {
		measure = math.Log
	}
	if lo == hi {
		return 0.4
	}
	return (measure(f.alphas[i]) - measure(lo)) / (measure(hi) - measure(lo))
}

func (f family) limits() (lo, hi float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for _, v := range f.alphas {
		lo, hi = math.Min(lo, v), math.Max(hi, v)
	}
	return lo, hi
}

func (f family) style(i int) draw.LineStyle {
	if !f.ordered {
		if n := len(f.alphas); n > 2*len(okabeIto) { // more than a reader can match with names: a colour by the order
			return draw.LineStyle{Color: lineViridis(float64(i) / float64(n-1)), Width: 0.6 * curveLine}
		}
		style := draw.LineStyle{Color: okabeIto[i%len(okabeIto)], Width: curveLine}
		if i >= len(okabeIto) {
			style.Dashes = []vg.Length{4, 2}
		}
		return style
	}
	style := draw.LineStyle{Color: lineViridis(f.place(i)), Width: curveLine}
	if f.alphas[i] == 1 {
		style.Width = 1.6 * curveLine // the run that all others are compared with
	}
	return style
}

// signed says whether each curve has a sign of its own, so that nobody has to tell curves without an order by their colour.
func (f family) signed() bool {
	return !f.ordered && len(f.alphas) > 1 && len(f.alphas) <= 2*len(okabeIto)
}

// sign is what curve i is marked with: a disc where colours have an order, which lightness shows too.
func (f family) sign(i int) marker {
	m := marker{colour: f.style(i).Color, radius: 2.2}
	if f.signed() {
		m.shape = shape(i % shapes)
	}
	return m
}

// signs marks curve i at a few of its points, each curve at others, if it has a sign of its own.
func (f family) signs(i int, s result.Series) []plot.Plotter {
	const each = 4
	if !f.signed() || len(s.Xs) < each*len(f.alphas) {
		return nil
	}
	m := f.sign(i)
	for k := range each {
		at := int((float64(k) + (float64(i)+0.5)/float64(len(f.alphas))) / each * float64(len(s.Xs)))
		m.xs, m.ys = append(m.xs, s.Xs[at]), append(m.ys, s.Ys[at])
	}
	return []plot.Plotter{m}
}

// marked adds to the key's curves the signs that they are drawn with.
func (f family) marked(k *key, series []result.Series) *key {
	if k == nil || !f.signed() {
		return k
	}
	for at := range k.entries {
		for i, s := range series {
			if s.Label == k.entries[at].label {
				k.entries[at].thumbs = append(k.entries[at].thumbs, f.sign(i))
				break
			}
		}
	}
	return k
}

// key lists the curves, or shows a bar of colours where there are many.
func (f family) key(series []result.Series) *key {
	if len(series) > maxEntries && f.ordered {
		bar := axis{quantity: result.Alpha()}
		bar.min, bar.max = f.limits()
		if bar.min > 0 {
			bar.base = logBase(f.alphas)
		}
		if bar.min < bar.max {
			return &key{heading: alphaHeading, bar: &bar, colour: lineViridis}
		}
	}
	k := &key{}
	if f.ordered {
		k.heading = alphaHeading
	}
	for i, s := range series {
		label := s.Label
		if f.ordered {
			label = result.Power(s.Alpha)
		}
		if len(k.entries) == maxEntries {
			k.entries = append(k.entries, keyEntry{label: fmt.Sprintf("… %d in all", len(series))})
			break
		}
		if label != "" && !k.has(label) {
			k.entries = append(k.entries, keyEntry{label, []plot.Thumbnailer{curve{style: f.style(i)}}})
		}
	}
	if len(k.entries) == 0 {
		return nil
	}
	return k
}

func (k *key) has(label string) bool {
	for _, e := range k.entries {
		if e.label == label {
			return true
		}
	}
	return false
}
