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
// counters that a call advances (the global step, Adam's own) are wound back before the next: a step counts once.
//
// gradients are those of the groups' variables, in that order; so are the results: the gradients as the update rule sees
// them, and the learning rates.
func (p *Program) update(g *Graph, f *frame, gradients []*Node, dtype dtypes.DType) (prepared, rates []*Node) {
	counters := p.counters()
	start := valuesOf(g, counters)
	advanced := make([]*Node, len(counters))
	copy(advanced, start)
	for i, group := range p.groups {
		mine := gradients[:len(group.variables)]
		gradients = gradients[len(group.variables):]
		for k, v := range counters {
			v.SetNodeValue(start[k])
		}
		var rate *Node
		for k, v := range p.hypers {
			v.SetNodeValue(f.hypers[i*len(p.hypers)+k])
			if hyperName(v) == optim.LearningRate {
				rate = v.NodeValue(g)
			}
		}
		rates = append(rates, slices.Repeat([]*Node{rate}, len(mine))...)
		p.alone(i, func() {
			scope := p.config.Store.RootScope()
			prepared = append(prepared, optim.Prepared(p.config.Optimizer, scope, mine)...)
			p.config.Optimizer.UpdateGraphWithGradients(scope, mine, dtype)
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

// counters are the scalars among the state that are neither weights nor hyperparameters.
func (p *Program) counters() []*model.Variable {
	var out []*model.Variable
	for _, v := range p.state {
		if v.Shape().IsScalar() && !v.Trainable && !slices.Contains(p.hypers, v) {
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
