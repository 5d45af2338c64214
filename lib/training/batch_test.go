package training_test

import (
	"testing"

	"alphascale/lib/subject"

	"alphascale/lib/dataset"
	"alphascale/lib/network"
	"alphascale/lib/optim"
	"alphascale/lib/training"

	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/ml/train"
)

// TestTurnedData trains on batches that are taken from columns, by models that do nothing but turn their inputs, and by the
// same models behind a step that hides it. The order in which the data set lies changes no bit.
func TestTurnedData(t *testing.T) {
	mlp := network.MLP{Hidden: []int{16}, Outputs: 10}.Model
	behind := func(step func(x *Node) *Node) train.ModelFn {
		return func(scope *model.Scope, spec any, inputs []*Node) []*Node {
			return mlp(scope, spec, []*Node{step(inputs[0])})
		}
	}
	both := func(x *Node) *Node { // in rows and in columns
		return Add(x, MulScalar(Transpose(MulScalar(Transpose(x, 0, 1), 2), 0, 1), 0))
	}
	want := run(t, compile(t, turnedConfig(t, []int{64}, behind(Identity))), training.Settings{Alpha: 1, Seed: 3})
	for name, test := range map[string]struct {
		shape  []int
		model  train.ModelFn
		turned bool
	}{
		"rows":              {[]int{64}, mlp, true},
		"images":            {[]int{8, 8}, mlp, true},
		"rows and columns":  {[]int{64}, behind(both), false},
		"not by example":    {[]int{64}, behind(func(x *Node) *Node { return Reshape(Reshape(x, x.Shape().Dim(0)/2, 128), -1, 64) }), false},
		"images, otherwise": {[]int{8, 8}, behind(func(x *Node) *Node { return Transpose(Transpose(x, 1, 2), 1, 2) }), false},
	} {
		t.Run(name, func(t *testing.T) {
			p := compile(t, turnedConfig(t, test.shape, test.model))
			if got := training.Turned(p); got != test.turned {
				t.Errorf("the data set lies in columns: %v, want %v", got, test.turned)
			}
			got := run(t, p, training.Settings{Alpha: 1, Seed: 3})
			if step := firstDifference(got.Loss, want.Loss); step >= 0 {
				t.Errorf("step %d: loss %v, behind an identity %v", step, got.Loss[step], want.Loss[step])
			}
		})
	}
}

// turnedConfig goes round a data set whose rows do not fill the last batch.
func turnedConfig(t *testing.T, shape []int, model train.ModelFn) training.Config {
	data := dataset.Digits().First(100)
	data.Shape = shape
	return training.Config{Subject: subject.Of(model, data), Optimizer: optim.New(optim.SGD), Batch: 32, Steps: 12}
}
