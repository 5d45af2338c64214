package probe

import (
	"fmt"
	"math"
	"math/rand/v2"

	"alphascale/lib/optim"

	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
)

// Norm is a norm that belongs to one variable.
type Norm struct {
	Path  string
	Value float64
}

// Norms are norms by variable, in the order in which the model creates them: the per-layer table.
type Norms []Norm

// Of returns the norm of the variable with the given path, or an error that lists what there is.
func (n Norms) Of(path string) (float64, error) {
	var known []string
	for _, norm := range n {
		if norm.Path == path {
			return norm.Value, nil
		}
		known = append(known, norm.Path)
	}
	return 0, fmt.Errorf("no variable %q: the model has %v", path, known)
}

// Outputs returns the model's outputs f on all rows, flat, row by row, and the loss.
func (p *Probe) Outputs(changes ...Change) (f []float64, loss float64, err error) {
	out, err := p.run("outputs", func(_ *Graph, at *point) []*Node { return []*Node{at.outputs, at.loss} }, changes)
	if err != nil {
		return nil, 0, err
	}
	return out[0], out[1][0], nil
}

// WeightNorms returns ‖w‖ of each trainable variable, w being what derivatives are taken with respect to.
func (p *Probe) WeightNorms(changes ...Change) (Norms, error) {
	return p.norms("weight norms", func(_ *Graph, at *point) []*Node { return at.weights }, changes)
}

// GradientNorms returns ‖∂ℓ/∂w‖ for each trainable variable.
func (p *Probe) GradientNorms(changes ...Change) (Norms, error) {
	return p.norms("gradient norms", lossGradients, changes)
}

// WeightNorm is WeightNorms of the one variable with the given path; another path is an error that lists what there is.
func (p *Probe) WeightNorm(path string, changes ...Change) (float64, error) {
	norms, err := p.WeightNorms(changes...)
	if err != nil {
		return 0, err
	}
	return norms.Of(path)
}

// GradientNorm is GradientNorms of the one variable with the given path; another path is an error that lists what there is.
func (p *Probe) GradientNorm(path string, changes ...Change) (float64, error) {
	norms, err := p.GradientNorms(changes...)
	if err != nil {
		return 0, err
	}
	return norms.Of(path)
}

// OutputGradientNorm is OutputGradientNorms, with the signs of seed 1, of the one variable with the given path; another path is
// an error that lists what there is.
func (p *Probe) OutputGradientNorm(path string, changes ...Change) (float64, error) {
	norms, err := p.OutputGradientNorms(1, changes...)
	if err != nil {
		return 0, err
	}
	return norms.Of(path)
}

// Gradients returns ∂ℓ/∂w of each trainable variable, flat, in the order of Norms.
func (p *Probe) Gradients(changes ...Change) ([][]float64, error) {
	return p.run("gradients", lossGradients, changes)
}

func lossGradients(_ *Graph, at *point) []*Node { return Gradient(at.loss, at.weights...) }

// jacobianLimit is the most output values for which JacobianNorms goes through them one by one.
const jacobianLimit = 4096

// JacobianNorms returns ‖∂f/∂w‖_F for each trainable variable: the Frobenius norm over all outputs of all rows. It takes
// one backward pass an output value; more than 4,096 of them are an error.
func (p *Probe) JacobianNorms(changes ...Change) (Norms, error) {
	size := p.outputs.Size()
	if size > jacobianLimit {
		return nil, fmt.Errorf("a full Jacobian of %d output values takes too long: take at most %d rows of the data with "+
			"Slice, or use OutputGradientNorms", size, jacobianLimit*p.outputs.Dim(0)/size)
	}
	squares := make([]float64, len(p.trained))
	direction := make([]float64, size)
	for i := range direction {
		direction[i] = 1
		norms, err := p.alongOutputs(direction, changes)
		if err != nil {
			return nil, err
		}
		direction[i] = 0
		for k, norm := range norms {
			squares[k] += norm.Value * norm.Value
		}
	}
	out := make(Norms, len(squares))
	for i, v := range p.trained {
		out[i] = Norm{v.Path(), math.Sqrt(squares[i])}
	}
	return out, nil
}

// OutputGradientNorms returns ‖∂⟨c,f⟩/∂w‖ for each trainable variable, with signs c = ±1 for every output value of every
// row, drawn by seed. The mean of its square over seeds is that of the full Jacobian (Hutchinson 1990), and every law of
// the Jacobian's scale holds for each c alone.
func (p *Probe) OutputGradientNorms(seed uint64, changes ...Change) (Norms, error) {
	random := rand.New(rand.NewPCG(seed, 0x0075))
	direction := make([]float64, p.outputs.Size())
	for i := range direction {
		direction[i] = 1 - 2*float64(random.IntN(2))
	}
	return p.alongOutputs(direction, changes)
}

// alongOutputs returns ‖∂⟨c,f⟩/∂w‖ for a direction c in the space of outputs.
func (p *Probe) alongOutputs(direction []float64, changes []Change) (Norms, error) {
	c, err := p.tensor(direction, p.outputs.Dimensions...)
	if err != nil {
		return nil, err
	}
	defer c.FinalizeAll()
	return p.norms("output gradient norms", func(g *Graph, at *point) []*Node {
		c := Parameter(g, "#direction", p.outputs)
		return Gradient(inner(c, at.outputs), at.weights...)
	}, changes, c)
}

// norms runs a program that yields one tensor for each trained variable and returns their Euclidean norms.
func (p *Probe) norms(name string, build func(g *Graph, at *point) []*Node, changes []Change, extra ...*tensors.Tensor) (
	Norms, error,
) {
	out, err := p.run(name, func(g *Graph, at *point) []*Node {
		var scalars []*Node
		for _, n := range build(g, at) {
			scalars = append(scalars, optim.Norm(n))
		}
		return scalars
	}, changes, extra...)
	if err != nil {
		return nil, err
	}
	norms := make(Norms, len(out))
	for i, v := range p.trained {
		norms[i] = Norm{v.Path(), out[i][0]}
	}
	return norms, nil
}
