package backend

import (
	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
)

// Operations with many arguments, and those that few graphs have.

func (f *recorder) AllReduce(
	operands []value, reductionType compute.ReduceOpType, replicaGroups [][]int,
) ([]value, error) {
	return f.several("AllReduce", operands, reductionType, replicaGroups)(f.in.AllReduce(operands, reductionType,
		replicaGroups))
}

func (f *recorder) BatchNormForInference(
	operand, scale, offset, mean, variance value, epsilon float32, featureAxis int,
) (value, error) {
	noted := f.one("BatchNormForInference", operand, scale, offset, mean, variance, epsilon, featureAxis)
	return noted(f.in.BatchNormForInference(operand, scale, offset, mean, variance, epsilon, featureAxis))
}

func (f *recorder) BatchNormForTraining(
	operand, scale, offset value, epsilon float32, featureAxis int,
) (value, value, value, error) {
	noted := f.three("BatchNormForTraining", operand, scale, offset, epsilon, featureAxis)
	return noted(f.in.BatchNormForTraining(operand, scale, offset, epsilon, featureAxis))
}

func (f *recorder) BatchNormGradient(
	operand, scale, mean, variance, gradOutput value, epsilon float32, featureAxis int,
) (value, value, value, error) {
	noted := f.three("BatchNormGradient", operand, scale, mean, variance, gradOutput, epsilon, featureAxis)
	return noted(f.in.BatchNormGradient(operand, scale, mean, variance, gradOutput, epsilon, featureAxis))
}

func (f *recorder) ConvGeneral(
	input, kernel value, axes compute.ConvolveAxesConfig, strides []int, paddings [][2]int, inputDilations,
	kernelDilations []int, channelGroupCount, batchGroupCount int,
) (value, error) {
	noted := f.one("ConvGeneral", input, kernel, axes, strides, paddings, inputDilations, kernelDilations,
		channelGroupCount, batchGroupCount)
	return noted(f.in.ConvGeneral(input, kernel, axes, strides, paddings, inputDilations, kernelDilations,
		channelGroupCount, batchGroupCount))
}

func (f *recorder) DotGeneral(
	lhs value, lhsContractingAxes, lhsBatchAxes []int, rhs value, rhsContractingAxes, rhsBatchAxes []int,
	config compute.DotGeneralConfig,
) (value, error) {
	noted := f.one("DotGeneral", lhs, lhsContractingAxes, lhsBatchAxes, rhs, rhsContractingAxes, rhsBatchAxes, config)
	return noted(f.in.DotGeneral(lhs, lhsContractingAxes, lhsBatchAxes, rhs, rhsContractingAxes, rhsBatchAxes, config))
}

func (f *recorder) DynamicBroadcastInDim(
	operand value, broadcastAxes []int, dimensions ...compute.DynamicDimensionSpec,
) (value, error) {
	noted := f.one("DynamicBroadcastInDim", operand, broadcastAxes, dimensions)
	return noted(f.in.DynamicBroadcastInDim(operand, broadcastAxes, dimensions...))
}

func (f *recorder) DynamicDimensionSize(operand value, axis int) (value, error) {
	return f.one("DynamicDimensionSize", operand, axis)(f.in.DynamicDimensionSize(operand, axis))
}

func (f *recorder) DynamicIota(dtype dtypes.DType, iotaAxis int, dimensions ...compute.DynamicDimensionSpec) (value, error) {
	return f.one("DynamicIota", dtype, iotaAxis, dimensions)(f.in.DynamicIota(dtype, iotaAxis, dimensions...))
}

func (f *recorder) DynamicPad(x, fillValue value, axesConfig ...compute.DynamicPadAxis) (value, error) {
	return f.one("DynamicPad", x, fillValue, axesConfig)(f.in.DynamicPad(x, fillValue, axesConfig...))
}

