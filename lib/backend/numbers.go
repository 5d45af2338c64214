package backend

import (
	"fmt"
	"math"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/dtypes/bfloat16"
	"github.com/gomlx/compute/dtypes/float16"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/tensors"
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
		return tensors.FromFlatDataAndDimensions(convert(flat, bfloat16.FromFloat64), dims...), nil
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

// toFloat16 rounds to the nearest float16, ties to even. The conversion in compute v0.1.2 turns every subnormal number,
// below 2⁻¹⁴, into zero.
func toFloat16(x float64) float16.Float16 {
	const infinity = 0x7C00
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return float16.FromFloat64(x)
	}
	var sign uint16
	if math.Signbit(x) {
		sign, x = 0x8000, -x
	}
	_, exponent := math.Frexp(x)
	exponent = max(exponent, -13)                               // 2⁻²⁴ is the smallest unit
	significand := math.RoundToEven(math.Ldexp(x, 11-exponent)) // 11 bits, the leading one carried into the exponent
	bits := min(exponent+13, 31)<<10 + int(significand)
	return float16.FromBits(sign | uint16(min(bits, infinity)))
}
