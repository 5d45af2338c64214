package ownscale

import (
	"fmt"

	"alphascale/lib/optim"
	"alphascale/lib/result"
)

// Shares is a table of the share that decay takes in each step under every family, by each λ that it reads and by λ in the gradient, as
// DecayOf finds it.
func Shares(families ...optim.Family) result.Table {
	t := result.Table{Title: "The share that decay takes", Columns: []result.Quantity{{Name: "optimizer"}, {Name: "λ"}, {Name: "share"}}}
	for _, family := range families {
		for _, hyper := range []optim.Hyper{optim.WeightDecay, IndependentDecay, optim.L2} {
			if _, reads := optim.Defaults(family)[hyper]; !reads && hyper != optim.L2 {
				continue
			}
			share := "none: λ is divided by norms or gradients"
			if d, err := DecayOf(family, hyper); err == nil {
				share = map[int]string{0: "λ", 1: "ηλ"}[d.Power]
			}
			t.Rows = append(t.Rows, []string{string(family), string(hyper), share})
		}
	}
	return t
}

// Powers is a table of the powers of the width by which a step changes what a layer puts out, of every family on a first, a hidden and a
// last layer. Errors are those of Features.Power.
func Powers(families ...optim.Family) (result.Table, error) {
	t := result.Table{Title: "Power of n in the change of a layer's outputs", Columns: []result.Quantity{{Name: "optimizer"}}}
	shapes := []Shape{InputLayer, HiddenLayer, OutputLayer}
	for _, shape := range shapes {
		t.Columns = append(t.Columns, result.Quantity{Name: shape.Name})
	}
	for _, family := range families {
		row := []string{string(family)}
		for _, shape := range shapes {
			power, err := Features{Optimizer: family, Shape: shape}.Power()
			if err != nil {
				return t, err
			}
			row = append(row, fmt.Sprintf("%g", power))
		}
		t.Rows = append(t.Rows, row)
	}
	return t, nil
}
