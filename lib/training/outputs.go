package training

import (
	"alphascale/lib/dataset"

	. "github.com/gomlx/gomlx/core/graph"
	. "github.com/gomlx/gomlx/support/exceptions"
)

// checkOutputs fails where outputs and labels cannot mean the same thing: GoMLX's losses let a label beyond the outputs add
// nothing, so that a network of three outputs seems to learn ten classes. A graph-building function.
func checkOutputs(data dataset.Set, outputs []*Node) {
	shape := outputs[0].Shape()
	if len(data.Labels) == 0 || shape.Rank() < 2 {
		return // what a loss makes of targets is its own matter
	}
	width := shape.Dim(-1)
	if width >= data.Classes || width == 1 && data.Classes == 2 { // one output tells two classes apart
		return
	}
	Panicf("the model has %d outputs for the %d classes of %q, and no loss can learn a class without an output: give it %d outputs",
		width, data.Classes, data.Name, data.Classes)
}
