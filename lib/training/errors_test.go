package training_test

import (
	"math"
	"strings"
	"testing"

	"alphascale/lib/dataset"
	"alphascale/lib/network"
	"alphascale/lib/optim"
	"alphascale/lib/scaling"
	"alphascale/lib/training"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// wantError fails unless the error names everything that the reader needs: the value and the remedy.
func wantError(t *testing.T, err error, words ...string) {
	t.Helper()
	if err == nil {
		t.Fatal("no error")
	}
	for _, word := range words {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("the error does not mention %q: %v", word, err)
		}
	}
}

func TestCompileNamesWhatCannotBeUsed(t *testing.T) {
	for name, test := range map[string]struct {
		change func(c *training.Config)
		words  []string
	}{
		"no model":            {func(c *training.Config) { c.Model = nil }, []string{"Model", "set"}},
		"no optimizer":        {func(c *training.Config) { c.Optimizer = nil }, []string{"Optimizer", "set"}},
		"empty data":          {func(c *training.Config) { c.Data = dataset.Set{Name: "none"} }, []string{"none", "empty"}},
		"batch too large":     {func(c *training.Config) { c.Batch = 5000 }, []string{"5000", "1797"}},
		"negative batch":      {func(c *training.Config) { c.Batch = -1 }, []string{"-1"}},
		"negative steps":      {func(c *training.Config) { c.Steps = -3 }, []string{"-3", "at least 1"}},
		"nothing is selected": {func(c *training.Config) { c.Scaled = scaling.Under("/layer_9") }, []string{"/layer_9", "/layer_0/dense/weights"}},
		"shapes do not fit":   {func(c *training.Config) { c.Data.Inputs = c.Data.Inputs[1:] }, []string{"1797", "needed"}},
		"label out of range":  {func(c *training.Config) { c.Data.Classes = 9 }, []string{"9", "0..8"}},
		"unknown activation": {func(c *training.Config) {
			c.Model = network.MLP{Hidden: []int{4}, Outputs: 10, Activation: "rleu"}.Model
		}, []string{"rleu", "Relu"}},
		"layers too wide": {func(c *training.Config) {
			c.Model = network.MLP{Hidden: []int{1 << 20, 1 << 20}, Outputs: 10}.Model
		}, []string{"at least 1.76e+04 GB", "weights", "free", "narrower"}},
		"widths beyond any integer": {func(c *training.Config) {
			c.Model = network.MLP{Hidden: []int{1 << 40, 1 << 40}, Outputs: 10}.Model
		}, []string{"weights", "narrower"}},
		"too many steps": {func(c *training.Config) { c.Steps = 1 << 40 }, []string{"record of all steps", "Steps"}},
		"model panics with a text": {func(c *training.Config) {
			c.Model = func(*model.Scope, any, []*graph.Node) []*graph.Node { panic("out of ideas") }
		}, []string{"building the model", "out of ideas"}},
		"model of two inputs": {func(c *training.Config) {
			inner := c.Model
			c.Model = func(scope *model.Scope, spec any, in []*graph.Node) []*graph.Node {
				return inner(scope, spec, []*graph.Node{graph.Add(in[0], in[1])})
			}
		}, []string{"the model", "index out of range", "one tensor of inputs", "slice"}},
		"loss with a mask": {func(c *training.Config) {
			c.Loss = func(labels, outputs []*graph.Node) *graph.Node {
				return graph.ReduceAllSum(graph.Mul(labels[1], outputs[0]))
			}
		}, []string{"the loss", "one of labels"}},
		"model divides shapes": {func(c *training.Config) {
			c.Model = func(_ *model.Scope, _ any, in []*graph.Node) []*graph.Node {
				return []*graph.Node{graph.MatMul(in[0], in[0])}
			}
		}, []string{"building the model"}},
	} {
		t.Run(name, func(t *testing.T) {
			c := digitsConfig(t, optim.SGD)
			test.change(&c)
			_, err := training.Compile(c)
			wantError(t, err, test.words...)
		})
	}
}

func TestRunNamesWhatCannotBeUsed(t *testing.T) {
	p := compile(t, digitsConfig(t, optim.SGD))
	for name, test := range map[string]struct {
		settings training.Settings
		words    []string
	}{
		"no α":        {training.Settings{}, []string{"α = 0", "use"}},
		"NaN":         {training.Settings{Alpha: math.NaN()}, []string{"NaN", "finite"}},
		"infinite":    {training.Settings{Alpha: math.Inf(1)}, []string{"+Inf", "finite"}},
		"negative α":  {training.Settings{Alpha: -2}, []string{"-2", "α > 0"}},
		"steps":       {training.Settings{Alpha: 1, Steps: 501}, []string{"501", "500"}},
		"start":       {training.Settings{Alpha: 1, Start: 7}, []string{"7", "KeepFunction"}},
		"negative η":  {training.Settings{Alpha: 1, Hyper: optim.Values{optim.LearningRate: -1}}, []string{"learning_rate", "-1"}},
		"unknown":     {training.Settings{Alpha: 1, Hyper: optim.Values{"lerning_rate": 1}}, []string{"lerning_rate", "learning_rate"}},
		"not read":    {training.Settings{Alpha: 1, Hyper: optim.Values{optim.Momentum: 0.9}}, []string{"momentum", "learning_rate"}},
		"not read, 2": {training.Settings{Alpha: 1, ScaledHyper: optim.Values{optim.L2: 0.1}}, []string{"l2"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := p.Run(test.settings)
			wantError(t, err, test.words...)
			if runs, err := p.RunAll(t.Context(), []training.Settings{test.settings}, nil); err == nil || runs[0] != nil {
				t.Error("RunAll accepts it")
			}
		})
	}
}

func TestRecordedNamesWhatWasRecorded(t *testing.T) {
	c := digitsConfig(t, optim.SGD)
	c.Instruments = training.Norms()
	r := run(t, compile(t, c), training.Settings{Alpha: 1, Steps: 1})
	_, err := r.Recorded("gradient_norm", "/layer_7/dense/weights")
	wantError(t, err, "/layer_7/dense/weights", "/layer_0/dense/weights")
}
