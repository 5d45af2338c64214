package claim

import (
	"fmt"
	"math"

	"alphascale/lib/dataset"
	"alphascale/lib/judge"
	"alphascale/lib/network"
	"alphascale/lib/optim"
	"alphascale/lib/probe"
	"alphascale/lib/result"
	"alphascale/lib/scaling"
	"alphascale/lib/subject"
	"alphascale/lib/training"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// changes is what an operation does to the selected weights of a probe. Operations that leave weights and forward pass
// alone change nothing there.
func (l *Lab) changes(op scaling.Operation, start training.Start, selected scaling.Selector, alpha float64) ([]probe.Change, error) {
	switch op = l.operation(op); {
	case op == scaling.OpRescale:
		return []probe.Change{probe.Rescale(selected, alpha)}, nil
	case op == scaling.OpReparameterise && start == training.KeepFunction:
		return []probe.Change{probe.ReparameteriseInPlace(selected, alpha)}, nil
	case op == scaling.OpReparameterise:
		return []probe.Change{probe.Reparameterise(selected, alpha)}, nil
	case op == scaling.OpScaleLearningRate || op == scaling.OpScaleLoss:
		return nil, nil
	}
	return nil, fmt.Errorf("a probe of selected weights cannot carry out %q", op)
}

// reparameterised turns the settings of a reparameterised run into those of the operation that the lab puts in its place:
// a run without α in the forward pass, whose learning rate α multiplies.
func (l *Lab) reparameterised(s training.Settings) training.Settings {
	if l.operation(scaling.OpReparameterise) != scaling.OpReparameterise {
		s.Hyper = s.Hyper.With(optim.LearningRate, s.Alpha*s.Hyper[optim.LearningRate])
		s.Alpha, s.Scaled = 1, nil
	}
	return s
}

// architecture is a network of package network.
type architecture interface {
	fmt.Stringer
	Model(scope *model.Scope, spec any, inputs []*graph.Node) []*graph.Node
}

// initialProbe is a probe of a network at its initial weights, on the first rows of the digits.
func (l *Lab) initialProbe(net architecture, rows int, seed int64) (*probe.Probe, error) {
	return l.probe(fmt.Sprintf("%s, %d digits, seed %d", net, rows, seed), func() (probe.Config, error) {
		data := dataset.Digits().First(rows)
		return probe.Config{Subject: subject.Of(net.Model, data), Seed: seed}, nil
	})
}

// gradientSetting is a setting in which a law gives the exponent of a gradient in α.
type gradientSetting struct {
	name     string
	cites    string
	law      scaling.Law
	of       scaling.Observable // Jacobian or Gradient
	net      architecture
	selected string // which weights α multiplies
	watched  string // the weights by which the derivative is taken
	start    training.Start
}

// gradientSettings are the laws of the gradient that are powers of α, each in a perceptron and in a convolutional network:
// two by which it grows with α and one by which it falls.
func gradientSettings() []gradientSetting {
	var out []gradientSetting
	for _, net := range homogeneousNets() {
		homogeneous := scaling.HomogeneousLaw(net.layers)
		out = append(out,
			gradientSetting{
				"u = α·w from the same function, " + net.String() + ", loss gradient", "L1: chain rule; Yang & Hu 2021",
				scaling.ReparameteriseLaw(), scaling.Gradient, net, "weights", firstWeights, training.KeepFunction,
			},
			gradientSetting{
				"w ← α·w in all layers, " + net.String() + ", gradient of the outputs", "L2: f(αθ) = α^L·f(θ); Lyu & Li 2020",
				homogeneous, scaling.Jacobian, net, "weights", firstWeights, training.KeepFunction,
			})
	}
	return append(out, invariantSettings()...)
}

// layered is a network with the given number of layers of weights.
type layered struct {
	architecture
	layers int
}

// homogeneousNets are positively homogeneous: no biases, and ReLU.
func homogeneousNets() []layered {
	plain, cnn := plainNet(), network.CNN{Channels: []int{4, 8}, Outputs: 10, NoBias: true}
	return []layered{{plain, len(plain.Hidden) + 1}, {cnn, len(cnn.Channels) + 1}}
}

// invariantSettings are the rescale of all weights in front of batch normalisation without ε.
func invariantSettings() []gradientSetting {
	return []gradientSetting{
		invariantSetting(network.MLP{Hidden: []int{24, 24}, Outputs: 10, NoBias: true, Norm: network.BatchNorm, NormEpsilon: -1}),
		invariantSetting(network.CNN{Channels: []int{4, 8}, Outputs: 10, NoBias: true, Norm: network.BatchNorm, NormEpsilon: -1}),
	}
}

// layerNormSetting is the same with layer normalisation. Convolutions see patches without ink there, which have no spread
// to divide by without an ε.
func layerNormSetting() gradientSetting {
	return invariantSetting(network.MLP{Hidden: []int{24, 24}, Outputs: 10, NoBias: true, Norm: network.LayerNorm, NormEpsilon: -1})
}

func invariantSetting(net architecture) gradientSetting {
	return gradientSetting{
		"w ← α·w before a normalisation, " + net.String() + ", loss gradient", "L3: L(αw) = L(w); van Laarhoven 2017",
		scaling.ScaleInvariantLaw(), scaling.Gradient, net, "/layer_*/dense/weights", firstWeights, training.KeepFunction,
	}
}

// fallingGradients are the experiments that measure the exponent of the gradient over the given α. A case agrees with an
// article that has gradients vanish at large α, or explode at small α, where the gradient falls as α grows.
func fallingGradients(settings []gradientSetting, alphas []float64) []experiment {
	return each(settings, func(l *Lab, s gradientSetting) (Case, error) {
		c, fit, err := l.gradientCase(s, s.of, alphas)
		c.Agrees = fit.High < -judge.ExponentTolerance
		return c, err
	})
}

// gradientCase measures the exponent of a gradient and holds it against what the setting's law says of the observable.
// Where all weights of a homogeneous network are multiplied, it measures the degree by Euler's identity too.
func (l *Lab) gradientCase(s gradientSetting, of scaling.Observable, alphas []float64) (Case, result.Fit, error) {
	c := Case{Setting: s.name, Law: s.cites}
	predicted, err := l.exponent(s.law, of)
	if err != nil {
		return c, result.Fit{}, err
	}
	fit, err := l.addExponent(&c, "norm of the "+string(of), predicted, alphas,
		func(seed int64) ([]float64, error) { return l.gradientNorms(s, seed, alphas) })
	if net, ok := s.net.(layered); err == nil && ok && s.law.Operation == scaling.OpRescale && s.selected == "weights" {
		err = l.addDegree(&c, net, s.law)
	}
	return c, fit, err
}

// addDegree adds the degree of homogeneity in all weights, ⟨θ,∂f/∂θ⟩/f.
func (l *Lab) addDegree(c *Case, net layered, law scaling.Law) error {
	predicted, err := l.exponent(law, scaling.Function)
	if err != nil {
		return err
	}
	for _, seed := range l.seeds() {
		p, err := l.initialProbe(net, 100, seed)
		if err != nil {
			return err
		}
		h, err := p.Homogeneity(scaling.Weights())
		if err != nil {
			return err
		}
		const what = "degree of the outputs by Euler's identity"
		check := judge.Between(what, predicted, h.Degree, h.Degree-h.Error, h.Degree+h.Error, 1e-9)
		c.Checks, c.Controls = append(c.Checks, check), append(c.Controls, check.Control("control: "+what, predicted-wrongBy))
	}
	return nil
}

// gradientNorms measures the norm of the derivative by the watched weights at each α.
func (l *Lab) gradientNorms(s gradientSetting, seed int64, alphas []float64) ([]float64, error) {
	p, err := l.initialProbe(s.net, 100, seed)
	if err != nil {
		return nil, err
	}
	selected := scaling.Select(s.selected)
	var out []float64
	for _, alpha := range alphas {
		changes, err := l.changes(s.law.Operation, s.start, selected, alpha)
		if err != nil {
			return nil, err
		}
		var norms probe.Norms
		if s.of == scaling.Jacobian {
			norms, err = p.OutputGradientNorms(1, changes...)
		} else {
			norms, err = p.GradientNorms(changes...)
		}
		if err != nil {
			return nil, err
		}
		norm, err := norms.Of(s.watched)
		if err != nil {
			return nil, err
		}
		out = append(out, norm)
	}
	return out, nil
}

// perUnit divides values by the first, so that seeds share one power law.
func perUnit(values []float64) []float64 {
	out := make([]float64, len(values))
	for i, v := range values {
		out[i] = v / values[0]
	}
	return out
}

// peak finds the maximum of a function with one peak by golden-section search (Kiefer 1953) in the logarithm.
func peak(f func(x float64) (float64, error), low, high float64) (float64, error) {
	ratio := (math.Sqrt(5) - 1) / 2
	a, b := math.Log(low), math.Log(high)
	for b-a > 1e-6 {
		c, d := b-ratio*(b-a), a+ratio*(b-a)
		left, err := f(math.Exp(c))
		if err != nil {
			return 0, err
		}
		right, err := f(math.Exp(d))
		if err != nil {
			return 0, err
		}
		if left > right {
			b = d
		} else {
			a = c
		}
	}
	return math.Exp((a + b) / 2), nil
}
