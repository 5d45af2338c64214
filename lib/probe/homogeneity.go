package probe

import (
	"fmt"
	"math"

	"alphascale/lib/result"
	"alphascale/lib/scaling"

	. "github.com/gomlx/gomlx/core/graph"
	"gonum.org/v1/gonum/floats"
)

// Homogeneity says how the outputs f respond to multiplying the selected weights by c: f(c·w) = cᵏ·f(w) if they are
// positively homogeneous of degree k in them. Two ways to find k are independent of each other.
type Homogeneity struct {
	// Degree is k in Euler's ⟨w,∂f/∂w⟩ = k·f, by least squares over all output values; Error is half the width of its
	// 95 % interval, and Misfit what the law leaves over, ‖⟨w,∂f/∂w⟩ − k·f‖/‖f‖: rounding where f is homogeneous.
	Degree, Error, Misfit float64
	// Fit is the power law of ‖f(c·w)‖ against c, for c from ¼ to 4.
	Fit result.Fit
	// Deviation is the largest ‖f(c·w) − cᵏ·f(w)‖/‖cᵏ·f(w)‖ over these c, with k = Degree.
	Deviation float64
}

// scales are the factors c that weights are multiplied by to see what follows. Most are no powers of two, so that rounding
// differs from one to the next.
func scales() []float64 {
	var out []float64
	for k := -4; k <= 4; k++ {
		out = append(out, math.Pow(2, float64(k)/2))
	}
	return out
}

// Homogeneity measures the degree of the outputs in the selected weights taken together; the zero selector means all.
// Outputs that are all zero are an error.
func (p *Probe) Homogeneity(selected scaling.Selector, changes ...Change) (Homogeneity, error) {
	f, slope, err := p.euler(selected, changes)
	if err != nil {
		return Homogeneity{}, err
	}
	size := floats.Norm(f, 2)
	if size == 0 || math.IsNaN(size) || math.IsInf(size, 0) {
		return Homogeneity{}, fmt.Errorf("outputs of norm %g have no degree of homogeneity: take an α nearer to 1", size)
	}
	h := Homogeneity{Degree: floats.Dot(f, slope) / (size * size)}
	floats.AddScaled(slope, -h.Degree, f)
	h.Misfit = floats.Norm(slope, 2) / size
	h.Error = student(len(f)-1) * h.Misfit / math.Sqrt(float64(len(f)-1))

	points := result.Series{
		Label: "outputs", X: result.Quantity{Name: "factor of the weights", Symbol: "c"},
		Y: result.Quantity{Name: "norm of the outputs", Symbol: "‖f‖"},
	}
	for _, c := range scales() {
		scaled, _, err := p.Outputs(append(changes[:len(changes):len(changes)], Rescale(orAll(selected), c))...)
		if err != nil {
			return Homogeneity{}, err
		}
		points.Xs, points.Ys = append(points.Xs, c), append(points.Ys, floats.Norm(scaled, 2))
		law := math.Pow(c, h.Degree)
		floats.AddScaled(scaled, -law, f)
		h.Deviation = max(h.Deviation, floats.Norm(scaled, 2)/(law*size))
	}
	h.Fit, err = result.FitExponent(points)
	return h, err
}

// euler returns f and ⟨w,∂f/∂w⟩ over the selected weights, for every output value.
func (p *Probe) euler(selected scaling.Selector, changes []Change) (f, slope []float64, err error) {
	mask, err := p.mask(selected)
	if err != nil {
		return nil, nil, err
	}
	m, err := p.tensor(mask, len(mask))
	if err != nil {
		return nil, nil, err
	}
	c, err := p.tensor(make([]float64, p.outputs.Size()), p.outputs.Dimensions...)
	if err != nil {
		return nil, nil, err
	}
	defer m.FinalizeAll()
	defer c.FinalizeAll()
	out, err := p.run("Euler identity", p.buildEuler, changes, c, m)
	if err != nil {
		return nil, nil, err
	}
	return out[0], out[1], nil
}

// buildEuler takes a derivative forward by two backward ones: v(c) = ⟨w,∂⟨c,f⟩/∂w⟩ is linear in c, and its gradient with
// respect to c is ⟨w,∂f/∂w⟩ for every output value, whatever c is.
func (p *Probe) buildEuler(g *Graph, at *point) []*Node {
	c := Parameter(g, "#direction", p.outputs)
	gradients := Gradient(inner(c, at.outputs), at.weights...)
	slope := masked(p.maskInput(g), func(i int) *Node { return inner(at.weights[i], gradients[i]) })
	return []*Node{at.outputs, Gradient(slope, c)[0]}
}
