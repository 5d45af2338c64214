package claim

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"alphascale/lib/backend"
	"alphascale/lib/optim"
	"alphascale/lib/scaling"
	"alphascale/lib/training"

	"github.com/gomlx/gomlx/core/tensors"
	"gonum.org/v1/gonum/floats"
)

// effectiveExponent is the law's prediction for the power of α by which a hyperparameter acts.
func (l *Lab) effectiveExponent(law scaling.Law, family optim.Family, name optim.Hyper) (float64, error) {
	return l.predict(law.EffectiveExponent(family, name))
}

// perceptronRuns trains the perceptron, reparameterised or as the lab's swap has it.
func (l *Lab) perceptronRuns(family optim.Family, settings ...training.Settings) ([]*training.Run, error) {
	return l.run("perceptron "+string(family), func() (training.Config, error) { return perceptron(family) }, l.all(settings)...)
}

// all turns the settings of reparameterised runs into those of the operation that the lab puts in its place.
func (l *Lab) all(settings []training.Settings) []training.Settings {
	out := make([]training.Settings, len(settings))
	for i, s := range settings {
		out[i] = l.reparameterised(s)
	}
	return out
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
	value, given := s.Scaled[name]
	if !given {
		value = s.Hyper[name]
	}
	s.Scaled = s.Scaled.With(name, value*math.Pow(s.Alpha, power))
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
		return "perceptron " + string(p.family), func() (training.Config, error) { return perceptron(p.family) }
	}
	return "perceptron sgd with penalties", func() (training.Config, error) {
		return perceptron(p.family, optim.L2, optim.L1)
	}
}

// penalisedRuns trains the perceptron with a penalty, reparameterised or as the lab's swap has it.
func (l *Lab) penalisedRuns(p penalty, settings ...training.Settings) ([]*training.Run, error) {
	key, config := p.program()
	return l.run(key, config, l.all(settings)...)
}

// trainedWeights trains the perceptron with a penalty and without α, and returns its weights and biases and the paths of
// the weights. The optimizer's moments are left behind: a step from here is a first one.
func (l *Lab) trainedWeights(p penalty, seed int64) (values map[string]*tensors.Tensor, weights []string, err error) {
	program, err := l.program(p.program())
	if err != nil {
		return nil, nil, err
	}
	runs, err := l.penalisedRuns(p, training.Settings{Alpha: 1, Hyper: p.h, Seed: seed, Keep: true})
	if err != nil {
		return nil, nil, err
	}
	values = map[string]*tensors.Tensor{}
	for path := range program.Variables() {
		values[path] = runs[0].Final[path]
	}
	return values, runs[0].Watched(), nil
}

// flatWeights lists all values of the weights with the given paths, multiplied by a factor.
func flatWeights(values map[string]*tensors.Tensor, paths []string, factor float64) ([]float64, error) {
	var out []float64
	for _, path := range paths {
		if values[path] == nil {
			return nil, fmt.Errorf("no weight %q was kept: there are %v", path, slices.Sorted(maps.Keys(values)))
		}
		flat, err := backend.Floats(values[path])
		if err != nil {
			return nil, err
		}
		out = append(out, flat...)
	}
	floats.Scale(factor, out)
	return out, nil
}
