package claim

import (
	"alphascale/lib/optim"

	. "github.com/gomlx/gomlx/core/graph"
)

// independentRate is λ of a decay w ← (1 − λ)w that no learning rate multiplies, as Loshchilov & Hutter 2019, eq. 2, write it. It has
// no unit.
const independentRate optim.Hyper = "independent_decay"

// independent is SGD with that decay, the third of the conventions that frameworks follow.
var independent, errIndependent = optim.Define(optim.Rule{
	Name: "sgd_independent_decay",
	Step: func(u *optim.Update) *Node {
		return Add(Mul(u.Hyper(optim.LearningRate), u.Gradient), Mul(u.Hyper(independentRate), u.Weight))
	},
	Defaults: optim.Values{optim.LearningRate: 0.05, independentRate: 0},
	Units:    map[optim.Hyper]optim.Unit{optim.LearningRate: {Gradient: -1, Weight: 1}, independentRate: {}},
})

// independentDecay is the penalty of that rule.
func independentDecay() penalty {
	return penalty{"independent decay", independent, independentRate, optim.Values{optim.LearningRate: 0.1, independentRate: 0.001}}
}
