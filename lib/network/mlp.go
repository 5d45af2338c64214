// Package network holds the models that the laws are tested on, as GoMLX model functions: nothing in them knows of α.
//
// Each is a struct whose method Model is GoMLX's model function. Hidden layers mark their activations by an alias in the
// graph, the path of the layer and the name of the activation; see [alphascale/lib/instrument.Activations].
package network

import (
	"fmt"

	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/layers/activation"
	"github.com/gomlx/gomlx/ml/model"
	. "github.com/gomlx/gomlx/support/exceptions"
)

// MLP is a multilayer perceptron: Hidden layers of linear map, normalisation and activation, and a linear output.
// The zero value of each setting but Hidden and Outputs is its default.
type MLP struct {
	Hidden      []int  // widths of the hidden layers; none makes a linear model
	Outputs     int    // number of logits or regression outputs
	Activation  string // "relu" (default), "tanh", "sigmoid", "none" or any other name GoMLX knows
	NoBias      bool   // leave out the biases, hidden and output
	Norm        Normalisation
	NormEpsilon float64 // ε inside the normalisation's root; 0 means GoMLX's (1e-3; RMS 1e-6), a negative value none
}

// String names the architecture, as "MLP [64 64]-10 relu batch-norm(ε=0.001)".
func (m MLP) String() string { return fmt.Sprintf("MLP %v-%d %s", m.Hidden, m.Outputs, m.style()) }

// Check returns an error for widths that are not positive and for names that are not known.
func (m MLP) Check() error {
	for i, width := range m.Hidden {
		if width < 1 {
			return fmt.Errorf("hidden layer %d has width %d: widths must be at least 1", i, width)
		}
	}
	if m.Outputs < 1 {
		return fmt.Errorf("an MLP with %d outputs: set Outputs to the number of classes", m.Outputs)
	}
	return m.style().check()
}

// Model is GoMLX's model function: inputs[0] is shaped [batch, …] and flattened, the result is [batch, Outputs].
// Layer k lives in scope "/layer_k", the last one in "/output". It panics as graph-building functions do.
func (m MLP) Model(scope *model.Scope, _ any, inputs []*Node) []*Node {
	if err := m.Check(); err != nil {
		Panicf("%v", err)
	}
	x, s := flatten(inputs[0]), m.style()
	if m.Norm == NoNorm {
		return []*Node{m.columns(scope, x, s)}
	}
	for k, width := range m.Hidden {
		layer := scope.In("layer_%d", k)
		x = s.finish(layer, s.dense(layer, x, width))
	}
	return output(scope, x, s, m.Outputs)
}

// columns is the network without normalisation, whose layers can have the examples in columns.
func (m MLP) columns(scope *model.Scope, x *Node, s layerStyle) *Node {
	x = kept(turned(x))
	for k, width := range m.Hidden {
		layer := scope.In("layer_%d", k)
		x = apply(activation.FromName(s.activation), columns(layer, x, s.bias, width))
		s.mark(layer, turned(x))
	}
	// Kept, because XLA would spell the transpose of a bare product as another, of which the left operand lies column by column.
	return turned(kept(columns(scope.In("output"), x, s.bias, m.Outputs)))
}

func (m MLP) style() layerStyle { return newStyle(m.Activation, m.NoBias, m.Norm, m.NormEpsilon) }

// flatten reshapes [batch, …] to [batch, features].
func flatten(x *Node) *Node {
	if x.Rank() == 2 {
		return x
	}
	return Reshape(x, x.Shape().Dim(0), -1)
}

// output is the linear map, not normalised, that ends every network; its variables live in scope "/output/dense".
func output(scope *model.Scope, x *Node, s layerStyle, width int) []*Node {
	return []*Node{linear(scope.In("output"), x, s.bias, width)}
}
