package lab

import (
	"fmt"

	"alphascale/lib/dataset"
	"alphascale/lib/instrument"
	"alphascale/lib/network"
	"alphascale/lib/optim"
	"alphascale/lib/probe"
	"alphascale/lib/scaling"
	"alphascale/lib/subject"
	"alphascale/lib/training"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// FirstWeights are the weights that α multiplies where a layer saturates.
const FirstWeights = "/layer_0/dense/weights"

// Perceptron is the ReLU perceptron on the digits that most claims are judged on. α multiplies the weights of its first layer.
func Perceptron(family optim.Family, terms ...optim.Hyper) training.Config {
	data := dataset.Digits().First(1792)
	first := scaling.Select(FirstWeights)
	return training.Config{
		Scaled: first, Watched: first,
		Subject: subject.Of(network.MLP{Hidden: []int{32, 32}, Outputs: 10}.Model, data), Optimizer: optim.New(family, terms...), Steps: 100,
		Instruments: []instrument.Instrument{instrument.UpdateNorm()},
	}
}

// WholePerceptron is the same with α on every variable, biases included, and its key in the lab.
func WholePerceptron(family optim.Family) (key string, config func() (training.Config, error)) {
	return "whole perceptron " + string(family), func() (training.Config, error) {
		c := Perceptron(family)
		c.Scaled, c.Instruments = scaling.Everything(), nil
		c.Model = network.MLP{Hidden: []int{24, 24}, Outputs: 10}.Model
		return c, nil
	}
}

// NormalisedPerceptron has scale-invariant weights in its hidden layers: no bias, and no ε in the normalisation.
func NormalisedPerceptron() (training.Config, error) {
	c := Perceptron(optim.SGD)
	c.Model = network.MLP{Hidden: []int{32, 32}, Outputs: 10, NoBias: true, Norm: network.BatchNorm, NormEpsilon: -1}.Model
	c.Instruments = []instrument.Instrument{instrument.StepAngle()}
	return c, nil
}

// PlainNet is the bias-free ReLU perceptron on which positive homogeneity is measured. Claims about it share its probe.
func PlainNet() network.MLP {
	return network.MLP{Hidden: []int{24, 24, 24}, Outputs: 10, NoBias: true}
}

// Architecture is a network of package network.
type Architecture interface {
	fmt.Stringer
	Model(scope *model.Scope, spec any, inputs []*graph.Node) []*graph.Node
}

// InitialProbe is a probe of a network at its initial weights, on the first rows of the digits.
func (l *Lab) InitialProbe(net Architecture, rows int, seed int64) (*probe.Probe, error) {
	return l.Probe(fmt.Sprintf("%s, %d digits, seed %d", net, rows, seed), func() (probe.Config, error) {
		data := dataset.Digits().First(rows)
		return probe.Config{Subject: subject.Of(net.Model, data), Seed: seed}, nil
	})
}
