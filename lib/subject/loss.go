package subject

import (
	"runtime"
	"strings"

	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/train"
	. "github.com/gomlx/gomlx/support/exceptions"
)

// BuildLoss runs the model on inputs, [rows, …Data.Shape], and returns its outputs and what a training
// minimises, a scalar: the loss of outputs and labels, and all that the model adds to it by train.AddMainLoss and
// train.AddRegularizationLoss, as train.Trainer adds them. Model, Loss and Store must be set. A graph-building function.
func (s Subject) BuildLoss(g *Graph, inputs, labels *Node) (outputs []*Node, total *Node) {
	explained("the model", "inputs", func() { outputs = s.Model(s.Store.RootScope(), nil, []*Node{inputs}) })
	if len(outputs) == 0 || outputs[0] == nil {
		Panicf("the model returns no output: return the predictions as its first")
	}
	explained("the loss", "labels or outputs", func() { total = s.Loss([]*Node{labels}, outputs) })
	if !total.IsScalar() {
		total = ReduceAllMean(total)
	}
	if added := train.TotalLoss(g); added != nil {
		total = Add(total, ConvertDType(added, total.DType()))
	}
	return outputs, total
}

// explained runs do, and says what a user can do about it where do reads beyond the one batch of inputs, or of labels.
func explained(who, what string, do func()) {
	defer func() {
		e := recover()
		if of, ok := e.(runtime.Error); ok && strings.Contains(of.Error(), "index out of range") {
			Panicf("%s reads an element that is not there (%v): it is given one tensor of inputs and one of labels a batch, so put several "+
				"%s into one and slice them apart", who, of, what)
		}
		if e != nil {
			panic(e)
		}
	}()
	do()
}
