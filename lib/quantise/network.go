package quantise

import (
	"fmt"
	"slices"

	"alphascale/lib/probe"
	"alphascale/lib/subject"

	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// Network measures a model at rounded weights against the same model at the weights that it was trained to. It is compiled once. Several
// goroutines may use it at once; they take turns.
type Network struct {
	probe   *probe.Probe
	labels  []int
	outputs []float64 // at the reference
}

// Quality is what is left of a network.
type Quality struct {
	Accuracy float64 // share of rows whose largest output is that of their label, from 0 to 1
	Error    float64 // mean squared difference of the outputs from those at the reference, in their own unit squared
}

// NewNetwork compiles a model for data with labels, in evaluation. The reference holds its weights by path, such as
// training.Run.Final of a run without α; what the model does not have is passed over, and a variable that it has and the reference has not
// is an error, besides those of probe.New.
func NewNetwork(s subject.Subject, reference map[string]*tensors.Tensor) (*Network, error) {
	if len(s.Data.Labels) == 0 {
		return nil, fmt.Errorf("data set %q has no labels: accuracy is about classes", s.Data.Name)
	}
	p, err := probeAt(s, reference)
	if err != nil {
		return nil, err
	}
	n := &Network{probe: p, labels: s.Data.Labels}
	if n.outputs, err = n.Outputs(reference); err != nil {
		n.Finalize()
		return nil, err
	}
	if rows := len(n.labels); len(n.outputs)%rows != 0 || len(n.outputs)/rows < s.Data.Classes {
		n.Finalize()
		return nil, fmt.Errorf("the model gives %d outputs for %d rows of %d classes: give one a class", len(n.outputs), rows, s.Data.Classes)
	}
	return n, nil
}

// probeAt is a probe of which every variable has a given value.
func probeAt(s subject.Subject, values map[string]*tensors.Tensor) (*probe.Probe, error) {
	p, err := probe.New(probe.Config{Subject: s, Values: values, Evaluation: true})
	if err != nil {
		return nil, err
	}
	has, err := p.Values()
	if err != nil {
		return nil, err
	}
	for path := range has {
		if _, err := valueAt(values, path); err != nil {
			return nil, fmt.Errorf("the model's values: %w", err)
		}
	}
	return p, nil
}

// Outputs returns the model's outputs at other values, flat, row by row. Variables that values leaves out stay at the reference.
func (n *Network) Outputs(values map[string]*tensors.Tensor) ([]float64, error) {
	there, err := n.probe.At(values)
	if err != nil {
		return nil, err
	}
	outputs, _, err := there.Outputs()
	return outputs, err
}

// At measures the model at other values, as Outputs takes them.
func (n *Network) At(values map[string]*tensors.Tensor) (Quality, error) {
	outputs, err := n.Outputs(values)
	if err != nil {
		return Quality{}, err
	}
	var q Quality
	for i, y := range outputs {
		d := y - n.outputs[i]
		q.Error += d * d / float64(len(outputs))
	}
	classes := len(outputs) / len(n.labels)
	for row, label := range n.labels {
		of := outputs[row*classes : (row+1)*classes]
		if slices.Index(of, slices.Max(of)) == label {
			q.Accuracy += 1 / float64(len(n.labels))
		}
	}
	return q, nil
}

// Finalize frees what was compiled.
func (n *Network) Finalize() { n.probe.Finalize() }

// InputRanges returns max|x| of each channel, the last axis, of the node with the given alias over all of the subject's data: what
// Smooth takes. Hidden layers of package network have the alias "/layer_0/relu"; a model of one's own gives one by GoMLX's
// Node.WithAlias. An alias that the model does not give is an error that lists what there is.
func InputRanges(s subject.Subject, values map[string]*tensors.Tensor, alias string) ([]float64, error) {
	within := s.Model
	s.Model = func(scope *model.Scope, spec any, inputs []*Node) []*Node {
		within(scope, spec, inputs)
		x := inputs[0].Graph().GetNodeByAlias(alias)
		if x == nil {
			var known []string
			for name := range inputs[0].Graph().IterAliasedNodes() {
				known = append(known, name)
			}
			panic(fmt.Errorf("no node has the alias %q: there are %v", alias, known))
		}
		axes := make([]int, x.Rank()-1)
		for axis := range axes {
			axes[axis] = axis
		}
		return []*Node{ReduceMax(Abs(x), axes...)}
	}
	s.Loss = func(_, outputs []*Node) *Node { return ReduceAllSum(outputs[0]) } // a probe has one
	p, err := probeAt(s, values)
	if err != nil {
		return nil, err
	}
	defer p.Finalize()
	ranges, _, err := p.Outputs()
	return ranges, err
}
