package quantise

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"alphascale/lib/backend"
	"alphascale/lib/law"

	"github.com/gomlx/gomlx/core/tensors"
)

// Quantiser rounds numbers to a grid that is fitted to the largest of them. Int and Float make one.
type Quantiser struct {
	bits       int
	format     law.Format
	perChannel bool
}

const (
	fewestBits = 2  // of one bit, nothing is left but zero
	mostBits   = 24 // beyond, float32 has no place for the numbers
)

// Int is the uniform symmetric quantiser of the given bit width, from 2 to 24: multiples of Δ = max|x|/(2^(bits−1) − 1), the
// nearest one, ties going to the even one. Another bit width is an error of whatever is done with it.
func Int(bits int) Quantiser { return Quantiser{bits: bits} }

// Float rounds to a floating-point format, after a multiplication by the power of two that brings the largest number just
// within it (and a division after). So no number overflows, and nothing but the format rounds.
func Float(format law.Format) Quantiser { return Quantiser{format: format} }

// PerChannel is the quantiser with a grid for each channel, which is an index of the last axis: the output channel of weights
// [inputs, outputs], the unit of activations [batch, units].
func (q Quantiser) PerChannel() Quantiser {
	q.perChannel = true
	return q
}

// Name is "int8", "int4 per channel" or "e4m3".
func (q Quantiser) Name() string {
	name := q.format.Name
	if q.isInt() {
		name = fmt.Sprintf("int%d", q.bits)
	}
	if q.perChannel {
		name += " per channel"
	}
	return name
}

// Check returns an error for a bit width that leaves no grid.
func (q Quantiser) Check() error {
	if q.isInt() && (q.bits < fewestBits || q.bits > mostBits) {
		return fmt.Errorf("a bit width of %d: choose one from %d to %d", q.bits, fewestBits, mostBits)
	}
	return nil
}

func (q Quantiser) isInt() bool { return q.format == law.Format{} }

// levels is how many steps there are on each side of zero.
func (q Quantiser) levels() float64 { return math.Ldexp(1, q.bits-1) - 1 }

// grid rounds numbers of which the largest is of a given magnitude.
type grid struct {
	round func(x float64) float64
	step  func(x float64) float64 // the distance of the two numbers of the grid between which x lies
}

// gridOf fits the grid to a positive magnitude.
func (q Quantiser) gridOf(largest float64) grid {
	if q.isInt() {
		step := largest / q.levels()
		return grid{
			round: func(x float64) float64 { return math.RoundToEven(x/step) * step },
			step:  func(float64) float64 { return step },
		}
	}
	shift := int(math.Floor(math.Log2(q.format.Largest / largest)))
	if math.Ldexp(largest, shift) > q.format.Largest { // the logarithm was rounded up
		shift--
	}
	return grid{
		round: func(x float64) float64 { return math.Ldexp(q.format.Round(math.Ldexp(x, shift)), -shift) },
		step:  func(x float64) float64 { return math.Ldexp(q.format.Spacing(math.Ldexp(x, shift)), -shift) },
	}
}

// Round returns a tensor of the same shape and dtype with every number rounded, and the error that this makes. What is all
// zero stays zero. A bit width that leaves no grid, a dtype that is no float and a number that is not finite are errors.
func (q Quantiser) Round(t *tensors.Tensor) (*tensors.Tensor, Rounding, error) {
	if err := q.Check(); err != nil {
		return nil, Rounding{}, err
	}
	flat, err := backend.Floats(t)
	if err != nil {
		return nil, Rounding{}, err
	}
	channels := 1
	if q.perChannel && t.Rank() > 0 {
		channels = t.Shape().Dim(-1)
	}
	largest, err := largestOf(flat, channels)
	if err != nil {
		return nil, Rounding{}, err
	}
	rounded, made := slices.Clone(flat), Rounding{}
	for c, most := range largest {
		if most == 0 {
			made.add(0, 0, 0, len(flat)/channels)
			continue
		}
		grid := q.gridOf(most)
		for i := c; i < len(flat); i += channels {
			rounded[i] = grid.round(flat[i])
			step := grid.step(flat[i])
			if q.isInt() && math.Abs(flat[i]) == most {
				step = 0 // the largest number sets the step, so that it is on the grid
			}
			made.add(flat[i], rounded[i]-flat[i], step, 1)
		}
	}
	out, err := backend.Tensor(rounded, t.Shape())
	return out, made, err
}

// Weights returns a copy of values, those of a model's variables by path, in which the tensors at the given paths are rounded.
// What is not named stays as it is: biases usually do. A path that is not among the values is an error, besides those of Round.
func (q Quantiser) Weights(values map[string]*tensors.Tensor, paths ...string) (map[string]*tensors.Tensor, error) {
	out := maps.Clone(values)
	for _, path := range paths {
		t, err := valueAt(values, path)
		if err != nil {
			return nil, err
		}
		if out[path], _, err = q.Round(t); err != nil {
			return nil, fmt.Errorf("rounding %s to %s: %w", path, q.Name(), err)
		}
	}
	return out, nil
}

// valueAt is the tensor with the given path, or an error that lists what there is.
func valueAt(values map[string]*tensors.Tensor, path string) (*tensors.Tensor, error) {
	if values[path] == nil {
		return nil, fmt.Errorf("no variable %q: there are %v", path, slices.Sorted(maps.Keys(values)))
	}
	return values[path], nil
}

// largestOf returns max|x| for each channel of numbers whose last axis is channels long.
func largestOf(flat []float64, channels int) ([]float64, error) {
	largest := make([]float64, channels)
	for i, x := range flat {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return nil, fmt.Errorf("number %d is %g: there is no grid for it, so take values from before the run diverged", i, x)
		}
		largest[i%channels] = max(largest[i%channels], math.Abs(x))
	}
	return largest, nil
}
