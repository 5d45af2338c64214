package claim

import (
	"fmt"
	"math"

	"alphascale/lib/dataset"
	"alphascale/lib/measure"
	"alphascale/lib/network"
	"alphascale/lib/optim"
	"alphascale/lib/scaling"
	"alphascale/lib/training"
)

// changes is what an operation does to the selected weights of a probe. Operations that leave weights and forward pass
// alone change nothing there.
func (l *Lab) changes(op scaling.Operation, start training.Start, selected scaling.Selector, alpha float64) ([]measure.Change, error) {
	switch op = l.operation(op); {
	case op == scaling.OpRescale:
		return []measure.Change{measure.Rescale(selected, alpha)}, nil
	case op == scaling.OpReparameterise && start == training.KeepFunction:
		return []measure.Change{measure.ReparameteriseInPlace(selected, alpha)}, nil
	case op == scaling.OpReparameterise:
		return []measure.Change{measure.Reparameterise(selected, alpha)}, nil
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

// mlpProbe is a probe of a perceptron at its initial weights, on the first rows of the digits.
func (l *Lab) mlpProbe(net network.MLP, rows int, seed int64) (*measure.Probe, error) {
	return l.probe(fmt.Sprintf("%s, %d digits, seed %d", net, rows, seed), func() (measure.Config, error) {
		data, err := digits(rows)
		return measure.Config{Model: net.Model, Data: data, Seed: seed}, err
	})
}

// rowsOf are the rows of a set with the given numbers.
func rowsOf(set dataset.Set, rows []int) dataset.Set {
	out := set
	out.Inputs, out.Labels = nil, nil
	for _, r := range rows {
		out.Inputs = append(out.Inputs, set.Inputs[r*set.Width():(r+1)*set.Width()]...)
		out.Labels = append(out.Labels, set.Labels[r])
	}
	return out
}

// gradientSetting is a setting in which a law gives the exponent of a gradient in α.
type gradientSetting struct {
	name     string
	cites    string
	law      scaling.Law
	of       scaling.Observable // Jacobian or Gradient
	net      network.MLP
	selected string // which weights α multiplies
	watched  string // the weights by which the derivative is taken
	start    training.Start
}

// gradientSettings are the laws of the gradient that are powers of α: two by which it grows with α and one by which it
// falls.
func gradientSettings() ([]gradientSetting, error) {
	plain := network.MLP{Hidden: []int{24, 24, 24}, Outputs: 10, NoBias: true}
	normalised := network.MLP{Hidden: []int{24, 24}, Outputs: 10, NoBias: true, Norm: network.BatchNorm, NormEpsilon: -1}
	depth := len(plain.Hidden) + 1
	homogeneous, err := scaling.HomogeneousLaw(depth)
	return []gradientSetting{
		{"u = α·w from the same function, " + plain.String() + ", loss gradient", "L1: chain rule; Yang & Hu 2021",
			scaling.ReparameteriseLaw(), scaling.Gradient, plain, "weights", "/layer_0/dense/weights", training.KeepFunction},
		{"w ← α·w in all layers, " + plain.String() + ", gradient of the outputs", "L2: f(αθ) = α^L·f(θ); Lyu & Li 2020",
			homogeneous, scaling.Jacobian, plain, "weights", "/layer_0/dense/weights", training.KeepFunction},
		{"w ← α·w before a normalisation, " + normalised.String() + ", loss gradient", "L3: L(αw) = L(w); van Laarhoven 2017",
			scaling.ScaleInvariantLaw(), scaling.Gradient, normalised, "/layer_*/dense/weights", "/layer_0/dense/weights", training.KeepFunction},
	}, err
}

// gradientCases measures the exponent of the gradient in each of the settings over the given α. A case agrees with an
// article that has gradients vanish at large α, or explode at small α, where the gradient falls as α grows.
func (l *Lab) gradientCases(alphas []float64) ([]Case, error) {
	settings, err := gradientSettings()
	if err != nil {
		return nil, err
	}
	var cases []Case
	for _, s := range settings {
		c := Case{Setting: s.name, Law: s.cites}
		predicted, err := l.exponent(s.law, s.of)
		if err != nil {
			return cases, err
		}
		fit, err := l.addExponent(&c, "exponent of the gradient norm", predicted, alphas,
			func(seed int64) ([]float64, error) { return l.gradientNorms(s, seed, alphas) })
		if err != nil {
			return cases, err
		}
		c.Agrees = fit.High < -exponentTolerance
		cases = append(cases, c)
	}
	return cases, nil
}

// gradientNorms measures the norm of the derivative by the watched weights at each α.
func (l *Lab) gradientNorms(s gradientSetting, seed int64, alphas []float64) ([]float64, error) {
	p, err := l.mlpProbe(s.net, 100, seed)
	if err != nil {
		return nil, err
	}
	selected, err := scaling.Select(s.selected)
	if err != nil {
		return nil, err
	}
	var out []float64
	for _, alpha := range alphas {
		changes, err := l.changes(s.law.Operation, s.start, selected, alpha)
		if err != nil {
			return nil, err
		}
		var norms measure.Norms
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
