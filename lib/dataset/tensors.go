package dataset

import (
	"alphascale/lib/backend"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/train"
	"github.com/gomlx/gomlx/ml/train/loss"
)

// InputShape is the shape of the given number of rows of inputs: [rows, …Shape].
func (s Set) InputShape(dtype dtypes.DType, rows int) shapes.Shape {
	return shapes.Make(dtype, append([]int{rows}, s.Shape...)...)
}

// LabelShape is the shape of the labels of the given number of rows, [rows, 1] of int32, or of their targets, [rows, 1] of
// the given dtype.
func (s Set) LabelShape(dtype dtypes.DType, rows int) shapes.Shape {
	if len(s.Labels) > 0 {
		dtype = dtypes.Int32
	}
	return shapes.Make(dtype, rows, 1)
}

// InputTensor copies the inputs into host memory, [rows, …Shape]. A dtype that is not one of the four float types is an error.
func (s Set) InputTensor(dtype dtypes.DType) (*tensors.Tensor, error) {
	return backend.Tensor(s.Inputs, s.InputShape(dtype, s.Rows()))
}

// InputColumns is InputTensor with the examples in columns, [values of a row, rows].
func (s Set) InputColumns(dtype dtypes.DType) (*tensors.Tensor, error) {
	rows, width := s.Rows(), s.Width()
	turned := make([]float64, len(s.Inputs))
	for i, x := range s.Inputs {
		turned[i%width*rows+i/width] = x
	}
	return backend.Tensor(turned, shapes.Make(dtype, width, rows))
}

// LabelTensor copies the labels or targets into host memory, in LabelShape.
func (s Set) LabelTensor(dtype dtypes.DType) (*tensors.Tensor, error) {
	if len(s.Labels) == 0 {
		return backend.Tensor(s.Targets, s.LabelShape(dtype, s.Rows()))
	}
	classes := make([]int32, s.Rows())
	for i, class := range s.Labels {
		classes[i] = int32(class)
	}
	return tensors.FromFlatDataAndDimensions(classes, s.Rows(), 1), nil
}

// Loss is the loss that fits the set: mean softmax cross-entropy for labels, mean squared error, without a ½, for
// targets.
func (s Set) Loss() train.LossFn {
	if len(s.Labels) > 0 {
		return loss.SparseCategoricalCrossEntropyLogits
	}
	return loss.MeanSquaredError
}
