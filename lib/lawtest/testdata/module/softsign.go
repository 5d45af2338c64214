// Package softsign is an update rule of another module: momentum through a soft sign, with a hyperparameter of its own.
package softsign

import (
	"alphascale/lib/optim"

	. "github.com/gomlx/gomlx/core/graph"
)

// Softness is σ, the size of momentum that moves a weight by half of η.
const Softness optim.Hyper = "softness"

var gradient, weight = optim.Unit{Gradient: 1}, optim.Unit{Weight: 1}

// rule is m ← β·m + (1−β)·g, w ← w − η·m/(|m| + σ): signum (Bernstein et al. 2018) for σ → 0. Since σ is added to |m| it is in
// units of a gradient; what is left of them in the quotient is none, so η is in units of the weight.
func rule(name optim.Family) optim.Rule {
	return optim.Rule{
		Name: name,
		Step: func(u *optim.Update) *Node {
			m := u.Average("mean", optim.Momentum, u.Gradient)
			return Mul(u.Hyper(optim.LearningRate), Div(m, Add(Abs(m), u.Hyper(Softness))))
		},
		Defaults: optim.Values{optim.LearningRate: 0.001, optim.Momentum: 0.9, Softness: 0.01},
		Units:    map[optim.Hyper]optim.Unit{optim.LearningRate: weight, Softness: gradient},
		Slots:    map[string]optim.Unit{"mean": gradient},
	}
}

// SoftSign is the rule's family; a test sees that there is no error.
var SoftSign, errSoftSign = optim.Define(rule("softsign"))
