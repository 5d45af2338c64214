package probe

import (
	"fmt"

	"alphascale/lib/backend"

	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
)

// point is the model at the changed weights, inside a graph.
type point struct {
	weights []*Node // w of each trained variable, rescaled: what derivatives are taken with respect to
	outputs *Node
	loss    *Node
}

// buildPoint declares the inputs that every program shares and builds the model with u = a·(r·w) for each trained
// variable, where "#rescale" holds the factors r and "#reparameterise" the factors a.
func (p *Probe) buildPoint(g *Graph) *point {
	inputs := Parameter(g, "#inputs", p.inputs.Shape())
	labels := Parameter(g, "#labels", p.labels.Shape())
	for _, v := range p.variables {
		v.NodeValue(g) // becomes the input of that name
	}
	factors := shapes.Make(p.config.DType, len(p.trained))
	rescale, reparameterise := Parameter(g, "#rescale", factors), Parameter(g, "#reparameterise", factors)
	at := &point{}
	for i, v := range p.trained {
		w := Mul(v.NodeValue(g), element(rescale, i))
		at.weights = append(at.weights, w)
		v.SetNodeValue(Mul(w, element(reparameterise, i)))
	}
	at.outputs, at.loss = p.buildModel(g, inputs, labels)
	return at
}

// element is entry i of a vector, a scalar.
func element(vector *Node, i int) *Node { return Reshape(Slice(vector, AxisElem(i))) }

// run executes the named program at the changed weights and returns its outputs as flat numbers. The program is built
// and compiled at its first run; build declares its further inputs, of which extra are the values.
func (p *Probe) run(name string, build func(g *Graph, at *point) []*Node, changes []Change, extra ...*tensors.Tensor) (
	[][]float64, error,
) {
	rescale, reparameterise, err := p.factors(changes)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	g, err := p.program(name, build)
	if err != nil {
		return nil, err
	}
	inputs := []any{p.inputs, p.labels}
	for _, t := range p.values {
		inputs = append(inputs, t)
	}
	for _, factors := range [][]float64{rescale, reparameterise} {
		t, err := backend.Tensor(factors, shapes.Make(p.config.DType, len(factors)))
		if err != nil {
			return nil, err
		}
		defer t.FinalizeAll()
		inputs = append(inputs, t)
	}
	for _, t := range extra {
		inputs = append(inputs, t)
	}
	var outputs []*tensors.Tensor
	if err := backend.Try("measuring "+name, func() { outputs = g.Run(inputs...) }); err != nil {
		return nil, err
	}
	flat := make([][]float64, len(outputs))
	for i, t := range outputs {
		if flat[i], err = backend.Floats(t); err != nil {
			return nil, err
		}
		t.FinalizeAll()
	}
	return flat, nil
}

// program returns the named program, compiled at its first use.
func (p *Probe) program(name string, build func(g *Graph, at *point) []*Node) (*Graph, error) {
	if g := p.programs[name]; g != nil {
		return g, nil
	}
	g := NewGraph(p.config.Backend, name)
	err := backend.Try(fmt.Sprintf("building the program for the %s", name), func() {
		if err := g.Compile(build(g, p.buildPoint(g))...); err != nil {
			panic(err)
		}
	})
	if err != nil {
		g.Finalize()
		return nil, err
	}
	p.programs[name] = g
	return g, nil
}

// tensor shapes numbers, in the probe's dtype.
func (p *Probe) tensor(flat []float64, dims ...int) (*tensors.Tensor, error) {
	return backend.Tensor(flat, shapes.Make(p.config.DType, dims...))
}

// inner is the inner product of two tensors of one shape.
func inner(a, b *Node) *Node { return ReduceAllSum(Mul(a, b)) }