func (f *recorder) DynamicReshape(operand value, dimensions ...compute.DynamicDimensionSpec) (value, error) {
	return f.one("DynamicReshape", operand, dimensions)(f.in.DynamicReshape(operand, dimensions...))
}

func (f *recorder) DynamicSlice(operand value, startIndices []value, sliceDims []int) (value, error) {
	return f.one("DynamicSlice", operand, startIndices, sliceDims)(f.in.DynamicSlice(operand, startIndices, sliceDims))
}

func (f *recorder) DynamicUpdateSlice(operand, update value, startIndices []value) (value, error) {
	return f.one("DynamicUpdateSlice", operand, update, startIndices)(f.in.DynamicUpdateSlice(operand, update, startIndices))
}

func (f *recorder) FFT(operand value, fftType compute.FFTType, fftLength []int) (value, error) {
	return f.one("FFT", operand, fftType, fftLength)(f.in.FFT(operand, fftType, fftLength))
}

func (f *recorder) FusedAttentionQKVProjection(
	x, wQKV, biasQ, biasK, biasV value, queryDim, keyValueDim int,
) (value, value, value, error) {
	noted := f.three("FusedAttentionQKVProjection", x, wQKV, biasQ, biasK, biasV, queryDim, keyValueDim)
	return noted(f.in.FusedAttentionQKVProjection(x, wQKV, biasQ, biasK, biasV, queryDim, keyValueDim))
}

func (f *recorder) FusedDense(x, weight, bias value, options compute.DenseConfig) (value, error) {
	return f.one("FusedDense", x, weight, bias, options)(f.in.FusedDense(x, weight, bias, options))
}

func (f *recorder) FusedGelu(x value, exact bool) (value, error) {
	return f.one("FusedGelu", x, exact)(f.in.FusedGelu(x, exact))
}

func (f *recorder) FusedLayerNorm(x value, axes []int, epsilon float64, gamma, beta value) (value, error) {
	return f.one("FusedLayerNorm", x, axes, epsilon, gamma, beta)(f.in.FusedLayerNorm(x, axes, epsilon, gamma, beta))
}

func (f *recorder) FusedQuantizedDense(
	x, weights, bias value, weightsQuantization *compute.Quantization, activation compute.ActivationType,
) (value, error) {
	noted := f.one("FusedQuantizedDense", x, weights, bias, weightsQuantization, activation)
	return noted(f.in.FusedQuantizedDense(x, weights, bias, weightsQuantization, activation))
}

func (f *recorder) FusedScaledDotProductAttention(
	query, key, value value, axesLayout compute.AttentionAxesLayout, options *compute.ScaledDotProductAttentionConfig,
) (value, []value, error) {
	noted := f.oneAndSeveral("FusedScaledDotProductAttention", query, key, value, axesLayout, options)
	return noted(f.in.FusedScaledDotProductAttention(query, key, value, axesLayout, options))
}

func (f *recorder) FusedScaledDotProductAttentionVJP(
	query, key, value value, axesLayout compute.AttentionAxesLayout, options *compute.ScaledDotProductAttentionConfig,
	output value, statesForVJP []value, dOutput value,
) (value, value, value, error) {
	noted := f.three("FusedScaledDotProductAttentionVJP", query, key, value, axesLayout, options, output, statesForVJP,
		dOutput)
	return noted(f.in.FusedScaledDotProductAttentionVJP(query, key, value, axesLayout, options, output, statesForVJP,
		dOutput))
}

func (f *recorder) FusedSoftmax(x value, axis int) (value, error) {
	return f.one("FusedSoftmax", x, axis)(f.in.FusedSoftmax(x, axis))
}

func (f *recorder) Gather(
	operand, startIndices value, indexVectorAxis int, offsetOutputAxes, collapsedSliceAxes, startIndexMap,
	sliceSizes []int, indicesAreSorted bool,
) (value, error) {
	noted := f.one("Gather", operand, startIndices, indexVectorAxis, offsetOutputAxes, collapsedSliceAxes,
		startIndexMap, sliceSizes, indicesAreSorted)
	return noted(f.in.Gather(operand, startIndices, indexVectorAxis, offsetOutputAxes, collapsedSliceAxes,
		startIndexMap, sliceSizes, indicesAreSorted))
}

