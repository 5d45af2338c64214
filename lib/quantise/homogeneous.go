package quantise

import (
	"fmt"
	"math"

	"alphascale/lib/backend"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
)

const (
	rowsTried = 161 // numbers of each sign and magnitude from 2^−20 to 2^20
	// roundingAllowed is relative, to a function that computes its result in some steps in float64.
	roundingAllowed = 1e-12
)

// check returns an error if the layers do not pair, or if the activation lets no factors through.
func (p Pair) check(values map[string]*tensors.Tensor) error {
	first, _, err := p.Ranges(values)
	if err != nil {
		return err
	}
	if p.Activation == nil {
		return fmt.Errorf("what lies between %s and %s is not said: set the pair's Activation, as to activation.Relu, or quantise.Linear for nothing", p.First, p.Second)
	}
	if err := homogeneous(p.Activation, len(first)); err != nil {
		return fmt.Errorf("between %s and %s: %w", p.First, p.Second, err)
	}
	return nil
}

// homogeneous tries whether φ(c·x) = c·φ(x) for factors c > 0 that differ from channel to channel: on numbers of both signs and
// many magnitudes, so that it finds a bend wherever it lies in the range of weights and activations.
func homogeneous(activation func(*Node) *Node, channels int) error {
	x, scaled, factors := make([]float64, 0, rowsTried*channels), make([]float64, 0, rowsTried*channels), make([]float64, channels)
	for j := range factors {
		factors[j] = math.Ldexp(1, 3-2*(j%4)) // 8, 2, 1/2, 1/8
	}
	for row := range rowsTried {
		for j, c := range factors {
			size := math.Exp2(float64(row)/4 - 20 + float64(j%16)/64)
			x = append(x, size*float64(1-2*((row+j)%2)))
			scaled = append(scaled, c*x[len(x)-1])
		}
	}
	one, err := applied(activation, x, channels)
	if err != nil {
		return err
	}
	other, err := applied(activation, scaled, channels)
	if err != nil {
		return err
	}
	for i, y := range one {
		c := factors[i%channels]
		if !(math.Abs(other[i]-c*y) <= roundingAllowed*max(math.Abs(other[i]), math.Abs(c*y))) {
			return fmt.Errorf("the activation is not positively homogeneous: it takes %.4g to %.4g, and %g times as much to %.4g, so no factor "+
				"passes through it; use ReLU, leaky ReLU or none, or leave the pair as it is", x[i], y, c, other[i])
		}
	}
	return nil
}

// applied returns what the activation makes of rows of numbers.
func applied(activation func(*Node) *Node, flat []float64, channels int) ([]float64, error) {
	at, err := backend.Open()
	if err != nil {
		return nil, err
	}
	x, err := backend.Tensor(flat, shapes.Make(dtypes.Float64, len(flat)/channels, channels))
	if err != nil {
		return nil, err
	}
	g := NewGraph(at, "activation") // and no Exec, which waits for ever for a function that panics
	defer g.Finalize()
	var y *tensors.Tensor
	err = backend.Try("trying the activation", func() {
		if err := g.Compile(activation(Parameter(g, "x", x.Shape()))); err != nil {
			panic(err)
		}
		y = g.Run(x)[0]
	})
	if err != nil {
		return nil, err
	}
	out, err := backend.Floats(y)
	if err == nil && len(out) != len(flat) {
		err = fmt.Errorf("the activation makes %d numbers of %d: what lies between the layers of a pair keeps every channel", len(out), len(flat))
	}
	return out, err
}
