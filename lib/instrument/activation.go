package instrument

import (
	"fmt"
	"slices"
	"strings"

	"alphascale/lib/optim"
	"alphascale/lib/result"

	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/layers/activation"
)

// Activation is the output of a hidden layer's activation function, shaped [batch, …, units].
type Activation struct {
	Path string // of the layer: "/layer_0"
	Kind string // GoMLX's name of the function: "relu"
	Node *Node
}

// Activations lists the hidden layers of the models in a graph, in the order of their paths: every node whose alias
// (GoMLX's Node.WithAlias) ends in an element that names one of GoMLX's activation functions, such as "/layer_0/relu". The
// networks of package network set such aliases, and so can any other model.
func Activations(g *Graph) []Activation {
	var out []Activation
	for alias, node := range g.IterAliasedNodes() {
		cut := strings.LastIndex(alias, AliasScopeSeparator)
		path, kind := alias[:cut], alias[cut+1:]
		if _, err := activation.TypeString(kind); err == nil {
			out = append(out, Activation{path, kind, node})
		}
	}
	return out
}

// Pick returns the layers that an instrument of layers is meant for, or an error that lists the layers if there is none.
func (i Instrument) Pick(layers []Activation) ([]Activation, error) {
	var out []Activation
	known := []string{}
	for _, a := range layers {
		known = append(known, a.Path+AliasScopeSeparator+a.Kind)
		if len(i.Kinds) == 0 || slices.Contains(i.Kinds, a.Kind) {
			out = append(out, a)
		}
	}
	if len(out) == 0 && !i.Optional {
		return nil, fmt.Errorf("instrument %q needs a hidden layer of %s and the model marks %v: give the activation's node "+
			"an alias such as \"/layer_0/%s\", or leave the instrument out",
			i.Name, strings.Join(i.Kinds, " or "), known, i.Kinds[0])
	}
	return out, nil
}

// ActivationScale is the mean magnitude of a layer's activations over units and batch: how strong the signal is there on its
// way forward.
func ActivationScale() Instrument {
	return Instrument{
		Name: "activation_scale", Quantity: result.Quantity{Name: "mean magnitude of activations"},
		Optional: true,
		Layer:    func(a Activation) *Node { return ReduceAllMean(Abs(a.Node)) },
	}
}

// DeadUnits is the share, from 0 to 1, of a ReLU layer's units that are inactive on every row of the batch (and at every
// pixel or token), so that no gradient passes through them.
func DeadUnits() Instrument {
	return Instrument{
		Name: "dead_units", Quantity: result.Quantity{Name: "share of dead units"}, Unit: &Unit{}, Kinds: []string{"relu"},
		Layer: func(a Activation) *Node {
			axes := make([]int, a.Node.Rank()-1)
			for axis := range axes {
				axes[axis] = axis
			}
			return share(IsNonPositive(ReduceMax(a.Node, axes...)), a.Node)
		},
	}
}

// saturation is how close to its limit, as a share of the way from its centre, an activation counts as saturated. There
// tanh passes on less than 6 % of a gradient.
const saturation = 0.97

// SaturatedUnits is the share, from 0 to 1, of a layer's activations over units and batch with |tanh z| > 0.97; for a
// logistic unit, |2σ(z) − 1| = |tanh(z/2)| > 0.97.
func SaturatedUnits() Instrument {
	return Instrument{
		Name: "saturated_units", Quantity: result.Quantity{Name: "share of saturated units"}, Unit: &Unit{},
		Kinds: []string{"tanh", "sigmoid"},
		Layer: func(a Activation) *Node {
			centred := a.Node
			if a.Kind == "sigmoid" {
				centred = MinusOne(Add(centred, centred))
			}
			return share(IsPositive(SubScalar(Abs(centred), saturation)), a.Node)
		},
	}
}

// share is the share of true values, in a dtype that can count them.
func share(condition, like *Node) *Node {
	return ReduceAllMean(ConvertDType(condition, optim.Wide(like.DType())))
}
