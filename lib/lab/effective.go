package lab

import (
	"fmt"

	"alphascale/lib/dataset"
	"alphascale/lib/optim"
	"alphascale/lib/probe"
	"alphascale/lib/result"
	"alphascale/lib/scaling"
	"alphascale/lib/subject"
	"alphascale/lib/training"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/ml/train"
	"github.com/gomlx/gomlx/support/exceptions"
	"gonum.org/v1/gonum/floats"
)

// inUse is a model that computes what the network does and returns the weights of the first layer that it used: u = α·w where they
// are reparameterised.
func inUse(net train.ModelFn) train.ModelFn {
	return func(scope *model.Scope, spec any, inputs []*graph.Node) []*graph.Node {
		net(scope, spec, inputs)
		first := scope.Store().GetVariable(FirstWeights)
		if first == nil {
			exceptions.Panicf("the network has no weights %q to read: its first layer must be a dense one under that name", FirstWeights)
		}
		return []*graph.Node{first.NodeValue(inputs[0].Graph())}
	}
}

// InUseConfig is a probe whose outputs are the weights of the first layer that a network uses, at the given values or, without any,
// at weights drawn by the seed.
func InUseConfig(net train.ModelFn, values map[string]*tensors.Tensor, seed int64) probe.Config {
	sum := func(_, outputs []*graph.Node) *graph.Node { return graph.ReduceAllSum(outputs[0]) }
	return probe.Config{Subject: subject.Subject{Model: inUse(net), Data: dataset.Digits().First(1), Loss: sum}, Values: values, Seed: seed}
}

// MeasuredLearningRate measures at which learning rate the weights that the network uses are trained in the first layer: η times
// the length of their first step over that of the reference, the first run, which has no α. Errors are those of FirstSteps, and a
// first run with α or without η.
func MeasuredLearningRate(net train.ModelFn, initial map[string]*tensors.Tensor, runs []*training.Run) (result.Series, error) {
	s := result.Series{Label: "measured", X: result.Alpha(), Y: result.EffectiveLearningRate()}
	if len(runs) == 0 || runs[0].Settings.Alpha != 1 {
		return s, fmt.Errorf("the first run has to be the one without α, α = 1: put it before the others")
	}
	eta := runs[0].Settings.Hyper[optim.LearningRate]
	if eta == 0 {
		return s, fmt.Errorf("the first run leaves the learning rate to its default: give it in Settings.Hyper")
	}
	lengths, err := FirstSteps(net, initial, runs...)
	if err != nil {
		return s, err
	}
	for i, run := range runs {
		s.Xs, s.Ys = append(s.Xs, run.Settings.Alpha), append(s.Ys, eta*lengths[i]/lengths[0])
	}
	return s, nil
}

// FirstSteps are the lengths ‖Δu‖ of the first step of the weights that the network uses in the first layer, one for each run, read
// from its forward pass and not computed from the weights that the optimizer holds. Each run started from the function of the given
// initial values, took one step and kept its weights; another is an error.
func FirstSteps(net train.ModelFn, initial map[string]*tensors.Tensor, runs ...*training.Run) ([]float64, error) {
	for _, run := range runs {
		switch {
		case run.Settings.Start != training.KeepFunction:
			return nil, fmt.Errorf("the run with α = %g did not start from the same function: use KeepFunction", run.Settings.Alpha)
		case len(run.Loss) != 1 || run.Final == nil:
			return nil, fmt.Errorf("the run with α = %g took %d steps and may have kept no weights: take 1, with Keep", run.Settings.Alpha, len(run.Loss))
		}
	}
	start, err := weightsInUse(net, initial, 1)
	if err != nil {
		return nil, err
	}
	var lengths []float64
	for _, run := range runs {
		u, err := weightsInUse(net, run.Final, run.Settings.Alpha)
		if err != nil {
			return nil, err
		}
		lengths = append(lengths, floats.Distance(u, start, 2))
	}
	return lengths, nil
}

// weightsInUse reads the weights that the first layer uses at the given held ones.
func weightsInUse(net train.ModelFn, values map[string]*tensors.Tensor, alpha float64) ([]float64, error) {
	p, err := probe.New(InUseConfig(net, values, 0))
	if err != nil {
		return nil, err
	}
	defer p.Finalize()
	u, _, err := p.Outputs(probe.Reparameterise(scaling.Select(FirstWeights), alpha))
	return u, err
}
