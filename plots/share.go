package plots

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"alphascale/lib/result"

	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/recorder"
)

// shareAxes widens the axes of the panels that show the same quantity, on the same kind of scale, to one range: what is
// compared must be comparable.
func shareAxes(panels []*panel) {
	type kind struct {
		quantity    result.Quantity
		logarithmic bool
	}
	for _, of := range []func(*panel) *axis{func(p *panel) *axis { return &p.x }, func(p *panel) *axis { return &p.y }} {
		common := make(map[kind]axis)
		for _, p := range panels {
			a := *of(p)
			as := kind{a.quantity, a.base != 0}
			if other, has := common[as]; has {
				a.min, a.max, a.base = math.Min(a.min, other.min), math.Max(a.max, other.max), math.Max(a.base, other.base)
			}
			common[as] = a
		}
		for _, p := range panels {
			a := of(p)
			to := common[kind{a.quantity, a.base != 0}]
			a.min, a.max, a.base = to.min, to.max, to.base
		}
	}
}

// paint draws the panels of a figure in colours that mean the same in all of them. Panels that together have more names than
// there are colours, though each by itself has not, keep their own colours.
func paint(panels []*panel) {
	for _, ordered := range []bool{true, false} {
		var all [][]identity
		most := 0
		for _, p := range panels {
			if own := familyOf(p.curves); own.ordered() == ordered {
				all, most = append(all, p.curves), max(most, len(own.members))
			}
		}
		common := familyOf(all...)
		for _, p := range panels {
			own := familyOf(p.curves)
			if own.ordered() != ordered {
				continue
			}
			if ordered || len(common.members) <= max(most, maxNames) {
				own = common
			}
			own.grey = p.grey
			p.drawing = drawing{}
			for _, add := range p.painters {
				add(own, &p.drawing)
			}
		}
	}
}

// shareKeys leaves one key, beside the last panel, where one can say what all of them say. A panel without one, of a single
// curve without a name, takes no part.
func shareKeys(panels []*panel) {
	var common *key
	for _, p := range panels {
		switch {
		case p.key == nil:
		case common == nil:
			common = p.key
		default:
			if common = common.with(p.key); common == nil {
				return
			}
		}
	}
	for _, p := range panels {
		p.key = nil
	}
	panels[len(panels)-1].key = common
}

// with returns a key that says what both say, or nil where one would contradict the other, or become too long.
func (k *key) with(other *key) *key {
	if k.heading != other.heading || (k.bar == nil) != (other.bar == nil) {
		return nil
	}
	if k.bar != nil && (*k.bar != *other.bar || k.colour(0) != other.colour(0) || k.colour(1) != other.colour(1)) {
		return nil
	}
	both := *k
	both.fixed = k.fixed || other.fixed
	var agree [2]bool
	both.curves, agree[0] = together(k.curves, other.curves)
	both.entries, agree[1] = together(k.entries, other.entries)
	if !agree[0] || !agree[1] {
		return nil
	}
	if grown := len(both.curves) > max(len(k.curves), len(other.curves)); grown && (both.fixed || len(both.curves) > maxEntries) {
		return nil
	}
	return &both
}

// together joins two lists of entries, and says whether each label means the same in both.
func together(a, b []keyEntry) (both []keyEntry, agree bool) {
	both = slices.Clone(a)
	for _, e := range b {
		i := slices.IndexFunc(a, func(known keyEntry) bool { return known.label == e.label })
		if i < 0 {
			both = append(both, e)
		} else if a[i].looks() != e.looks() {
			return nil, false
		}
	}
	slices.SortStableFunc(both, func(x, y keyEntry) int { return cmp.Compare(x.place, y.place) })
	return both, true
}

// looks is what the key draws for the entry: labels alone do not say whether two keys agree.
func (e keyEntry) looks() string {
	var drawn recorder.Canvas
	box := draw.NewCanvas(&drawn, swatch, keyLine)
	for _, thumb := range e.thumbs {
		thumb.Thumbnail(&box)
	}
	calls := ""
	for _, action := range drawn.Actions {
		calls += fmt.Sprintln(action.Call())
	}
	return calls
}
