package claim

import (
	"context"

	"alphascale/lib/lab"

	"alphascale/lib/judge"
	"alphascale/lib/network"
	"alphascale/lib/probe"
	"alphascale/lib/result"
	"alphascale/lib/scaling"
	"alphascale/lib/training"
)

// gradientSetting is a setting in which a law gives the exponent of a gradient in α.
type gradientSetting struct {
	name     string
	cites    string
	law      scaling.Law
	of       scaling.Observable // Jacobian or Gradient
	net      lab.Architecture
	selected string // which weights α multiplies
	watched  string // the weights by which the derivative is taken
	start    training.Start
	behind   string // what the multiplied weights feed
	looked   string // whose gradient it is, where a claim tells them apart
}

// facts are those of the setting: its law's operation, on the layers that are selected.
func (s gradientSetting) facts() []Fact {
	part := OneLayer
	if s.selected == everyWeight || s.selected == hiddenWeights {
		part = AllLayers
	}
	out := facts(s.law.Operation, part, Fact{Behind, s.behind})
	if s.looked != "" {
		out = append(out, Fact{Looked, s.looked})
	}
	return out
}

// Selectors of layers.
const (
	everyWeight   = "weights"
	secondWeights = "/layer_1/dense/weights"
	hiddenWeights = "/layer_*/dense/weights"
)

// What the multiplied weights feed.
const (
	reluNet    = "a ReLU network"
	normalised = "a normalisation"
	saturates  = "units that saturate"
)

// gradientSettings are the laws of the gradient that are powers of α, each in a perceptron and in a convolutional network:
// two by which it grows with α and two by which it falls, where something takes the scale back.
func gradientSettings() []gradientSetting {
	var out []gradientSetting
	for _, net := range homogeneousNets() {
		homogeneous := scaling.HomogeneousLaw(net.layers)
		out = append(out,
			gradientSetting{
				"u = α·w in the first layer from the same function, " + net.String() + ", loss gradient", "L1: chain rule; Yang & Hu 2021",
				scaling.ReparameteriseLaw(), scaling.Gradient, net, lab.FirstWeights, lab.FirstWeights, training.KeepFunction, reluNet, "",
			},
			gradientSetting{
				"w ← α·w in all layers, " + net.String() + ", gradient of the outputs", "L2: f(αθ) = α^D·f(θ); Lyu & Li 2020",
				homogeneous, scaling.Jacobian, net, everyWeight, lab.FirstWeights, training.KeepFunction, reluNet, "",
			})
	}
	return append(append(out, rebalancedSetting()), invariantSettings()...)
}

// rebalancedSetting is the rescale of a layer that the next layer takes back.
func rebalancedSetting() gradientSetting {
	net := lab.PlainNet()
	return gradientSetting{
		"(αW₁, W₂/α), " + net.String() + ", loss gradient with respect to W₁", "L9: Dinh et al. 2017",
		scaling.RebalanceLaw(), scaling.Gradient, net, lab.FirstWeights, lab.FirstWeights, training.KeepFunction, reluNet, "",
	}
}

// layered is a network with the given number of layers of weights.
type layered struct {
	lab.Architecture
	layers int
}

// homogeneousNets are positively homogeneous: no biases, and ReLU.
func homogeneousNets() []layered {
	plain, cnn := lab.PlainNet(), network.CNN{Channels: []int{4, 8}, Outputs: 10, NoBias: true}
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

func invariantSetting(net lab.Architecture) gradientSetting {
	return gradientSetting{
		"w ← α·w before a normalisation, " + net.String() + ", loss gradient", "L3: L(αw) = L(w); van Laarhoven 2017",
		scaling.ScaleInvariantLaw(), scaling.Gradient, net, hiddenWeights, lab.FirstWeights, training.KeepFunction, normalised, "",
	}
}

// fallingGradients are the experiments that measure the exponent of the gradient over the given α. A case agrees with an
// article that has gradients vanish at large α, or explode at small α, where the gradient falls as α grows.
func fallingGradients(settings []gradientSetting, alphas []float64) []experiment {
	return each(settings, func(ctx context.Context, l *lab.Lab, s gradientSetting) (Case, error) {
		c, fit, err := gradientCase(ctx, l, s, s.of, alphas)
		c.Agrees = fit.High < -judge.ExponentTolerance
		return c, err
	})
}

// gradientCase measures the exponent of a gradient and holds it against what the setting's law says of the observable.
// Where all weights of a homogeneous network are multiplied, it measures the degree by Euler's identity too.
func gradientCase(ctx context.Context, l *lab.Lab, s gradientSetting, of scaling.Observable, alphas []float64) (Case, result.Fit, error) {
	c := Case{Setting: s.name, Law: s.cites, Facts: s.facts()}
	predicted, err := l.Exponent(s.law, of)
	if err != nil {
		return c, result.Fit{}, err
	}
	fit, err := addExponent(ctx, l, &c, "norm of the "+string(of), predicted, alphas,
		func(seed int64) ([]float64, error) {
			if s.watched == s.selected && s.looked == ownGradient && s.law.Operation == scaling.OpRescale && of == scaling.Jacobian {
				other := s
				other.watched = lab.FirstWeights
				moved, err := gradientNorms(ctx, l, other, seed, alphas)
				if err != nil {
					return nil, err
				}
				if err := c.addMoved("norm of another layer's "+string(of), predicted, alphas, moved); err != nil {
					return nil, err
				}
			}
			return gradientNorms(ctx, l, s, seed, alphas)
		})
	if net, ok := s.net.(layered); err == nil && ok && s.law.Operation == scaling.OpRescale && s.selected == everyWeight {
		err = addDegree(ctx, l, &c, net, s.law)
	}
	return c, fit, err
}

// addDegree adds the degree of homogeneity in all weights, ⟨θ,∂f/∂θ⟩/f.
func addDegree(ctx context.Context, l *lab.Lab, c *Case, net layered, law scaling.Law) error {
	predicted, err := l.Exponent(law, scaling.Function)
	if err != nil {
		return err
	}
	for _, seed := range l.Seeds() {
		p, err := l.InitialProbe(net, 100, seed)
		if err != nil {
			return err
		}
		h, err := p.Homogeneity(scaling.Weights())
		if err != nil {
			return err
		}
		const what = "degree of the outputs by Euler's identity"
		check := judge.Between(what, predicted, h.Degree, h.Degree-h.Error, h.Degree+h.Error, 1e-9)
		c.Checks, c.Controls = append(c.Checks, check), append(c.Controls, check.Control("control: "+what, predicted-lab.WrongBy))
	}
	return nil
}

// gradientNorms measures the norm of the derivative with respect to the watched weights at each α.
func gradientNorms(ctx context.Context, l *lab.Lab, s gradientSetting, seed int64, alphas []float64) ([]float64, error) {
	p, err := l.InitialProbe(s.net, 100, seed)
	if err != nil {
		return nil, err
	}
	selected := scaling.Select(s.selected)
	var out []float64
	for _, alpha := range alphas {
		changes, err := l.Changes(s.law.Operation, s.start, selected, alpha)
		if s.law.Operation == scaling.OpRebalance {
			changes, err = l.Rebalanced(selected, scaling.Select(secondWeights), alpha)
		}
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
