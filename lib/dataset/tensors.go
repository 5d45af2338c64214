package dataset

import (
	"alphascale/lib/backend"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/train"
	"github.com/gomlx/gomlx/ml/train/loss"
)

// InputShape is the shape of so many rows of inputs: [rows, …Shape].
func (s Set) InputShape(dtype dtypes.DType, rows int) shapes.Shape {
	return shapes.Make(dtype, append([]int{rows}, s.Shape...)...)
}

// LabelShape is the shape of so many labels, [rows, 1] of int32, or of so many targets, [rows, 1] of the given dtype.
func (s Set) LabelShape(dtype dtypes.DType, rows int) shapes.Shape {
	if len(s.Labels) > 0 {
		dtype = dtypes.Int32
	}
	return shapes.Make(dtype, rows, 1)
}

// Tensors copies the set into two tensors in host memory, of InputShape and LabelShape. A dtype that is not one of the
// four float types is an error.
func (s Set) Tensors(dtype dtypes.DType) (inputs, labels *tensors.Tensor, err error) {
	if inputs, err = backend.Tensor(s.Inputs, s.InputShape(dtype, s.Rows())); err != nil {
		return nil, nil, err
	}
	if len(s.Labels) > 0 {
		classes := make([]int32, s.Rows())
		for i, class := range s.Labels {
			classes[i] = int32(class)
		}
		return inputs, tensors.FromFlatDataAndDimensions(classes, s.Rows(), 1), nil
	}
	labels, err = backend.Tensor(s.Targets, s.LabelShape(dtype, s.Rows()))
	return inputs, labels, err
}

// Loss is the loss that fits the set: mean softmax cross-entropy for labels, mean squared error, without a ½, for
// targets.
func (s Set) Loss() train.LossFn {
	if len(s.Labels) > 0 {
		return loss.SparseCategoricalCrossEntropyLogits
	}
	return loss.MeanSquaredError
}
