package scaling

import (
	"alphascale/lib/optim"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/ml/train"
)

// Reparameterise makes a model use u = α·w in place of w, for each of the variables, while the graph g is built: call it
// before the model's function, take gradients by the raw nodes that it returns (shaped like the variables, in their
// order), and call restore before the optimizer, which is to update w.
//
// alpha is a scalar node. The product is computed in the widest of the dtypes of w, α and float32 and rounded once, to the dtype
// that the model declared: w may be a master copy in a wider one. It is a graph-building function and panics as GoMLX's do.
func Reparameterise(g *graph.Graph, variables []*model.Variable, alpha *graph.Node) (raw []*graph.Node, restore func()) {
	raw = make([]*graph.Node, len(variables))
	for i, v := range variables {
		raw[i] = v.NodeValue(g)
		v.SetNodeValue(product(raw[i], alpha, v.DType()))
	}
	return raw, func() {
		for i, v := range variables {
			v.SetNodeValue(raw[i])
		}
	}
}

// ScaleOutput returns α·y, of y's shape and dtype: a Keras Lambda(lambda y: alpha*y) behind a layer. With y = Wx + b it
// scales the bias as well; reparameterising what LayerOutput selects does the same without a change to the model. alpha
// is a scalar node; the product is rounded once. A graph-building function.
func ScaleOutput(y, alpha *graph.Node) *graph.Node { return product(y, alpha, y.DType()) }

// product is α·x, computed in float32 or wider and rounded to a dtype. α itself is not rounded to a narrow one.
func product(x, alpha *graph.Node, dtype dtypes.DType) *graph.Node {
	wide := optim.Wide(x.DType())
	return graph.ConvertDType(graph.Mul(graph.ConvertDType(alpha, wide), graph.ConvertDType(x, wide)), dtype)
}

// ScaleLoss returns a loss function that is s times the given one: the loss scale of mixed-precision training
// (Micikevicius et al. 2018), and the control that separates a scaled gradient from a scaled weight. What the model has
// added to the loss by train.AddMainLoss or train.AddRegularizationLoss, such as a regulariser, is multiplied too, so that the
// training's whole loss is. An s that is not positive is an error.
func ScaleLoss(loss train.LossFn, s float64) (train.LossFn, error) {
	if err := CheckAlpha(s); err != nil {
		return nil, err
	}
	return func(labels, predictions []*graph.Node) *graph.Node {
		g := predictions[0].Graph()
		for _, key := range []string{train.TrainerMainLossGraphParamKey, train.TrainerRegularizationLossGraphParamKey} {
			key = model.JoinPath(train.TrainerAbsoluteScope, key)
			if added, found := model.GetGraphParam(g, key); found {
				model.SetGraphParam(g, key, graph.MulScalar(added.(*graph.Node), s))
			}
		}
		return graph.MulScalar(loss(labels, predictions), s)
	}, nil
}
