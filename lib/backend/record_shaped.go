package backend

import (
	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
)

// Operations with few arguments beside the values.

func (f *recorder) ArgMinMax(x value, axis int, outputDType dtypes.DType, isMin bool) (value, error) {
	return f.one("ArgMinMax", x, axis, outputDType, isMin)(f.in.ArgMinMax(x, axis, outputDType, isMin))
}

func (f *recorder) Bitcast(operand value, targetDType dtypes.DType) (value, error) {
	return f.one("Bitcast", operand, targetDType)(f.in.Bitcast(operand, targetDType))
}

func (f *recorder) BroadcastInDim(operand value, outputShape shapes.Shape, broadcastAxes []int) (value, error) {
	return f.one("BroadcastInDim", operand, outputShape, broadcastAxes)(f.in.BroadcastInDim(operand, outputShape, broadcastAxes))
}

func (f *recorder) Clamp(min, x, max value) (value, error) {
	return f.one("Clamp", min, x, max)(f.in.Clamp(min, x, max))
}

func (f *recorder) Concatenate(axis int, operands ...value) (value, error) {
	return f.one("Concatenate", axis, operands)(f.in.Concatenate(axis, operands...))
}

func (f *recorder) ConvertDType(x value, dtype dtypes.DType) (value, error) {
	return f.one("ConvertDType", x, dtype)(f.in.ConvertDType(x, dtype))
}

func (f *recorder) CumSum(operand value, axis int, options compute.CumSumOptions) (value, error) {
	return f.one("CumSum", operand, axis, options)(f.in.CumSum(operand, axis, options))
}

func (f *recorder) Iota(shape shapes.Shape, iotaAxis int) (value, error) {
	return f.one("Iota", shape, iotaAxis)(f.in.Iota(shape, iotaAxis))
}

func (f *recorder) OptimizationBarrier(operands ...value) ([]value, error) {
	return f.several("OptimizationBarrier", operands)(f.in.OptimizationBarrier(operands...))
}

func (f *recorder) Pad(x, fillValue value, axesConfig ...compute.PadAxis) (value, error) {
	return f.one("Pad", x, fillValue, axesConfig)(f.in.Pad(x, fillValue, axesConfig...))
}

func (f *recorder) RNGBitGenerator(state value, shape shapes.Shape) (value, value, error) {
	return f.two("RNGBitGenerator", state, shape)(f.in.RNGBitGenerator(state, shape))
}

func (f *recorder) ReduceBitwiseAnd(x value, axes ...int) (value, error) {
	return f.one("ReduceBitwiseAnd", x, axes)(f.in.ReduceBitwiseAnd(x, axes...))
}

func (f *recorder) ReduceBitwiseOr(x value, axes ...int) (value, error) {
	return f.one("ReduceBitwiseOr", x, axes)(f.in.ReduceBitwiseOr(x, axes...))
}

func (f *recorder) ReduceBitwiseXor(x value, axes ...int) (value, error) {
	return f.one("ReduceBitwiseXor", x, axes)(f.in.ReduceBitwiseXor(x, axes...))
}

func (f *recorder) ReduceLogicalAnd(x value, axes ...int) (value, error) {
	return f.one("ReduceLogicalAnd", x, axes)(f.in.ReduceLogicalAnd(x, axes...))
}

func (f *recorder) ReduceLogicalOr(x value, axes ...int) (value, error) {
	return f.one("ReduceLogicalOr", x, axes)(f.in.ReduceLogicalOr(x, axes...))
}

func (f *recorder) ReduceLogicalXor(x value, axes ...int) (value, error) {
	return f.one("ReduceLogicalXor", x, axes)(f.in.ReduceLogicalXor(x, axes...))
}

func (f *recorder) ReduceMax(x value, axes ...int) (value, error) {
	return f.one("ReduceMax", x, axes)(f.in.ReduceMax(x, axes...))
}

func (f *recorder) ReduceMin(x value, axes ...int) (value, error) {
	return f.one("ReduceMin", x, axes)(f.in.ReduceMin(x, axes...))
}

func (f *recorder) ReduceProduct(x value, axes ...int) (value, error) {
	return f.one("ReduceProduct", x, axes)(f.in.ReduceProduct(x, axes...))
}

func (f *recorder) ReduceSum(x value, axes ...int) (value, error) {
	return f.one("ReduceSum", x, axes)(f.in.ReduceSum(x, axes...))
}

func (f *recorder) Reshape(x value, dimensions ...int) (value, error) {
	return f.one("Reshape", x, dimensions)(f.in.Reshape(x, dimensions...))
}

func (f *recorder) Reverse(x value, axes ...int) (value, error) {
	return f.one("Reverse", x, axes)(f.in.Reverse(x, axes...))
}

func (f *recorder) SchedulingBarrier(operand value, dependencies ...value) (value, error) {
	return f.one("SchedulingBarrier", operand, dependencies)(f.in.SchedulingBarrier(operand, dependencies...))
}

func (f *recorder) Slice(x value, starts, limits, strides []int) (value, error) {
	return f.one("Slice", x, starts, limits, strides)(f.in.Slice(x, starts, limits, strides))
}

func (f *recorder) Transpose(x value, permutation ...int) (value, error) {
	return f.one("Transpose", x, permutation)(f.in.Transpose(x, permutation...))
}

func (f *recorder) Where(condition, onTrue, onFalse value) (value, error) {
	return f.one("Where", condition, onTrue, onFalse)(f.in.Where(condition, onTrue, onFalse))
}
