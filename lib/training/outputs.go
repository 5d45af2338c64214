package training

import (
	"reflect"

	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/train"
	"github.com/gomlx/gomlx/ml/train/loss"
	. "github.com/gomlx/gomlx/support/exceptions"
	"gonum.org/v1/gonum/stat"
)

// checkOutputs fails where outputs and labels or targets cannot mean the same thing: GoMLX's losses let a label beyond the
// outputs add nothing, so that a network of three outputs seems to learn ten classes, and the softmax of a single output is
// always 1. What a loss of the user's own makes of outputs in another shape is its own matter. A graph-building function.
func (c Config) checkOutputs(outputs []*Node) {
	shape := outputs[0].Shape()
	softmax, squares := is(c.Loss, loss.SparseCategoricalCrossEntropyLogits), is(c.Loss, loss.MeanSquaredError)
	switch flat := shape.Rank() == 2; {
	case len(c.Data.Labels) == 0 && squares && (!flat || shape.Dim(-1) != 1):
		Panicf("the model's outputs are shaped %s for one target per row of %q: give it one output, shaped [batch, 1]", shape, c.Data.Name)
	case len(c.Data.Labels) == 0 || shape.Rank() < 2:
		return
	case softmax && !flat:
		Panicf("the model's outputs are shaped %s for one label per row of %q: take one position of each row or average them, and "+
			"return [batch, classes]", shape, c.Data.Name)
	}
	width := shape.Dim(-1)
	if width == 1 && c.Data.Classes == 2 && !softmax {
		return // one output tells two classes apart
	}
	if width < c.Data.Classes {
		Panicf("the model has %d outputs for the %d classes of %q, and no loss can learn a class without an output: give it %d outputs",
			width, c.Data.Classes, c.Data.Name, c.Data.Classes)
	}
}

// is reports whether a loss function is a given one of GoMLX's.
func is(f, known train.LossFn) bool {
	return reflect.ValueOf(f).Pointer() == reflect.ValueOf(known).Pointer()
}

// guessing is the entropy of the labels, where the loss is a cross-entropy; 0 elsewhere.
func (c Config) guessing() float64 {
	if len(c.Data.Labels) == 0 || !is(c.Loss, loss.SparseCategoricalCrossEntropyLogits) {
		return 0
	}
	shares := make([]float64, c.Data.Classes)
	for _, label := range c.Data.Labels {
		shares[label] += 1 / float64(len(c.Data.Labels))
	}
	return stat.Entropy(shares)
}
