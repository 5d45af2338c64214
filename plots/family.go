package plots

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"alphascale/lib/result"
	"alphascale/plots/internal/palette"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

const alphaHeading = "α"

// identity is what a colour stands for: an α, or a name. Curves with neither are told apart by their order.
type identity struct {
	alpha   float64 // 0 where curves go by their names
	name    string
	unnamed int
}

// identitiesOf returns what each curve goes by: its α where every curve has one, otherwise its name.
func identitiesOf(series []result.Series) []identity {
	ordered := !slices.ContainsFunc(series, func(s result.Series) bool { return s.Alpha == 0 })
	ids, unnamed := make([]identity, len(series)), 0
	for i, s := range series {
		switch {
		case ordered:
			ids[i].alpha = s.Alpha
		case s.Name() != "":
			ids[i].name = s.Name()
		default:
			unnamed++
			ids[i].unnamed = unnamed
		}
	}
	return ids
}

func (id identity) isUnnamed() bool { return id.alpha == 0 && id.name == "" }

func (id identity) label() string {
	if id.alpha != 0 {
		return result.Power(id.alpha)
	}
	return id.name
}

// family says how a set of curves is drawn: each α or name has one colour, and each name one sign, whichever panel it is in.
type family struct {
	members []identity
	index   map[identity]int
	grey    bool // dashes tell α apart, as colours do
	named   bool // some curves have names: the others are grey, so that no key seems to speak of them
}

// familyOf is the family of all curves of some panels, in the order in which they appear; several α by their size, where a
// later panel has some that the first one lacks.
func familyOf(panels ...[]identity) family {
	f := family{index: make(map[identity]int)}
	for i, ids := range panels {
		before := len(f.members)
		for _, id := range ids {
			if _, known := f.index[id]; !known {
				f.index[id] = len(f.members)
				f.members = append(f.members, id)
			}
		}
		if i > 0 && len(f.members) > before && f.ordered() {
			slices.SortFunc(f.members, func(a, b identity) int { return cmp.Compare(a.alpha, b.alpha) })
		}
	}
	f.named = slices.ContainsFunc(f.members, func(id identity) bool { return id.name != "" })
	if f.named {
		f.members = slices.DeleteFunc(f.members, identity.isUnnamed)
	}
	for i, id := range f.members {
		f.index[id] = i
	}
	return f
}

// ordered says whether the colours follow α.
func (f family) ordered() bool { return len(f.members) > 0 && f.members[0].alpha != 0 }

// place is where an α lies between the smallest and the largest one, by the logarithm where all are positive.
func (f family) place(id identity) float64 {
	bar := f.bar()
	if bar.min == bar.max {
		return 0.4
	}
	return bar.scale().Normalize(bar.min, bar.max, id.alpha)
}

// bar is the axis of the bar of colours.
func (f family) bar() axis {
	alphas := make([]float64, len(f.members))
	for i, id := range f.members {
		alphas[i] = id.alpha
	}
	bar := axis{quantity: result.Alpha(), min: slices.Min(alphas), max: slices.Max(alphas)}
	if bar.min > 0 {
		bar.base = logBase(alphas)
	}
	return bar
}

func (f family) style(id identity) draw.LineStyle {
	if f.named && id.isUnnamed() {
		return draw.LineStyle{Color: softInk, Width: curveLine}
	}
	if !f.ordered() {
		i, n := f.index[id], len(f.members)
		if n > maxNames { // more than a reader can match with names: a colour by the order
			return draw.LineStyle{Color: palette.LineViridis(float64(i) / float64(n-1)), Width: 0.6 * curveLine}
		}
		style := draw.LineStyle{Color: palette.OkabeIto[i%len(palette.OkabeIto)], Width: curveLine}
		if i >= len(palette.OkabeIto) {
			style.Dashes = []vg.Length{4, 2}
		}
		return style
	}
	style := draw.LineStyle{Color: palette.LineViridis(f.place(id)), Width: curveLine}
	if f.grey {
		style.Dashes = greyDashes[f.index[id]%len(greyDashes)]
	}
	if id.alpha == 1 {
		style.Dashes = nil
		style.Width = 1.6 * curveLine // the run that all others are compared with
	}
	return style
}

// greyDashes follow one another from the smallest α to the largest; α = 1 is solid and thicker.
var greyDashes = [][]vg.Length{{5, 2}, {1.2, 1.6}, {6, 1.6, 1.2, 1.6}, {2.6, 1.4}}

// maxNames is the number of names that have a colour, a dash and a sign each.
const maxNames = 2 * len(palette.OkabeIto)

// signed says whether each curve has a sign of its own, so that nobody has to tell curves without an order by their colour.
func (f family) signed() bool {
	return !f.ordered() && len(f.members) > 1 && len(f.members) <= maxNames
}

// sign is what a curve is marked with: a disc where colours have an order, which lightness shows too.
func (f family) sign(id identity) marker {
	m := marker{colour: f.style(id).Color, radius: 2.2}
	if f.signed() && !(f.named && id.isUnnamed()) {
		m.shape = shape(f.index[id] % shapes)
	}
	return m
}

// signs marks a curve at a few of its points, each curve at others, if it has a sign of its own.
func (f family) signs(id identity, s result.Series) []plot.Plotter {
	const each = 4
	if !f.signed() || f.named && id.isUnnamed() || len(s.Xs) < each*len(f.members) {
		return nil
	}
	m := f.sign(id)
	for k := range each {
		at := int((float64(k) + (float64(f.index[id])+0.5)/float64(len(f.members))) / each * float64(len(s.Xs)))
		m.xs, m.ys = append(m.xs, s.Xs[at]), append(m.ys, s.Ys[at])
	}
	return []plot.Plotter{m}
}

// thumbs are what a key shows for a curve: its line and its sign.
func (f family) thumbs(id identity) []plot.Thumbnailer {
	thumbs := []plot.Thumbnailer{curve{style: f.style(id)}}
	if f.signed() {
		thumbs = append(thumbs, f.sign(id))
	}
	return thumbs
}

// key lists those of the family that a panel shows, or is a bar of colours where the family has many α. It is nil where no
// curve has a name.
func (f family) key(ids []identity, thumbs func(identity) []plot.Thumbnailer) *key {
	if f.ordered() && len(f.members) > maxEntries {
		bar := f.bar()
		return &key{heading: alphaHeading, bar: &bar, colour: palette.LineViridis}
	}
	k := &key{}
	if f.ordered() {
		k.heading = alphaHeading
	}
	own := familyOf(ids)
	for i, id := range f.members {
		if _, has := own.index[id]; !has || id.label() == "" {
			continue
		}
		if len(k.curves) == maxEntries {
			k.curves, k.fixed = append(k.curves, keyEntry{label: fmt.Sprintf("… %d in all", len(own.members)), place: math.MaxInt}), true
			break
		}
		k.curves = append(k.curves, keyEntry{label: id.label(), thumbs: thumbs(id), place: i})
	}
	if len(k.curves) == 0 {
		return nil
	}
	return k
}
