package training

import (
	"slices"

	"alphascale/lib/optim"

	"github.com/gomlx/compute/dtypes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// update calls the optimizer once for each group of variables, with the group's own hyperparameters. GoMLX's optimizers
// know one set of hyperparameters and one set of trainable variables, so the other groups are hidden meanwhile, and the
// counters that a call advances (the global step, Adam's own) are wound back before the next: a step counts once. Only
// clipping looks at all gradients together.
//
// gradients are those of the groups' variables, in that order; so are the results: the gradients as the update rule sees
// them, and the learning rates.
func (p *Program) update(g *Graph, f *frame, gradients []*Node, dtype dtypes.DType) (prepared, rates []*Node) {
	var mine [][]*Node
	for _, group := range p.groups {
		mine = append(mine, gradients[:len(group.variables)])
		gradients = gradients[len(group.variables):]
	}
	set := make([]*Node, len(p.hypers)) // what the model has set
	for k, h := range p.hypers {
		set[k] = h.NodeValue(g)
	}
	scope, optimizer := p.config.Store.RootScope(), p.config.Optimizer
	var excess *Node
	for i := range p.groups {
		p.setHypers(f, i, set)
		if of := optim.Excess(optimizer, scope, mine[i]); excess == nil {
			excess = of
		} else {
			excess = Add(excess, of)
		}
	}
	counters := p.counters()
	start := valuesOf(g, counters)
	advanced := slices.Clone(start)
	for i := range p.groups {
		for k, v := range counters {
			v.SetNodeValue(start[k])
		}
		rate := p.setHypers(f, i, set)
		rates = append(rates, slices.Repeat([]*Node{rate}, len(mine[i]))...)
		p.alone(i, func() {
			prepared = append(prepared, optim.Apply(optimizer, scope, mine[i], excess, dtype)...)
		})
		for k, v := range counters {
			if node := v.NodeValue(g); node != start[k] {
				advanced[k] = node
			}
		}
	}
	for k, v := range counters {
		v.SetNodeValue(advanced[k])
	}
	return prepared, rates
}

// setHypers gives the optimizer the hyperparameters of a group and returns the learning rate. What the model has set itself,
// such as a scheduled learning rate, is multiplied by the group's factor.
func (p *Program) setHypers(f *frame, group int, set []*Node) (rate *Node) {
	for k, h := range p.hypers {
		value := f.hypers[group*len(p.hypers)+k]
		if h.byModel {
			value = Mul(value, set[k])
		}
		h.SetNodeValue(value)
		if h.name() == optim.LearningRate {
			rate = value
		}
	}
	return rate
}

// counters are the scalars among the state that are neither weights nor hyperparameters.
func (p *Program) counters() []*model.Variable {
	var out []*model.Variable
	for _, v := range p.state {
		isHyper := slices.ContainsFunc(p.hypers, func(h hyper) bool { return h.Variable == v })
		if v.Shape().IsScalar() && !v.Trainable && !isHyper {
			out = append(out, v)
		}
	}
	return out
}

// alone runs do while only the variables of group i are trainable.
func (p *Program) alone(i int, do func()) {
	for k, other := range p.groups {
		if k != i {
			setTrainable(other.variables, false)
			defer setTrainable(other.variables, true)
		}
	}
	do()
}

func setTrainable(variables []*model.Variable, trainable bool) {
	for _, v := range variables {
		v.SetTrainable(trainable)
	}
}
