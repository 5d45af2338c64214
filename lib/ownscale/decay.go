package ownscale

import (
	"fmt"
	"math"
	"slices"

	"alphascale/lib/backend"
	"alphascale/lib/dataset"
	"alphascale/lib/optim"

	"github.com/gomlx/gomlx/core/tensors"
	"gonum.org/v1/gonum/floats"
)

// Decay says what a family's decay takes of a weight in each step, apart from the gradient of the data: the share λ·η^Power, by which
// w ← (1 − share)·w. law.Memory of it is the number of steps over which the weights average.
type Decay struct {
	Family optim.Family
	Hyper  optim.Hyper // λ: optim.WeightDecay, optim.L2, or one of a rule's own
	Power  int         // of the learning rate
}

// DecayOf finds the power of η from units: a share has none, so that λ·η^Power has none either. It is 1 for AdamW, Lion and the like, and
// for SGD with λ in the gradient; 0 for a λ without a unit. An optimizer whose η cannot take λ's unit away has no such share: under Adam
// with λ in the gradient, Adam divides λw by the size of gradients, and LARS and LAMB divide by norms. That is an error.
func DecayOf(family optim.Family, hyper optim.Hyper) (Decay, error) {
	lambda, err := optim.UnitOf(family, hyper)
	if err != nil {
		return Decay{}, err
	}
	eta, err := optim.UnitOf(family, optim.LearningRate)
	if err != nil {
		return Decay{}, err
	}
	for _, power := range []int{0, 1, -1, 2, -2} {
		if lambda.Times(eta, power) == (optim.Unit{}) {
			return Decay{family, hyper, power}, nil
		}
	}
	return Decay{}, fmt.Errorf("%s of %s has the unit %s, and no power of η, of unit %s, makes a share of it: decay has no time scale of its own there; "+
		"use a decay beside the gradient, as that of adamw", hyper, family, lambda, eta)
}

// Share is the part of a weight that decay takes in each step at hyperparameters h. Momentum, which adds a λ in the gradient up over
// 1/(1−β) steps, multiplies the share in the long run by that. Values that no optimizer can use are errors, and so is a share that is not
// between 0 and 1.
func (d Decay) Share(h optim.Values) (float64, error) {
	if err := h.CheckFor(d.Family); err != nil {
		return 0, err
	}
	h = optim.Defaults(d.Family).Merge(h)
	share := h[d.Hyper] * math.Pow(h[optim.LearningRate], float64(d.Power))
	if beta, heavy := h[optim.Momentum]; heavy && d.Hyper == optim.L2 {
		share /= 1 - beta
	}
	if !(share > 0 && share < 1) {
		return 0, fmt.Errorf("%s = %g at η = %g: decay takes the share %g of a weight in each step, and it must lie between 0 and 1",
			d.Hyper, h[d.Hyper], h[optim.LearningRate], share)
	}
	return share, nil
}

// Unreached lists the inputs that are zero in every row, as pixels at the edge are. The gradient with respect to the weights that read
// them is zero, so that decay alone moves these.
func Unreached(data dataset.Set) []int {
	width := data.Width()
	var out []int
	for i := range width {
		reached := false
		for row := range data.Rows() {
			reached = reached || data.Inputs[row*width+i] != 0
		}
		if !reached {
			out = append(out, i)
		}
	}
	return out
}

// Kept is what is left of the weights that read the given inputs: the norm of these rows after a run over that before. Weights are
// [inputs, outputs]. Tensors of two shapes, an input that they do not have, and weights that are zero before are errors.
func Kept(before, after *tensors.Tensor, inputs []int) (float64, error) {
	if before == nil || after == nil || !before.Shape().Equal(after.Shape()) || before.Shape().Rank() != 2 {
		return 0, fmt.Errorf("what is left of weights takes one matrix before and after: pass a run's initial and final values of the same path")
	}
	rows, outputs := before.Shape().Dimensions[0], before.Shape().Dimensions[1]
	if bad := slices.IndexFunc(inputs, func(i int) bool { return i < 0 || i >= rows }); bad >= 0 || len(inputs) == 0 {
		return 0, fmt.Errorf("inputs %v of weights that have %d: give one or more of them", inputs, rows)
	}
	norm := func(of *tensors.Tensor) (float64, error) {
		flat, err := backend.Floats(of)
		if err != nil {
			return 0, err
		}
		var there []float64
		for _, i := range inputs {
			there = append(there, flat[i*outputs:(i+1)*outputs]...)
		}
		return floats.Norm(there, 2), nil
	}
	first, err := norm(before)
	if err != nil {
		return 0, err
	}
	if first == 0 {
		return 0, fmt.Errorf("the weights of inputs %v are zero before the run: nothing of them could be left", inputs)
	}
	last, err := norm(after)
	return last / first, err
}

// MemoryOf is the number of steps in which decay takes weights to 1/e, by what was left of them after some steps: −steps/ln(kept). What
// is not between 0 and 1 is an error.
func MemoryOf(kept float64, steps int) (float64, error) {
	if !(kept > 0 && kept < 1) || steps < 1 {
		return 0, fmt.Errorf("a part %g left after %d steps: a memory is measured on weights of which some is left, and less than all", kept, steps)
	}
	return -float64(steps) / math.Log(kept), nil
}