func (f *recorder) QuantizedEmbeddingLookup(data, indices value, dataQuantization *compute.Quantization) (value, error) {
	noted := f.one("QuantizedEmbeddingLookup", data, indices, dataQuantization)
	return noted(f.in.QuantizedEmbeddingLookup(data, indices, dataQuantization))
}

func (f *recorder) ReduceWindow(
	input value, reductionType compute.ReduceOpType, windowDimensions, strides, inputDilations, windowDilations []int,
	paddings [][2]int,
) (value, error) {
	noted := f.one("ReduceWindow", input, reductionType, windowDimensions, strides, inputDilations, windowDilations,
		paddings)
	return noted(f.in.ReduceWindow(input, reductionType, windowDimensions, strides, inputDilations, windowDilations,
		paddings))
}

func (f *recorder) ScatterMax(
	operand, scatterIndices, updates value, indexVectorAxis int, updateWindowAxes, insertedWindowAxes,
	scatterAxesToOperandAxes []int, indicesAreSorted, uniqueIndices bool,
) (value, error) {
	noted := f.one("ScatterMax", operand, scatterIndices, updates, indexVectorAxis, updateWindowAxes,
		insertedWindowAxes, scatterAxesToOperandAxes, indicesAreSorted, uniqueIndices)
	return noted(f.in.ScatterMax(operand, scatterIndices, updates, indexVectorAxis, updateWindowAxes,
		insertedWindowAxes, scatterAxesToOperandAxes, indicesAreSorted, uniqueIndices))
}

func (f *recorder) ScatterMin(
	operand, scatterIndices, updates value, indexVectorAxis int, updateWindowAxes, insertedWindowAxes,
	scatterAxesToOperandAxes []int, indicesAreSorted, uniqueIndices bool,
) (value, error) {
	noted := f.one("ScatterMin", operand, scatterIndices, updates, indexVectorAxis, updateWindowAxes,
		insertedWindowAxes, scatterAxesToOperandAxes, indicesAreSorted, uniqueIndices)
	return noted(f.in.ScatterMin(operand, scatterIndices, updates, indexVectorAxis, updateWindowAxes,
		insertedWindowAxes, scatterAxesToOperandAxes, indicesAreSorted, uniqueIndices))
}

func (f *recorder) ScatterSum(
	operand, scatterIndices, updates value, indexVectorAxis int, updateWindowAxes, insertedWindowAxes,
	scatterAxesToOperandAxes []int, indicesAreSorted, uniqueIndices bool,
) (value, error) {
	noted := f.one("ScatterSum", operand, scatterIndices, updates, indexVectorAxis, updateWindowAxes,
		insertedWindowAxes, scatterAxesToOperandAxes, indicesAreSorted, uniqueIndices)
	return noted(f.in.ScatterSum(operand, scatterIndices, updates, indexVectorAxis, updateWindowAxes,
		insertedWindowAxes, scatterAxesToOperandAxes, indicesAreSorted, uniqueIndices))
}

func (f *recorder) SelectAndScatterMax(
	operand, source value, windowDimensions, windowStrides []int, paddings [][2]int,
) (value, error) {
	noted := f.one("SelectAndScatterMax", operand, source, windowDimensions, windowStrides, paddings)
	return noted(f.in.SelectAndScatterMax(operand, source, windowDimensions, windowStrides, paddings))
}

func (f *recorder) SelectAndScatterMin(
	operand, source value, windowDimensions, windowStrides []int, paddings [][2]int,
) (value, error) {
	noted := f.one("SelectAndScatterMin", operand, source, windowDimensions, windowStrides, paddings)
	return noted(f.in.SelectAndScatterMin(operand, source, windowDimensions, windowStrides, paddings))
}
