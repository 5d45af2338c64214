package quantise

import (
	"fmt"
	"maps"
	"math"

	"alphascale/lib/backend"

	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
)

// Pair is two layers of which the second reads what the first gives, channel by channel, through an activation. First, Second
// and Activation are needed.
type Pair struct {
	First  string // path of weights [..., inputs, channels], or of a normalisation's gain, [channels]
	Bias   string // path of the first's bias or offset, [..., channels]; none if empty
	Second string // path of weights [..., channels, outputs], a convolution's among them
	// Activation is what lies between the layers, given [rows, channels], as a graph-building function: activation.Relu of
	// GoMLX, or Linear for nothing.
	Activation func(x *Node) *Node
	// PowersOfTwo rounds every factor to the nearest power of two, so that the function is the same to the last bit. The ranges of
	// a channel then come out within a factor of two of one another.
	PowersOfTwo bool
}

// Linear is the activation between layers with nothing between them.
func Linear(x *Node) *Node { return x }

// Ranges returns for each channel the largest magnitude r₁ of the first's weights and r₂ of the second's. Weights of which the
// channels do not pair, a path that is not among the values and a channel that is all zero, to which no factor gives a range, are errors.
func (p Pair) Ranges(values map[string]*tensors.Tensor) (first, second []float64, err error) {
	one, err := valueAt(values, p.First)
	if err != nil {
		return nil, nil, err
	}
	two, err := valueAt(values, p.Second)
	if err != nil {
		return nil, nil, err
	}
	if err := p.paired(one.Shape(), two.Shape()); err != nil {
		return nil, nil, err
	}
	if p.Bias != "" {
		bias, err := valueAt(values, p.Bias)
		if err != nil {
			return nil, nil, err
		}
		if bias.Rank() < 1 || bias.Shape().Dim(-1) != one.Shape().Dim(-1) {
			return nil, nil, fmt.Errorf("the bias %s has shape %s and %s has %d channels: they do not belong to one layer",
				p.Bias, bias.Shape(), p.First, one.Shape().Dim(-1))
		}
	}
	if first, err = channelRanges(p.First, one, -1); err != nil {
		return nil, nil, err
	}
	second, err = channelRanges(p.Second, two, -2)
	return first, second, err
}

// paired reports in one sentence why the second does not read the first's channels.
func (p Pair) paired(first, second shapes.Shape) error {
	if p.First == p.Second {
		return fmt.Errorf("%s is both layers of a pair: give the path of the weights that read its output", p.First)
	}
	if first.Rank() < 1 || second.Rank() < 2 || first.Dim(-1) != second.Dim(-2) {
		return fmt.Errorf("%s of shape %s and %s of shape %s do not pair: the last axis of the first must be as long as the last but one of the second",
			p.First, first, p.Second, second)
	}
	return nil
}

// channelRanges is max|w| for each index of an axis, −1 for the last and −2 for the last but one.
func channelRanges(path string, t *tensors.Tensor, axis int) ([]float64, error) {
	flat, err := backend.Floats(t)
	if err != nil {
		return nil, fmt.Errorf("the range of %s: %w", path, err)
	}
	ranges, inner := make([]float64, t.Shape().Dim(axis)), 1 // how many numbers of a channel lie together
	if axis == -2 {
		inner = t.Shape().Dim(-1)
	}
	for i, w := range flat {
		j := i / inner % len(ranges)
		if math.IsNaN(w) || math.IsInf(w, 0) {
			return nil, fmt.Errorf("channel %d of %s has the weight %g: take values from before the run diverged", j, path, w)
		}
		ranges[j] = max(ranges[j], math.Abs(w))
	}
	for j, r := range ranges {
		if r == 0 {
			return nil, fmt.Errorf("channel %d of %s is all zero, and no factor gives it a range: take the channel out of both layers", j, path)
		}
	}
	return ranges, nil
}

// Multiply multiplies channel j of the first layer and of its bias by factors[j], and divides by it what the second reads from
// channel j. It is the operation alone: it does not ask what lies between the layers, so that it can also show what an activation
// that lets no factor through makes of it. The result is a copy in which only what changed is new; an optimizer's memory of the weights
// stays as it is, since what is equalised is to be rounded and not trained.
//
// Factors that are not positive and finite, or not one for each channel, are errors, besides those of Ranges, and so is an element
// that the dtype cannot hold once it is multiplied.
func (p Pair) Multiply(values map[string]*tensors.Tensor, factors []float64) (map[string]*tensors.Tensor, error) {
	first, _, err := p.Ranges(values)
	if err != nil {
		return nil, err
	}
	if len(factors) != len(first) {
		return nil, fmt.Errorf("%d factors for the %d channels of %s: give one for each", len(factors), len(first), p.First)
	}
	inverse := make([]float64, len(factors))
	for j, s := range factors {
		if !(s > 0) || math.IsInf(s, 1) {
			return nil, fmt.Errorf("the factor %g for channel %d of %s: it must be positive and finite", s, j, p.First)
		}
		inverse[j] = 1 / s
	}
	out := maps.Clone(values)
	if out[p.First], err = scaled(p.First, values[p.First], 1, factors); err != nil {
		return nil, err
	}
	if p.Bias != "" {
		if out[p.Bias], err = scaled(p.Bias, values[p.Bias], 1, factors); err != nil {
			return nil, err
		}
	}
	if out[p.Second], err = scaled(p.Second, values[p.Second], values[p.Second].Shape().Dim(-1), inverse); err != nil {
		return nil, err
	}
	return out, nil
}

// scaled multiplies each channel of a tensor, of which inner numbers lie together, by its factor, in float64 and rounded once.
func scaled(path string, t *tensors.Tensor, inner int, by []float64) (*tensors.Tensor, error) {
	flat, err := backend.Floats(t)
	if err != nil {
		return nil, err
	}
	for i := range flat {
		flat[i] *= by[i/inner%len(by)]
		if _, err := backend.Hold("an element of "+path, flat[i], t.DType()); err != nil {
			return nil, err
		}
	}
	return backend.Tensor(flat, t.Shape())
}
