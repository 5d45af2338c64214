package width

import (
	"context"
	"math/rand/v2"

	"alphascale/lib/dataset"
	"alphascale/lib/optim"
	"alphascale/lib/probe"
	"alphascale/lib/scaling"
	"alphascale/lib/subject"
	"alphascale/lib/training"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/train"
	"gonum.org/v1/gonum/floats"
)

const rows = 64

// at is the mean square of the change of the output through each variable alone, over the seeds and the rows.
func (c Check) at(ctx context.Context, width int) (map[string]float64, error) {
	data := c.Data.First(min(rows, c.Data.Rows()))
	of := subject.Subject{Data: data, Loss: linear(data), DType: dtypes.Float64}
	n, err := c.Compile(width, training.Config{Subject: of, Steps: 1, Batch: data.Rows()})
	if err != nil {
		return nil, err
	}
	defer n.Finalize()
	of.Model = c.Models(width)
	p, err := probe.New(probe.Config{Subject: of})
	if err != nil {
		return nil, err
	}
	defer p.Finalize()
	out := map[string]float64{}
	for seed := int64(1); seed <= int64(c.Seeds); seed++ {
		start, err := n.Settings(c.tiny(), seed)
		if err != nil {
			return nil, err
		}
		start.Steps, start.Keep = 1, true
		before, err := n.output(p, start.Initial)
		if err != nil {
			return nil, err
		}
		for path := range n.scales {
			run, err := n.RunOn(ctx, 0, alone(start, path))
			if err != nil {
				return nil, err
			}
			after, err := n.output(p, run.Final)
			if err != nil {
				return nil, err
			}
			d := floats.Distance(after, before, 2)
			out[path] += d * d / float64(len(after)*c.Seeds)
		}
	}
	return out, nil
}

// tiny are hyperparameters with which a step is of first order in η, and with an ε far below every gradient, at every width.
func (c Check) tiny() optim.Values {
	h := optim.Values{optim.LearningRate: eta}
	if _, has := optim.Defaults(c.Optimizer)[optim.Epsilon]; has {
		h[optim.Epsilon] = 1e-30
	}
	return h
}

// alone are the settings of a step in which one variable is trained.
func alone(s training.Settings, path string) training.Settings {
	groups := map[string]training.GroupSettings{}
	for name, own := range s.Groups {
		if name != path {
			own.Hyper = own.Hyper.With(optim.LearningRate, 0)
		}
		groups[name] = own
	}
	s.Groups, s.Hyper = groups, s.Hyper.With(optim.LearningRate, 0)
	return s
}

// output is f on all rows at the given weights, with the multipliers.
func (n *Network) output(p *probe.Probe, values map[string]*tensors.Tensor) ([]float64, error) {
	there, err := p.At(values)
	if err != nil {
		return nil, err
	}
	var changes []probe.Change
	for path, s := range n.scales {
		if s.multiplier != 1 {
			changes = append(changes, probe.Reparameterise(scaling.Select(path), s.multiplier))
		}
	}
	f, _, err := there.Outputs(changes...)
	return f, err
}

// linear is a loss that is linear in the outputs, with coefficients that are drawn once: its slope is the same at every width, where that
// of cross-entropy goes with f, which in some parametrisations shrinks as the width grows. Rows of one label share their coefficients.
func linear(data dataset.Set) train.LossFn {
	return func(_, predictions []*graph.Node) *graph.Node {
		f := predictions[0]
		shape := f.Shape()
		per := shape.Size() / shape.Dimensions[0]
		coefficients := make([]float64, 0, shape.Size())
		for row := range shape.Dimensions[0] {
			drawn := uint64(row)
			if row < len(data.Labels) {
				drawn = uint64(data.Labels[row])
			}
			random := rand.New(rand.NewPCG(drawn, 0))
			for range per {
				coefficients = append(coefficients, random.NormFloat64())
			}
		}
		c := graph.ConvertDType(graph.Const(f.Graph(), tensors.FromFlatDataAndDimensions(coefficients, shape.Dimensions...)), f.DType())
		return graph.DivScalar(graph.ReduceAllSum(graph.Mul(c, f)), float64(shape.Dimensions[0]))
	}
}
