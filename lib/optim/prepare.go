package optim

import (
	"slices"

	"github.com/gomlx/compute/dtypes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// prepared clips and penalises the gradients, then hands them to the rule that it wraps.
type prepared struct {
	*ruled
	terms []Hyper
}

// UpdateGraph implements optimizer.Interface.
func (p *prepared) UpdateGraph(scope *model.Scope, _ *Graph, loss *Node) {
	p.UpdateGraphWithGradients(scope, scope.BuildTrainableVariablesGradientsGraph(loss), loss.DType())
}

// UpdateGraphWithGradients implements Interface.
func (p *prepared) UpdateGraphWithGradients(scope *model.Scope, grads []*Node, lossDType dtypes.DType) {
	Apply(p, scope, grads, Excess(p, scope, grads), lossDType)
}

// Excess is ‖g‖²/c², by how much the square of the gradients' joint norm exceeds that of the limit c of clipping; nil for an
// optimizer that does not clip. The excesses of groups of variables add up to that of them all, each with its
// own limit: in units of its limit a gradient is the same whatever multiplies both. A graph-building function.
func Excess(o Interface, scope *model.Scope, grads []*Node) *Node {
	p, ok := o.(*prepared)
	if !ok || !p.has(ClipNorm) || len(grads) == 0 {
		return nil
	}
	limit := ConvertDType(hyperNode(scope, widened(grads[:1])[0], ClipNorm, termDefaults[ClipNorm]), dtypes.Float64)
	var sum *Node
	for _, g := range grads {
		if share := Square(Div(Norm(g), limit)); sum == nil {
			sum = share
		} else {
			sum = Add(sum, share)
		}
	}
	return sum
}

// Apply lets the optimizer update the trainable variables in use by their gradients and returns the gradients as its rule
// saw them: clipped, if excess is not nil, by the factor min(1, 1/√excess), and penalised. For variables that are updated in
// groups, excess is the sum over all groups. A graph-building function.
func Apply(o Interface, scope *model.Scope, grads []*Node, excess *Node, lossDType dtypes.DType) []*Node {
	p, ok := o.(*prepared)
	if !ok || len(grads) == 0 {
		o.UpdateGraphWithGradients(scope, grads, lossDType)
		return grads
	}
	variables := trainables(scope, grads[0].Graph(), len(grads))
	grads = widened(grads)
	if excess != nil {
		grads = clip(grads, excess)
	}
	if p.has(L2) {
		grads = penalise(scope, variables, grads, L2, func(w *Node) *Node { return w })
	}
	if p.has(L1) {
		grads = penalise(scope, variables, grads, L1, Sign)
	}
	p.ruled.UpdateGraphWithGradients(scope, grads, lossDType)
	return grads
}

func (p *prepared) has(term Hyper) bool {
	return slices.Contains(p.terms, term)
}

// clip multiplies the gradients by min(1, c/‖g‖). Pascanu, Mikolov & Bengio 2013. The products are in float64, since the factor
// of a large finite gradient may be too small for float32.
func clip(grads []*Node, excess *Node) []*Node {
	factor := Min(Reciprocal(Sqrt(excess)), OnesLike(excess)) // a zero gradient gives 1/0 = ∞, and so a factor of 1
	out := make([]*Node, len(grads))
	for i, grad := range grads {
		out[i] = ConvertDType(Mul(factor, ConvertDType(grad, dtypes.Float64)), grad.DType())
	}
	return out
}

// penalise adds λ·term(w) to the gradients of weights.
func penalise(scope *model.Scope, variables []*model.Variable, grads []*Node, name Hyper, term func(w *Node) *Node) []*Node {
	out := slices.Clone(grads)
	for i, v := range variables {
		if IsWeight(v) {
			lambda := hyperNode(scope, grads[i], name, termDefaults[name])
			w := ConvertDType(v.NodeValue(grads[i].Graph()), grads[i].DType())
			out[i] = Add(grads[i], Mul(lambda, term(w)))
		}
	}
	return out
}
