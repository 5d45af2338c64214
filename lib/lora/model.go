package lora

import (
	"math"

	"alphascale/lib/backend"
	"alphascale/lib/optim"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
	. "github.com/gomlx/gomlx/support/exceptions"
)

// Where the variables of an adapted matrix lie. Names open with "weights", so that package optim counts A and B among the weights at
// every rank.
const (
	scope     = "/lora"
	nameA     = "weightsA"
	nameB     = "weightsB"
	nameAlpha = "alpha"
)

// PathA is where the A of an adapted matrix is kept, [inputs, r].
func PathA(weight string) string { return model.JoinPath(scope+weight, nameA) }

// PathB is where the B of an adapted matrix is kept, [r, outputs].
func PathB(weight string) string { return model.JoinPath(scope+weight, nameB) }

// PathAlpha is where the multiplier of an adapted matrix is kept: a scalar that no training changes, and an input of whatever is
// compiled, so that one program serves every multiplier.
func PathAlpha(weight string) string { return model.JoinPath(scope+weight, nameAlpha) }

// Model is GoMLX's model function of the adapted model, for a training of this module or any other trainer. All variables of the model but
// those of Config.Trained are frozen, and what is trained besides are the A and B. The matrix u is made anew in every step, which costs
// inputs·r·outputs products, whatever reads it. A and B have the dtype of the matrix; the sum and the product are computed in float32
// or wider and rounded once.
//
// A is drawn with a standard deviation of 1/√inputs, whatever the rank, so that x·A is of the size of x. The model's own weights are drawn
// by a seed as those of the model alone are.
func (a *Adapter) Model(s *model.Scope, spec any, inputs []*Node) []*Node {
	g, store := inputs[0].Graph(), s.Store()
	at := func(path string) string { return model.JoinPath(s.Scope(), path) }
	for _, v := range a.variables { // first, and in their order, so that they are drawn as those of the model alone
		if v.given == nil {
			store.VariableWithShape(at(v.path), v.shapeFor(inputs[0].DType()), s.Initializer())
		} else if store.GetVariable(at(v.path)) == nil {
			store.VariableWithValue(at(v.path), clone(v.given))
		}
	}
	for _, v := range a.variables {
		w := store.GetVariable(at(v.path)).SetTrainable(v.trained)
		defer w.SetTrainable(v.trained) // whatever the model says of it
		if v.adapted {
			frozen := w.NodeValue(g)
			w.SetNodeValue(a.adapted(s, v.path, frozen))
			defer w.SetNodeValue(frozen)
		}
	}
	return a.model(s, spec, inputs)
}

// shapeFor is the variable's shape where the model is given inputs of a dtype.
func (v variable) shapeFor(dtype dtypes.DType) shapes.Shape {
	if v.follows {
		return shapes.Make(dtype, v.shape.Dimensions...)
	}
	return v.shape
}

// adapted is u = W₀ + alpha·A·B.
func (a *Adapter) adapted(s *model.Scope, weight string, frozen *Node) *Node {
	g, store, dtype := frozen.Graph(), s.Store(), frozen.DType()
	wide := optim.Wide(dtype)
	inputs, outputs := frozen.Shape().Dim(0), frozen.Shape().Dim(1)
	path := func(of func(string) string) string { return model.JoinPath(s.Scope(), of(weight)) }
	first := store.VariableWithShape(path(PathA), shapes.Make(dtype, inputs, a.config.Rank), drawn(store, 1/math.Sqrt(float64(inputs))))
	second := store.VariableWithShape(path(PathB), shapes.Make(dtype, a.config.Rank, outputs), Zeros)
	alpha := store.VariableWithValue(path(PathAlpha), scalar(a.alpha, wide)).SetTrainable(false)
	in := func(x *Node) *Node { return ConvertDType(x, wide) }
	product := Dot(in(first.NodeValue(g)), in(second.NodeValue(g))).Product()
	return ConvertDType(Add(in(frozen), Mul(in(alpha.NodeValue(g)), product)), dtype)
}

// drawn draws normal numbers of a standard deviation from the store's random state.
func drawn(store *model.Store, deviation float64) model.VariableInitializer {
	return func(g *Graph, shape shapes.Shape) *Node { return MulScalar(store.RandomNormal(g, shape), deviation) }
}

func scalar(x float64, dtype dtypes.DType) *tensors.Tensor {
	out, err := backend.Tensor([]float64{x}, shapes.Make(dtype))
	if err != nil {
		Panicf("alpha: %v", err)
	}
	return out
}

func clone(t *tensors.Tensor) *tensors.Tensor {
	out, err := t.LocalClone()
	if err != nil {
		Panicf("copying a value that the model states: %v", err)
	}
	return out
}
