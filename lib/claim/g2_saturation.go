package claim

import (
	"context"
	"fmt"
	"math"

	"alphascale/lib/lab"

	"alphascale/lib/backend"
	"alphascale/lib/dataset"
	"alphascale/lib/instrument"
	"alphascale/lib/judge"
	"alphascale/lib/law"
	"alphascale/lib/network"
	"alphascale/lib/probe"
	"alphascale/lib/result"
	"alphascale/lib/scaling"
	"alphascale/lib/subject"
	"alphascale/lib/training"

	"github.com/gomlx/gomlx/core/graph"
	"gonum.org/v1/gonum/floats"
)

// saturating are the units whose gradient has a peak.
var saturating = []*law.Activation{law.Tanh, law.Logistic}

// activationOf is GoMLX's name of a unit.
var activationOf = map[*law.Activation]string{law.Tanh: "tanh", law.Logistic: "sigmoid"}

// unitCase finds the α at which the gradient of one compiled unit φ(αwx) is largest.
func unitCase(ctx context.Context, l *lab.Lab, unit *law.Activation) (Case, error) {
	c := Case{Setting: fmt.Sprintf("u = α·w from the same weight in one %s unit", unit), Facts: facts(scaling.OpReparameterise, OneLayer, Fact{Behind, saturates}), Law: "L6: d/dα of α·φ'(αz) is 0 at the peak"}
	predicted, err := l.Predict(unit.Peak(), nil)
	if err != nil {
		return c, err
	}
	other := law.Logistic
	if unit == other {
		other = law.Tanh
	}
	wrong := other.Peak()
	for _, seed := range l.Seeds() {
		one := dataset.Set{Name: "one number", Shape: []int{1}, Inputs: []float64{1}, Targets: []float64{0}}
		gradient, p, err := saturation(ctx, l, unit, 1, one, seed)
		if err != nil {
			return c, err
		}
		values, err := p.Values()
		if err != nil {
			return c, err
		}
		w, err := backend.Floats(values[lab.FirstWeights])
		if err != nil {
			return c, err
		}
		size := math.Abs(w[0]) // |z|, the input being 1
		alpha, err := lab.Peak(gradient, 0.01/size, 100/size)
		if err != nil {
			return c, err
		}
		u := alpha * size
		check := judge.Exact(fmt.Sprintf("α|z| of the largest gradient, %s unit", unit), predicted, u, 1e-3)
		c.Checks = append(c.Checks, check)
		c.Controls = append(c.Controls, check.Control("control: the peak of the "+other.String()+" unit", wrong))
		curve, err := saturationSeries(gradient, []float64{0.1 * alpha, 0.3 * alpha, alpha, 3 * alpha, 10 * alpha})
		if err != nil {
			return c, err
		}
		c.Series = append(c.Series, curve)
		c.Agrees = curve.Ys[4] < curve.Ys[2]/100
	}
	return c, nil
}

// saturatedLayer holds the gradient of a whole layer of units over a hundred digits against the sum of its units.
func saturatedLayer(ctx context.Context, l *lab.Lab, unit *law.Activation) (Case, error) {
	c := Case{Setting: fmt.Sprintf("u = α·w from the same weights in a layer of 32 %s units, 100 digits", unit), Facts: facts(scaling.OpReparameterise, OneLayer, Fact{Behind, saturates}), Law: "L6, summed over units and digits"}
	data := dataset.Digits().First(100)
	data.Labels, data.Targets = nil, make([]float64, data.Rows())
	gradient, p, err := saturation(ctx, l, unit, 32, data, l.Seeds()[0])
	if err != nil {
		return c, err
	}
	// Over many rows the last unit saturates late: its |z| happens to be small.
	curve, err := saturationSeries(gradient, []float64{1. / 8, 1, 8, 64, 1e3, 1e4, 1e5})
	if err != nil {
		return c, err
	}
	c.Series, c.Agrees = []result.Series{curve}, curve.Ys[6] < floats.Max(curve.Ys)/100
	for _, other := range saturating {
		off := 0.0
		for i, alpha := range curve.Xs {
			sum, err := layerGradient(p, data, other, alpha)
			if err != nil {
				return c, err
			}
			off = max(off, math.Abs(curve.Ys[i]-sum)/floats.Max(curve.Ys))
		}
		check := judge.Exact("gradient of the layer less that of its units, relative, "+other.String(), 0, off, 1e-9)
		if other == unit {
			c.Checks = append(c.Checks, check)
		} else {
			c.Controls = append(c.Controls, check)
		}
	}
	return c, nil
}

// saturation returns the norm of the gradient with respect to the weights of a layer of units, as a function of α, and the
// probe of a network of that layer and one linear output. The loss is the sum of the outputs, so that it adds no factor.
func saturation(ctx context.Context, l *lab.Lab, unit *law.Activation, width int, data dataset.Set, seed int64) (func(alpha float64) (float64, error), *probe.Probe, error) {
	net := network.MLP{Hidden: []int{width}, Outputs: 1, NoBias: true, Activation: activationOf[unit]}
	p, err := l.Probe(fmt.Sprintf("sum of %s on %s, seed %d", net, data.Name, seed), func() (probe.Config, error) {
		sum := func(_, outputs []*graph.Node) *graph.Node { return graph.ReduceAllSum(outputs[0]) }
		return probe.Config{Subject: subject.Subject{Model: net.Model, Data: data, Loss: sum}, Seed: seed}, nil
	})
	if err != nil {
		return nil, nil, err
	}
	selected := scaling.Select(lab.FirstWeights)
	return func(alpha float64) (float64, error) {
		changes, err := l.Changes(scaling.OpReparameterise, training.KeepWeights, selected, alpha)
		if err != nil {
			return 0, err
		}
		norms, err := p.GradientNorms(changes...)
		if err != nil {
			return 0, err
		}
		return norms.Of(lab.FirstWeights)
	}, p, nil
}

// layerGradient is the norm of Σ v_j·x_i·∂φ/∂w over rows, by the law of one unit.
func layerGradient(p *probe.Probe, data dataset.Set, unit *law.Activation, alpha float64) (float64, error) {
	values, err := p.Values()
	if err != nil {
		return 0, err
	}
	w, err := backend.Floats(values[lab.FirstWeights])
	if err != nil {
		return 0, err
	}
	v, err := backend.Floats(values["/output/dense/weights"])
	if err != nil {
		return 0, err
	}
	inputs, units := data.Width(), len(v)
	sum := make([]float64, len(w))
	for row := range data.Rows() {
		x := data.Inputs[row*inputs : (row+1)*inputs]
		for j := range units {
			z := 0.0
			for i := range x {
				z += x[i] * w[i*units+j]
			}
			slope := unit.Gradient(alpha, z, 1)
			for i := range x {
				sum[i*units+j] += v[j] * slope * x[i]
			}
		}
	}
	return floats.Norm(sum, 2), nil
}

// saturationSeries measures a gradient at each α.
func saturationSeries(gradient func(alpha float64) (float64, error), alphas []float64) (result.Series, error) {
	s := result.Series{Label: "measured", X: result.Alpha(), Y: instrument.GradientNorm().Quantity}
	for _, alpha := range alphas {
		norm, err := gradient(alpha)
		if err != nil {
			return s, err
		}
		s.Xs, s.Ys = append(s.Xs, alpha), append(s.Ys, norm)
	}
	return s, nil
}
