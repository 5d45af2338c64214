package optim

import (
	"slices"

	"github.com/gomlx/compute/dtypes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// prepared clips and penalises the gradients, then hands them to the optimizer that it wraps.
type prepared struct {
	Interface
	options []Option
}

// UpdateGraph implements optimizer.Interface.
func (p *prepared) UpdateGraph(scope *model.Scope, _ *Graph, loss *Node) {
	p.UpdateGraphWithGradients(scope, scope.BuildTrainableVariablesGradientsGraph(loss), loss.DType())
}

// UpdateGraphWithGradients implements Interface.
func (p *prepared) UpdateGraphWithGradients(scope *model.Scope, grads []*Node, lossDType dtypes.DType) {
	p.Interface.UpdateGraphWithGradients(scope, Prepared(p, scope, grads), lossDType)
}

// Prepared returns the gradients as the optimizer's update rule sees them: clipped and penalised where it was made with
// such options, else as they are. A graph-building function; grads are those of the trainable variables in use.
func Prepared(o Interface, scope *model.Scope, grads []*Node) []*Node {
	p, ok := o.(*prepared)
	if !ok || len(grads) == 0 {
		return grads
	}
	variables := trainables(scope, grads[0].Graph(), len(grads))
	for _, option := range []Option{Clipping, PenaltyL2, PenaltyL1} {
		if p.has(option) {
			grads = option.apply(scope, variables, grads)
		}
	}
	return grads
}

func (p *prepared) has(option Option) bool {
	return slices.Contains(p.options, option)
}

// apply returns the gradients with the option's term.
func (o Option) apply(scope *model.Scope, variables []*model.Variable, grads []*Node) []*Node {
	switch o {
	case Clipping:
		return clip(scope, grads)
	case PenaltyL2:
		return penalise(scope, variables, grads, L2, func(w *Node) *Node { return w })
	default:
		return penalise(scope, variables, grads, L1, Sign)
	}
}

// clip multiplies the gradients by min(c/‖g‖, 1), with ‖g‖ their joint norm. Pascanu, Mikolov & Bengio 2013.
func clip(scope *model.Scope, grads []*Node) []*Node {
	g, dtype := grads[0].Graph(), grads[0].DType()
	square := ReduceAllSum(Square(grads[0]))
	for _, grad := range grads[1:] {
		square = Add(square, ReduceAllSum(Square(grad)))
	}
	// A zero gradient gives c/0 = ∞, and so a factor of 1.
	limit := hyperNode(scope, g, dtype, ClipNorm, optionDefaults[ClipNorm])
	factor := Min(Div(limit, Sqrt(square)), OnesLike(square))
	out := make([]*Node, len(grads))
	for i, grad := range grads {
		out[i] = Mul(factor, grad)
	}
	return out
}

// penalise adds λ·term(w) to the gradients of weights.
func penalise(scope *model.Scope, variables []*model.Variable, grads []*Node, name Hyper, term func(w *Node) *Node) []*Node {
	g := grads[0].Graph()
	lambda := hyperNode(scope, g, grads[0].DType(), name, optionDefaults[name])
	out := slices.Clone(grads)
	for i, v := range variables {
		if v.Shape().Rank() >= 2 {
			out[i] = Add(grads[i], Mul(lambda, term(v.NodeValue(g))))
		}
	}
	return out
}
