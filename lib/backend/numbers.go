package backend

import (
	"fmt"
	"math"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/dtypes/bfloat16"
	"github.com/gomlx/compute/dtypes/float16"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/tensors"
	half "github.com/x448/float16"
)

// Tensor rounds numbers to the dtype of a shape, one of the four float types, and returns them as a tensor in host
// memory. Another dtype and a number of values that does not fill the shape are errors.
func Tensor(flat []float64, shape shapes.Shape) (*tensors.Tensor, error) {
	if len(flat) != shape.Size() {
		return nil, fmt.Errorf("%d values for a tensor of shape %s: %d are needed", len(flat), shape, shape.Size())
	}
	dims := shape.Dimensions
	switch shape.DType {
	case dtypes.Float64:
		return tensors.FromFlatDataAndDimensions(flat, dims...), nil
	case dtypes.Float32:
		return tensors.FromFlatDataAndDimensions(convert(flat, func(x float64) float32 { return float32(x) }), dims...), nil
	case dtypes.Float16:
		return tensors.FromFlatDataAndDimensions(convert(flat, toFloat16), dims...), nil
	case dtypes.BFloat16:
		return tensors.FromFlatDataAndDimensions(convert(flat, toBFloat16), dims...), nil
	}
	return nil, fmt.Errorf("no conversion to %s: use float64, float32, bfloat16 or float16", shape.DType)
}

// Floats reads a tensor of one of the four float types. Another dtype is an error.
func Floats(t *tensors.Tensor) ([]float64, error) {
	switch t.DType() {
	case dtypes.Float64:
		return tensors.CopyFlatData[float64](t)
	case dtypes.Float32:
		flat, err := tensors.CopyFlatData[float32](t)
		return convert(flat, func(x float32) float64 { return float64(x) }), err
	case dtypes.Float16:
		flat, err := tensors.CopyFlatData[float16.Float16](t)
		return convert(flat, func(x float16.Float16) float64 { return float64(x.Float32()) }), err
	case dtypes.BFloat16:
		flat, err := tensors.CopyFlatData[bfloat16.BFloat16](t)
		return convert(flat, func(x bfloat16.BFloat16) float64 { return float64(x.Float32()) }), err
	}
	return nil, fmt.Errorf("no conversion from %s: use float64, float32, bfloat16 or float16", t.DType())
}

func convert[From, To any](in []From, one func(From) To) []To {
	out := make([]To, len(in))
	for i, x := range in {
		out[i] = one(x)
	}
	return out
}

// toFloat16 and toBFloat16 round to the nearest number, ties to even. GoMLX's conversion to float16 truncates and loses
// subnormal numbers, so another library's is used.
func toFloat16(x float64) float16.Float16 {
	return float16.FromBits(half.Fromfloat32(toOdd(x)).Bits())
}

func toBFloat16(x float64) bfloat16.BFloat16 { return bfloat16.FromFloat32(toOdd(x)) }

// toOdd rounds to float32, where it is inexact to the neighbour whose last bit is set, so that rounding the result once
// more to a narrower format gives what rounding x itself would: to the nearest twice is wrong beside a tie.
func toOdd(x float64) float32 {
	near := float32(x)
	switch {
	case float64(near) == x || math.IsNaN(x):
		return near
	case math.IsInf(float64(near), 0): // beyond float32, and so beyond the narrower formats
		return near
	case math.Float32bits(near)&1 == 1:
		return near
	}
	toward := float32(math.Inf(1))
	if float64(near) > x {
		toward = -toward
	}
	return math.Nextafter32(near, toward)
}

// Hold returns the number of the dtype nearest to x. A finite number other than zero that would become zero or infinite is an
// *RangeError that names it, as what it is called, before and after.
func Hold(what string, x float64, dtype dtypes.DType) (float64, error) {
	var held float64
	switch dtype {
	case dtypes.Float64:
		held = x
	case dtypes.Float32:
		held = float64(float32(x))
	case dtypes.Float16:
		held = float64(toFloat16(x).Float32())
	case dtypes.BFloat16:
		held = float64(toBFloat16(x).Float32())
	default:
		return 0, fmt.Errorf("%s = %g in %s: use float64, float32, bfloat16 or float16", what, x, dtype)
	}
	if x != 0 && held == 0 || math.IsInf(held, 0) && !math.IsInf(x, 0) {
		return 0, &RangeError{what, x, held, dtype}
	}
	return held, nil
}

// RangeError says that a number is outside the range of a dtype.
type RangeError struct {
	What      string
	Is, Holds float64 // the number, and what the dtype has in its place: zero or an infinity
	DType     dtypes.DType
}

// Error names the number before and after.
func (e *RangeError) Error() string {
	return fmt.Sprintf("%s = %g becomes %g in %s: use a value nearer to 1 or a wider dtype", e.What, e.Is, e.Holds, e.DType)
}
