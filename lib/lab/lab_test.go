package lab_test

import (
	"strings"
	"testing"

	"alphascale/lib/lab"
	"alphascale/lib/optim"
	"alphascale/lib/training"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// TestChosenEffort is quick unless the environment says otherwise.
func TestChosenEffort(t *testing.T) {
	for value, want := range map[string]lab.Effort{"": lab.Quick, "quick": lab.Quick, "full": lab.Full} {
		t.Setenv(lab.EffortVariable, value)
		if got := lab.ChosenEffort(); got != want {
			t.Errorf("%q asks for %v, want %v", value, got, want)
		}
	}
}

// TestEffectiveLearningRateRefuses what is no effective learning rate: a reference with α, without η, from another function or of more
// steps, weights that were not kept, and a network whose first layer is none that can be read.
func TestEffectiveLearningRateRefuses(t *testing.T) {
	eta := optim.Values{optim.LearningRate: 0.1}
	kept := map[string]*tensors.Tensor{}
	for name, test := range map[string]struct {
		reference training.Settings
		steps     int
		final     map[string]*tensors.Tensor
		says      string
	}{
		"α":                {training.Settings{Alpha: 2, Hyper: eta}, 1, kept, "α = 1"},
		"no η":             {training.Settings{Alpha: 1}, 1, kept, "learning rate"},
		"same weights":     {training.Settings{Alpha: 1, Hyper: eta, Start: training.KeepWeights}, 1, kept, "KeepFunction"},
		"no weights kept":  {training.Settings{Alpha: 1, Hyper: eta}, 1, nil, "Keep"},
		"two steps":        {training.Settings{Alpha: 1, Hyper: eta}, 2, kept, "2 steps"},
		"no dense layer 0": {training.Settings{Alpha: 1, Hyper: eta}, 1, kept, "first layer"},
	} {
		run, err := training.Restore(test.reference, make([]float64, test.steps), nil)
		if err != nil {
			t.Fatal(err)
		}
		run.Final = test.final
		identity := func(_ *model.Scope, _ any, inputs []*graph.Node) []*graph.Node { return inputs }
		if _, err := lab.MeasuredLearningRate(identity, kept, []*training.Run{run}); err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: %v, want a word on %s", name, err, test.says)
		}
	}
}
