package network

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/layers/activation"
	"github.com/gomlx/gomlx/ml/layers/norm"
	"github.com/gomlx/gomlx/ml/model"
)

// Normalisation says what is normalised in a hidden layer, and over what.
type Normalisation string

// The normalisations. Each makes the weights that it acts on scale-invariant, up to its ε: batch, layer and RMS
// normalisation those of the linear map before it, weight normalisation its own.
const (
	NoNorm     Normalisation = ""
	BatchNorm  Normalisation = "batch"  // Ioffe & Szegedy 2015
	LayerNorm  Normalisation = "layer"  // Ba, Kiros & Hinton 2016
	RMSNorm    Normalisation = "rms"    // Zhang & Sennrich 2019
	WeightNorm Normalisation = "weight" // w = g·v/‖v‖ for each output unit: Salimans & Kingma 2016, equation 2
)

// normalisations are those that check accepts, NoNorm first.
var normalisations = []Normalisation{NoNorm, BatchNorm, LayerNorm, RMSNorm, WeightNorm}

// defaultEpsilon is what GoMLX adds inside the root by default; weight normalisation, which it lacks, has none.
var defaultEpsilon = map[Normalisation]float64{BatchNorm: 1e-3, LayerNorm: 1e-3, RMSNorm: 1e-6, WeightNorm: 0}

// layerStyle is what every hidden layer of a network shares.
type layerStyle struct {
	activation string
	bias       bool
	norm       Normalisation
	epsilon    float64
}

// newStyle fills in the defaults: ReLU, and the ε of the normalisation where epsilon is 0. A negative epsilon means none.
func newStyle(activationName string, noBias bool, kind Normalisation, epsilon float64) layerStyle {
	if activationName == "" {
		activationName = "relu"
	}
	switch {
	case epsilon == 0:
		epsilon = defaultEpsilon[kind]
	case epsilon < 0:
		epsilon = 0
	}
	return layerStyle{activationName, !noBias, kind, epsilon}
}

// check returns an error for names that are not known and for an ε that is not finite.
func (s layerStyle) check() error {
	if _, err := activation.TypeString(s.activation); err != nil {
		return fmt.Errorf("unknown activation %q: use one of %v", s.activation, activation.TypeValues())
	}
	if !slices.Contains(normalisations, s.norm) {
		return fmt.Errorf("unknown normalisation %q: use one of %q, or none", s.norm, normalisations[1:])
	}
	if math.IsNaN(s.epsilon) || math.IsInf(s.epsilon, 0) {
		return fmt.Errorf("normalisation ε = %g: use a finite number, negative for none", s.epsilon)
	}
	return nil
}

// String lists activation, normalisation and missing biases, as "relu batch-norm(ε=0.001) no-bias".
func (s layerStyle) String() string {
	parts := []string{s.activation}
	if s.norm != NoNorm {
		parts = append(parts, fmt.Sprintf("%s-norm(ε=%g)", s.norm, s.epsilon))
	}
	if !s.bias {
		parts = append(parts, "no-bias")
	}
	return strings.Join(parts, " ")
}

// dense maps the last axis of x linearly to the given width; its variables live in scope "dense".
func (s layerStyle) dense(scope *model.Scope, x *Node, width int) *Node {
	if s.norm == WeightNorm {
		variable := scope.At("dense").VariableWithShape("weights", shapes.Make(x.DType(), x.Shape().Dim(-1), width))
		v := variable.NodeValue(x.Graph())
		variable.SetNodeValue(s.normaliseWeights(scope.At("dense"), v))
		defer variable.SetNodeValue(v) // the optimizer is to update v
	}
	return linear(scope, x, s.bias, width)
}

// finish applies normalisation and activation to the output of a linear map.
func (s layerStyle) finish(scope *model.Scope, x *Node) *Node {
	return s.activate(scope, s.normalise(scope, x))
}

// normalise normalises x over its last axis (batch normalisation: over all others), with learned gain and offset.
func (s layerStyle) normalise(scope *model.Scope, x *Node) *Node {
	switch s.norm {
	case BatchNorm:
		return batchNorm(scope, x, s.epsilon)
	case LayerNorm:
		return norm.LayerNorm(scope, x, -1).Epsilon(s.epsilon).Done()
	case RMSNorm:
		return norm.RMSNorm(scope, x).WithEpsilon(s.epsilon).Done()
	}
	return x
}

// activate applies the activation and marks the result, so that instruments find it: its alias is the scope's path and
// the activation's name, "/layer_0/relu". Where a graph runs the model twice, the first run is marked.
func (s layerStyle) activate(scope *model.Scope, x *Node) *Node {
	y := apply(activation.FromName(s.activation), x)
	s.mark(scope, y)
	return y
}

// mark gives an activation its alias.
func (s layerStyle) mark(scope *model.Scope, y *Node) {
	alias := model.JoinPath(scope.Scope(), s.activation)
	if activation.FromName(s.activation) != activation.TypeNone && y.Graph().GetNodeByAlias(alias) == nil {
		y.WithAlias(alias)
	}
}

// apply is activation.Apply, with ReLU spelled as a selection, which XLA's CPU backend runs three times as fast as the
// maximum. The derivative at 0 is 0 in both, and NaN stays NaN.
func apply(kind activation.Type, x *Node) *Node {
	if kind != activation.TypeRelu {
		return activation.Apply(kind, x)
	}
	zero := ZerosLike(x)
	return Where(LessOrEqual(x, zero), zero, x)
}

// normaliseWeights returns γ·v/√(‖v‖² + ε) for weights v [inputs, units], with a learned gain γ for each unit. The gain
// starts at √2, about the norm that v has under He's initialisation.
func (s layerStyle) normaliseWeights(scope *model.Scope, v *Node) *Node {
	constant := func(g *Graph, shape shapes.Shape) *Node { return FillScalar(g, shape, math.Sqrt2) }
	gain := scope.WithInitializer(constant).VariableWithShape("gain", shapes.Make(v.DType(), v.Shape().Dim(-1)))
	square := ReduceAndKeep(Square(v), ReduceSum, 0)
	if s.epsilon != 0 {
		square = AddScalar(square, s.epsilon)
	}
	return Mul(ExpandLeftToRank(gain.NodeValue(v.Graph()), 2), Div(v, Sqrt(square)))
}
