package probe

import (
	"fmt"
	"math"

	"alphascale/lib/scaling"

	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph"
	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// Invariance says how far the loss is from L(c·w) = L(w) in the selected weights.
type Invariance struct {
	// Radial is the mean cosine ⟨w,∇ℓ⟩/(‖w‖‖∇ℓ‖) at c·w for c from ¼ to 4, and Error half the width of its 95 % interval:
	// rounding, where the weights are scale-invariant.
	Radial, Error float64
	// Deviation is the largest |L(c·w) − L(w)|/|L(w)| over these c.
	Deviation float64
}

// ScaleInvariance measures whether the loss is invariant to the scale of the selected weights taken together; the zero
// selector means all. A gradient of zero or one that is not finite is an error.
func (p *Probe) ScaleInvariance(selected scaling.Selector, changes ...Change) (Invariance, error) {
	mask, err := p.mask(selected)
	if err != nil {
		return Invariance{}, err
	}
	m, err := p.tensor(mask, len(mask))
	if err != nil {
		return Invariance{}, err
	}
	defer m.FinalizeAll()
	_, loss, err := p.Outputs(changes...)
	if err != nil {
		return Invariance{}, err
	}
	var out Invariance
	var cosines []float64
	for _, c := range scales() {
		row, err := p.run("radial part", p.buildRadial, append(changes[:len(changes):len(changes)], Rescale(orAll(selected), c)), m)
		if err != nil {
			return Invariance{}, err
		}
		cosine := row[0][0]
		if math.IsNaN(cosine) {
			return Invariance{}, fmt.Errorf("the gradient at c = %g is zero or not finite: take an α nearer to 1", c)
		}
		cosines = append(cosines, cosine)
		out.Deviation = max(out.Deviation, math.Abs(row[1][0]-loss)/math.Abs(loss))
	}
	mean, deviation := stat.MeanStdDev(cosines, nil)
	out.Radial, out.Error = mean, student(len(cosines)-1)*deviation/math.Sqrt(float64(len(cosines)))
	return out, nil
}

// buildRadial yields the cosine of the selected weights and their gradient, and the loss.
func (p *Probe) buildRadial(g *Graph, at *point) []*Node {
	gradients := Gradient(at.loss, at.weights...)
	mask := p.maskInput(g)
	product := masked(mask, func(i int) *Node { return inner(at.weights[i], gradients[i]) })
	weight := masked(mask, func(i int) *Node { return inner(at.weights[i], at.weights[i]) })
	gradient := masked(mask, func(i int) *Node { return inner(gradients[i], gradients[i]) })
	return []*Node{Div(product, Mul(Sqrt(weight), Sqrt(gradient))), at.loss}
}

// mask is 1 for each selected trained variable and 0 for the others.
func (p *Probe) mask(selected scaling.Selector) ([]float64, error) {
	picked, err := p.pick(selected)
	out := make([]float64, len(p.trained))
	for _, i := range picked {
		out[i] = 1
	}
	return out, err
}

// maskInput declares the input that takes a mask.
func (p *Probe) maskInput(g *Graph) *Node {
	return Parameter(g, "#mask", shapes.Make(p.config.DType, len(p.trained)))
}

// masked is the sum of a scalar over the selected variables.
func masked(mask *Node, of func(i int) *Node) *Node {
	var sum *Node
	for i := range mask.Shape().Dim(0) {
		term := Mul(element(mask, i), of(i))
		if sum == nil {
			sum = term
		} else {
			sum = Add(sum, term)
		}
	}
	return sum
}

// student is the factor from a standard error to half the width of a 95 % interval, with the given degrees of freedom.
// Without any there is no interval.
func student(freedom int) float64 {
	if freedom < 1 {
		return math.NaN()
	}
	return distuv.StudentsT{Mu: 0, Sigma: 1, Nu: float64(freedom)}.Quantile(0.975)
}

// orAll is the selector, or that of everything in place of the zero one.
func orAll(s scaling.Selector) scaling.Selector {
	if s.IsZero() {
		return scaling.Everything()
	}
	return s
}
