package width

import (
	"fmt"
	"math"

	"alphascale/lib/backend"
	"alphascale/lib/optim"
	"alphascale/lib/probe"
	"alphascale/lib/scaling"
	"alphascale/lib/subject"
	"alphascale/lib/training"

	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/train"
	"gonum.org/v1/gonum/floats"
)

// Family is a family of models that differ in their width, with the parametrisation that says how the rest goes with it. At the base
// width the model is as it is written, whatever the parametrisation.
type Family struct {
	Models          func(width int) train.ModelFn
	Base            int
	Optimizer       optim.Family
	Parametrisation Parametrisation
}

// Network is the training of one width: a program in which each variable that grows is a group of its own, with the multiplier, the
// initial deviation and the learning rate that the parametrisation has for it.
type Network struct {
	*training.Program
	base      subject.Subject
	optimizer optim.Family
	scales    map[string]scale
}

// scale is what a parametrisation makes of one variable at a width: factors of what it is at the base.
type scale struct{ multiplier, deviation, rate float64 }

// Compile compiles the training of a width. The configuration's Model, Optimizer, Scaled and Groups are the family's; the rest is taken
// as it is. A width below 1 and what a training cannot use are errors. The caller finalizes the network.
func (f Family) Compile(width int, config training.Config) (*Network, error) {
	if err := f.complete(); err != nil {
		return nil, err
	}
	if width < 1 || f.Base < 1 {
		return nil, fmt.Errorf("width %d of a family whose base is %d: widths are 1 or more", width, f.Base)
	}
	config.Model, config.Optimizer, config.Scaled = f.Models(width), optim.New(f.Optimizer), scaling.Nothing()
	n := &Network{base: config.Subject, optimizer: f.Optimizer}
	n.base.Model = f.Models(f.Base)
	roles, err := f.roles(config.Subject)
	if err != nil {
		return nil, err
	}
	if n.scales, err = f.scales(float64(width)/float64(f.Base), roles); err != nil {
		return nil, err
	}
	described, err := training.Describe(config)
	if err != nil {
		return nil, err
	}
	config.Groups = nil
	trained := map[string]scale{}
	for _, path := range described.Unscaled {
		if s, grows := n.scales[path]; grows {
			trained[path] = s
			config.Groups = append(config.Groups, training.Group{Name: path, Variables: scaling.Select(path)})
		}
	}
	n.scales = trained
	n.Program, err = training.Compile(config)
	return n, err
}

// complete returns an error that says what the family lacks.
func (f Family) complete() error {
	if f.Models == nil || f.Parametrisation.Of == nil {
		return fmt.Errorf("a family needs Models, a function of the width, and a Parametrisation, such as width.Standard()")
	}
	return nil
}

// roles are those of the variables of the family, found at its base and at twice that width.
func (f Family) roles(of subject.Subject) (map[string]Role, error) {
	shapes := make([]map[string][]int, 2)
	for i, width := range []int{f.Base, 2 * f.Base} {
		of.Model = f.Models(width)
		values, err := drawn(of, 1)
		if err != nil {
			return nil, err
		}
		shapes[i] = map[string][]int{}
		for path, value := range values {
			shapes[i][path] = value.Shape().Dimensions
		}
	}
	return Roles(shapes[0], shapes[1])
}

// drawn are the weights of a seed.
func drawn(of subject.Subject, seed int64) (map[string]*tensors.Tensor, error) {
	p, err := probe.New(probe.Config{Subject: of, Seed: seed})
	if err != nil {
		return nil, err
	}
	defer p.Finalize()
	return p.Values()
}

// scales are those of every variable that grows, at a multiple of the base width.
func (f Family) scales(ratio float64, roles map[string]Role) (map[string]scale, error) {
	out := map[string]scale{}
	for path, role := range roles {
		if role == Fixed {
			continue
		}
		x, err := f.Parametrisation.Of(role, f.Optimizer)
		if err != nil {
			return nil, err
		}
		out[path] = scale{math.Pow(ratio, -x.A), math.Pow(ratio, -x.B), math.Pow(ratio, -x.C)}
	}
	return out, nil
}

// Settings are those of a run from weights of the seed with hyperparameters h, which are those at the base width: the learning rate is
// needed in it. It goes with the width as the parametrisation has it, and the others as scaling.Compensate has them, whose errors are
// this one's too. Deviations are those of the model at the base width, whose own rule for drawing them need not be known.
func (n *Network) Settings(h optim.Values, seed int64) (training.Settings, error) {
	s := training.Settings{Alpha: 1, Start: training.KeepWeights, Hyper: h, Seed: seed, Groups: map[string]training.GroupSettings{}}
	eta, given := h[optim.LearningRate]
	if !given {
		return s, fmt.Errorf("no learning rate: give that of the base width in the hyperparameters")
	}
	base, err := drawn(n.base, seed)
	if err != nil {
		return s, err
	}
	if s.Initial, err = n.Initial(seed); err != nil {
		return s, err
	}
	for path, x := range n.scales {
		// By law 1 a multiplier is an α, and ε and whatever else has a unit goes with it.
		own, err := scaling.Compensate(n.optimizer, h, x.multiplier, scaling.NoZeroVariable, scaling.ClippedTogether)
		if err != nil {
			return s, err
		}
		s.Groups[path] = training.GroupSettings{Alpha: x.multiplier, Hyper: own.With(optim.LearningRate, eta*x.rate)}
		wanted, err := deviation(base[path])
		if err != nil {
			return s, err
		}
		is, err := deviation(s.Initial[path])
		if err != nil {
			return s, err
		}
		if is == 0 || wanted == 0 {
			continue // biases begin at zero
		}
		if s.Initial, err = scaling.Rescale(s.Initial, []string{path}, x.deviation*wanted/is, scaling.KeepMoments); err != nil {
			return s, err
		}
	}
	return s, nil
}

// deviation is the root mean square of a variable's values.
func deviation(t *tensors.Tensor) (float64, error) {
	flat, err := backend.Floats(t)
	return floats.Norm(flat, 2) / math.Sqrt(float64(len(flat))), err
}
