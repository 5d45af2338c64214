package network

import (
	"math"

	"alphascale/lib/machine"

	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/layers"
	"github.com/gomlx/gomlx/ml/layers/regularizer"
	"github.com/gomlx/gomlx/ml/model"
)

// linear is layers.Dense: the same variables, the same function, the same gradient but for rounding. For inputs [batch,
// features] the gradient with respect to the weights, inputsᵀ·adjoint, is spelled such that XLA's CPU backend multiplies rows
// by columns: as GoMLX spells it, XLA hands the product an operand that lies column by column, and takes about twice as long.
func linear(scope *model.Scope, x *Node, bias bool, width int) *Node {
	if x.Rank() != 2 || x.Shape().Dim(0)%2 != 0 {
		return layers.Dense(scope, x, bias, width)
	}
	x = kept(x)
	variable := scope.At("dense").VariableWithShape("weights", shapes.Make(x.DType(), x.Shape().Dim(-1), width))
	w := variable.NodeValue(x.Graph())
	// The product alone uses these copies, so that what they get in a reverse pass, also in one through the gradients (a
	// Hessian's), is the product's part and no other: it can be replaced. The pass reaches the output first.
	var adjoint *Node
	input := IdentityWithCustomGradient(x, func(_, _ *Node) *Node {
		return rowsByRows(adjoint, w)
	})
	variable.SetNodeValue(IdentityWithCustomGradient(w, func(_, _ *Node) *Node { return weightGradient(x, adjoint) }))
	defer variable.SetNodeValue(w)
	return IdentityWithCustomGradient(layers.Dense(scope, input, bias, width), func(_, v *Node) *Node {
		adjoint = v
		return v
	})
}

// weightGradient is xᵀ·v for x [batch, inputs] and v [batch, outputs]. A contraction over two axes makes XLA lay xᵀ out anew,
// where with one it would fold the transposition into the product.
func weightGradient(x, v *Node) *Node {
	batch := []int{0, 1}
	return DotGeneral(halves(x), batch, nil, halves(v), batch, nil)
}

// halves splits the first axis in two.
func halves(x *Node) *Node { return Reshape(x, 2, x.Shape().Dim(0)/2, x.Shape().Dim(1)) }

// columns is layers.Dense with the examples in columns: x is [features, batch], the result [width, batch]. Here XLA's CPU
// backend multiplies rows by columns if the weights are laid out anew, once a step; in linear it takes each layer's input.
func columns(scope *model.Scope, x *Node, bias bool, width int) *Node {
	scope, g := scope.In("dense"), x.Graph()
	weights := scope.VariableWithShape("weights", shapes.Make(x.DType(), x.Shape().Dim(0), width))
	if penalty := regularizer.FromScope(scope); penalty != nil {
		penalty(g, weights)
	}
	y := columnsProduct(weights.NodeValue(g), x)
	if !bias {
		return y
	}
	return Add(y, Reshape(scope.VariableWithShape("biases", shapes.Make(x.DType(), width)).NodeValue(g), width, 1))
}

// columnsProduct is wᵀ·x for w [inputs, outputs] and x [inputs, batch]. Its gradients are given as in linear.
func columnsProduct(w, x *Node) *Node {
	var adjoint *Node
	input := IdentityWithCustomGradient(x, func(_, _ *Node) *Node { return Dot(kept(w), adjoint).Product() })
	weights := IdentityWithCustomGradient(w, func(_, _ *Node) *Node {
		return rowsByRows(x, adjoint)
	})
	axes, split := []int{0}, func(n *Node) *Node { return n }
	if w.Shape().Dim(0)%2 == 0 { // see weightGradient
		axes, split = []int{0, 1}, halves
	}
	y := DotGeneral(split(kept(weights)), axes, nil, split(input), axes, nil)
	return IdentityWithCustomGradient(y, func(_, v *Node) *Node {
		adjoint = v
		return v
	})
}

// rowsByRows is a·bᵀ for a [n, k] and b [m, k]. XLA's CPU backend leaves such a product to Eigen, which is fast and whose
// last bits are the processor's. With machine.SameBits it is spelled such that XLA lays bᵀ out anew, see weightGradient,
// and multiplies by code of its own.
func rowsByRows(a, b *Node) *Node {
	if k := a.Shape().Dim(1); machine.SameBits() && k%2 == 0 {
		split := func(x *Node) *Node { return Reshape(x, x.Shape().Dim(0), 2, k/2) }
		return DotGeneral(split(a), []int{1, 2}, nil, split(b), []int{1, 2}, nil)
	}
	return DotGeneral(a, []int{1}, nil, b, []int{1}, nil)
}

// turned is the transpose.
func turned(x *Node) *Node { return Transpose(x, 0, 1) }

// kept returns x unchanged, in a form that XLA computes once and stores. What is cheap and reads one array XLA computes anew
// for each use, even for the transposed copy of an activation, where that is slow; it does not do so for what reads two
// arrays, as this selection of what is below −∞, which nothing is.
func kept(x *Node) *Node {
	floor := Const(x.Graph(), shapes.CastAsDType(math.Inf(-1), x.DType()))
	return Where(LessThan(x, floor), floor, x)
}
