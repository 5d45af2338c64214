package training

import (
	"reflect"

	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/train"
	"github.com/gomlx/gomlx/ml/train/loss"
	. "github.com/gomlx/gomlx/support/exceptions"
)

// checkOutputs fails where outputs and labels cannot mean the same thing: GoMLX's losses let a label beyond the outputs add
// nothing, so that a network of three outputs seems to learn ten classes, and the softmax of a single output is always 1. A
// graph-building function.
func (c Config) checkOutputs(outputs []*Node) {
	shape := outputs[0].Shape()
	if len(c.Data.Labels) == 0 || shape.Rank() < 2 {
		return // what a loss makes of targets is its own matter
	}
	width := shape.Dim(-1)
	if width == 1 && c.Data.Classes == 2 && !isSoftmax(c.Loss) {
		return // one output tells two classes apart
	}
	if width < c.Data.Classes {
		Panicf("the model has %d outputs for the %d classes of %q, and no loss can learn a class without an output: give it %d outputs",
			width, c.Data.Classes, c.Data.Name, c.Data.Classes)
	}
}

// isSoftmax reports whether a loss is the cross-entropy of a softmax over the outputs.
func isSoftmax(f train.LossFn) bool {
	return reflect.ValueOf(f).Pointer() == reflect.ValueOf(loss.SparseCategoricalCrossEntropyLogits).Pointer()
}
