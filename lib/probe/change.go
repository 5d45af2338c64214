package probe

import (
	"fmt"
	"slices"

	"alphascale/lib/scaling"
)

// Change multiplies the weights at which a probe measures. Changes act one after the other and leave the probe as it is.
// An α that cannot be used comes back as an error from the method that is given the change.
type Change struct {
	selected scaling.Selector
	inPlace  float64 // w ← inPlace·w
	forward  float64 // the model uses u = forward·w
}

// Rescale multiplies the selected weights by α in place: w ← α·w.
func Rescale(selected scaling.Selector, alpha float64) Change { return Change{selected, alpha, 1} }

// Reparameterise makes the model use u = α·w for the selected weights, while derivatives are taken with respect to w. The
// weights stay as they are, so the function changes.
func Reparameterise(selected scaling.Selector, alpha float64) Change {
	return Change{selected, 1, alpha}
}

// ReparameteriseInPlace is Reparameterise with w ← w/α, which keeps the function.
func ReparameteriseInPlace(selected scaling.Selector, alpha float64) Change {
	return Change{selected, 1 / alpha, alpha}
}

// Rebalance multiplies the first selection by α and divides the second by it, in place (Dinh et al. 2017).
func Rebalance(first, second scaling.Selector, alpha float64) []Change {
	return []Change{Rescale(first, alpha), Rescale(second, 1/alpha)}
}

// factors returns what the changes come to for each trained variable, or an error for an α that cannot be used and for a
// selector that matches nothing.
func (p *Probe) factors(changes []Change) (inPlace, forward []float64, err error) {
	inPlace = slices.Repeat([]float64{1}, len(p.trained))
	forward = slices.Clone(inPlace)
	for _, change := range changes {
		picked, err := p.pick(change.selected)
		if err != nil {
			return nil, nil, err
		}
		for _, alpha := range []float64{change.inPlace, change.forward} {
			if err := scaling.CheckAlpha(alpha); err != nil {
				return nil, nil, err
			}
		}
		for _, i := range picked {
			inPlace[i] *= change.inPlace
			forward[i] *= change.forward
		}
	}
	return inPlace, forward, nil
}

// pick returns the places of the selected variables among the trained ones. The zero selector selects all.
func (p *Probe) pick(selected scaling.Selector) ([]int, error) {
	selected = orAll(selected)
	picked, err := selected.Pick(p.trained)
	if err != nil {
		return nil, err
	}
	if len(picked) == 0 {
		return nil, fmt.Errorf("selector %q selects no variable: there is nothing to change, or to differentiate with respect to", selected)
	}
	var out []int
	for i, v := range p.trained {
		if slices.Contains(picked, v) {
			out = append(out, i)
		}
	}
	return out, nil
}
