package claim

import (
	"context"
	"math"

	"alphascale/lib/lab"

	"alphascale/lib/optim"
	"alphascale/lib/training"

	"github.com/gomlx/gomlx/core/tensors"
)

// byPath are weights by their path.
type byPath = map[string]*tensors.Tensor

// perceptronRuns trains the perceptron, reparameterised or as the lab's swap has it.
func perceptronRuns(ctx context.Context, l *lab.Lab, family optim.Family, settings ...training.Settings) ([]*training.Run, error) {
	return l.Run(ctx, "perceptron "+string(family), func() (training.Config, error) { return lab.Perceptron(family), nil }, l.ReparameterisedAll(settings)...)
}

// shortened returns the settings for as many steps as it takes to compare runs bit for bit.
func shortened(settings ...training.Settings) []training.Settings {
	for i := range settings {
		settings[i].Steps = 50
	}
	return settings
}

// withFactor returns the settings with α to a power on one hyperparameter of the scaled weights.
func withFactor(s training.Settings, name optim.Hyper, power float64) training.Settings {
	value, given := s.ScaledHyper[name]
	if !given {
		value = s.Hyper[name]
	}
	s.ScaledHyper = s.ScaledHyper.With(name, value*math.Pow(s.Alpha, power))
	return s
}

// penalty is a kind of weight decay on the perceptron: who applies it, and its strength at α = 1.
type penalty struct {
	what   string
	family optim.Family
	name   optim.Hyper
	h      optim.Values
}

func penalties() []penalty {
	return []penalty{
		{"L2 in the gradient", optim.SGD, optim.L2, optim.Values{optim.LearningRate: 0.1, optim.L2: 0.01}},
		{"L1 in the gradient", optim.SGD, optim.L1, optim.Values{optim.LearningRate: 0.1, optim.L1: 0.002}},
		{
			"decoupled decay", optim.AdamW, optim.WeightDecay,
			optim.Values{optim.LearningRate: 0.005, optim.Epsilon: 1e-8, optim.WeightDecay: 0.1},
		},
	}
}

// program is the perceptron with the penalty, and its key in the lab.
func (p penalty) program() (key string, config func() (training.Config, error)) {
	if p.family != optim.SGD {
		return "perceptron " + string(p.family), func() (training.Config, error) { return lab.Perceptron(p.family), nil }
	}
	return "perceptron sgd with penalties", func() (training.Config, error) {
		return lab.Perceptron(p.family, optim.L2, optim.L1), nil
	}
}

// penalisedRuns trains the perceptron with a penalty, reparameterised or as the lab's swap has it.
func penalisedRuns(ctx context.Context, l *lab.Lab, p penalty, settings ...training.Settings) ([]*training.Run, error) {
	key, config := p.program()
	return l.Run(ctx, key, config, l.ReparameterisedAll(settings)...)
}

// trainedWeights trains the perceptron with a penalty and without α, and returns its weights and biases and the paths of
// the weights. The optimizer's moments are left behind: a step from here is a first one.
func trainedWeights(ctx context.Context, l *lab.Lab, p penalty, seed int64) (values map[string]*tensors.Tensor, weights []string, err error) {
	program, err := l.Program(p.program())
	if err != nil {
		return nil, nil, err
	}
	runs, err := penalisedRuns(ctx, l, p, training.Settings{Alpha: 1, Hyper: p.h, Seed: seed, Keep: true})
	if err != nil {
		return nil, nil, err
	}
	values = map[string]*tensors.Tensor{}
	for path := range program.Variables() {
		values[path] = runs[0].Final[path]
	}
	return values, runs[0].Watched(), nil
}
