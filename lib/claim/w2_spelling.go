package claim

import (
	"context"
	"fmt"

	"alphascale/lib/lab"

	"alphascale/lib/dataset"
	"alphascale/lib/network"
	"alphascale/lib/probe"
	"alphascale/lib/scaling"
	"alphascale/lib/subject"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

const (
	outputWeights = "/output/dense/weights"
	outputBiases  = "/output/dense/biases"
	forwardAlpha  = "/alpha" // the variable that the spellings multiply by
)

func biasedNet() network.MLP { return network.MLP{Hidden: []int{32, 32}, Outputs: 10} }

// spelling is one way to write a multiplication of the last layer.
type spelling int

const (
	multiply    spelling = iota // tf.multiply(w, alpha)
	product                     // alpha * w
	lambda                      // Lambda(lambda w: alpha*w) on the weight tensor
	layerLambda                 // Lambda(lambda y: alpha*y) on the layer's output
)

// spelled is a model that computes a perceptron in every spelling: its outputs are [spelling, row, class].
func spelled(scope *model.Scope, spec any, inputs []*graph.Node) []*graph.Node {
	g := inputs[0].Graph()
	alpha := scope.VariableWithValue(forwardAlpha[1:], 1.0).NodeValue(g)
	unscaled := biasedNet().Model(scope, spec, inputs)[0]
	weights := scope.Store().GetVariable(outputWeights)
	w := weights.NodeValue(g)
	with := func(u *graph.Node) *graph.Node {
		weights.SetNodeValue(u)
		defer weights.SetNodeValue(w)
		return biasedNet().Model(scope.ResetVisited(), spec, inputs)[0]
	}
	return []*graph.Node{graph.Stack([]*graph.Node{
		multiply: with(graph.Mul(w, alpha)), product: with(graph.Mul(alpha, w)),
		lambda: with(scaling.ScaleOutput(w, alpha)), layerLambda: scaling.ScaleOutput(unscaled, alpha),
	}, 0)}
}

// outputsOf returns the outputs of every spelling at α. An operation that the lab has replaced leaves the forward pass
// alone.
func outputsOf(ctx context.Context, l *lab.Lab, which string, values map[string]*tensors.Tensor, seed int64, alpha float64) (f [layerLambda + 1][]float64, err error) {
	p, err := l.Probe(fmt.Sprintf("spellings, %s weights, seed %d", which, seed), func() (probe.Config, error) {
		data := dataset.Digits().First(100)
		sum := func(_, outputs []*graph.Node) *graph.Node { return graph.ReduceAllSum(outputs[0]) }
		return probe.Config{Subject: subject.Subject{Model: spelled, Data: data, Loss: sum}, Seed: seed, Values: values}, err
	})
	if err != nil {
		return f, err
	}
	scalar := scaling.Select(forwardAlpha)
	var changes []probe.Change
	if l.Operation(scaling.OpReparameterise) == scaling.OpReparameterise && l.Operation(scaling.OpScaleOutput) == scaling.OpScaleOutput {
		changes = append(changes, probe.Rescale(scalar, alpha))
	}
	all, _, err := p.Outputs(changes...)
	if err != nil {
		return f, err
	}
	for i := range f {
		f[i] = all[i*len(all)/len(f) : (i+1)*len(all)/len(f)]
	}
	return f, nil
}
