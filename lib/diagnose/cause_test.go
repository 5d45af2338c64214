package diagnose_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"alphascale/lib/backend"
	"alphascale/lib/dataset"
	"alphascale/lib/diagnose"
	"alphascale/lib/instrument"
	"alphascale/lib/network"
	"alphascale/lib/optim"
	"alphascale/lib/scaling"
	"alphascale/lib/subject"
	"alphascale/lib/training"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
)

const rate = "learning rate"

// small is a training of one hidden layer on the digits.
func small(t *testing.T) training.Config {
	return training.Config{
		Subject: subject.Of(network.MLP{Hidden: []int{16}, Outputs: 10}.Model, dataset.Digits()), Optimizer: optim.New(optim.SGD),
		Steps: 100, Instruments: diagnose.Instruments(),
	}
}

// with returns the data with one input changed.
func with(data dataset.Set, place int, x float64) dataset.Set {
	data.Inputs = slices.Clone(data.Inputs)
	data.Inputs[place] = x
	return data
}

// TestNotFinite tells where a loss that is not finite came from, and names the learning rate only where steps were too large.
func TestNotFinite(t *testing.T) {
	target := dataset.Set{Name: "line", Shape: []int{1}, Inputs: []float64{1, 2, 3}, Targets: []float64{1, math.NaN(), 3}}
	unmarked := network.MLP{Outputs: 10}.Model
	for _, row := range []struct {
		name   string
		change func(c *training.Config, s *training.Settings)
		since  int
		want   []string
		never  []string
	}{
		{"NaN among the first inputs", func(c *training.Config, _ *training.Settings) { c.Data = with(c.Data, 100, math.NaN()) }, 0, []string{"Set.Check", "/layer_0"}, []string{rate}},
		{"1e300 among the first inputs", func(c *training.Config, _ *training.Settings) { c.Data = with(c.Data, 100, 1e300) }, 0, []string{"Set.Check"}, []string{rate}},
		{"NaN in the third batch", func(c *training.Config, _ *training.Settings) { c.Data = with(c.Data, 300*64, math.NaN()) }, 2, []string{"Set.Check", "step 2"}, []string{rate}},
		{"NaN, layers not marked", func(c *training.Config, _ *training.Settings) {
			c.Model, c.Data = unmarked, with(c.Data, 100, math.NaN())
		}, 0, []string{"Set.Check"}, []string{rate}},
		{"NaN, layers not marked, later", func(c *training.Config, _ *training.Settings) {
			c.Model, c.Data = unmarked, with(c.Data, 300*64, math.NaN())
		}, 2, []string{"Set.Check"}, []string{rate}},
		{"NaN among the targets", func(c *training.Config, _ *training.Settings) {
			c.Data, c.Model = target, network.MLP{Hidden: []int{4}, Outputs: 1}.Model
		}, 0, []string{"Set.Check"}, []string{rate}},
		{"initial weights", func(_ *training.Config, s *training.Settings) { s.Initial = notFinite(t) }, 0, []string{"/output/dense/weights", "initial values"}, []string{rate, "Set.Check"}},
		{"overflow on the way forward", func(c *training.Config, s *training.Settings) {
			c.Model, s.Alpha, s.Start = network.MLP{Hidden: slices.Repeat([]int{16}, 6), Outputs: 10}.Model, 1e7, training.ScaleWeights
		}, 0, []string{"smaller", "/layer_5"}, []string{rate}},
		{"a loss of 1e30", func(c *training.Config, _ *training.Settings) { c.Loss = scaled(t, c.Data, 1e30) }, 1, []string{"Divide the loss"}, []string{rate}},
		{"decay beyond 2/η", func(c *training.Config, s *training.Settings) {
			c.Optimizer, s.Hyper = optim.New(optim.AdamW), optim.Values{optim.LearningRate: 1, optim.WeightDecay: 50}
		}, -1, []string{"weight_decay = 50"}, []string{rate}},
		{"steps too large", func(c *training.Config, s *training.Settings) {
			c.Model, s.Hyper = network.MLP{Hidden: []int{16}, Outputs: 10, Activation: "none"}.Model, eta(1e4)
		}, -1, []string{"diverged", "Divide the learning rate, η = 1e+04"}, nil},
		{"α, which makes gradients large", func(c *training.Config, s *training.Settings) {
			c.Model, s.Alpha = network.MLP{Hidden: []int{16}, Outputs: 10, Activation: "none"}.Model, 1e3
		}, -1, []string{"Divide the learning rate", "scaling.Compensate"}, nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			c, s := small(t), training.Settings{Alpha: 1, Seed: 1}
			row.change(&c, &s)
			r := run(t, compile(t, c), s)
			findings := diagnose.Findings(r)
			if len(findings) != 1 || findings[0].Since != r.Diverged || r.Diverged < 0 || row.since >= 0 && r.Diverged != row.since {
				t.Fatalf("diverged at %d:\n%s", r.Diverged, text(findings))
			}
			says(t, text(findings), append(row.want, "not finite"), row.never)
		})
	}
}

func notFinite(t *testing.T) map[string]*tensors.Tensor {
	t.Helper()
	values := make([]float64, 160)
	values[3] = math.Inf(1)
	w, err := backend.Tensor(values, shapes.Make(dtypes.Float32, 16, 10))
	if err != nil {
		t.Fatal(err)
	}
	return map[string]*tensors.Tensor{"/output/dense/weights": w}
}

func scaled(t *testing.T, data dataset.Set, by float64) func(labels, predictions []*Node) *Node {
	t.Helper()
	loss, err := scaling.ScaleLoss(data.Loss(), by)
	if err != nil {
		t.Fatal(err)
	}
	return loss
}

// TestFrozen has nothing to say about weights whose learning rate is 0, unless there are no others.
func TestFrozen(t *testing.T) {
	c := small(t)
	c.Scaled = scaling.Under("/layer_0")
	p := compile(t, c)
	for _, row := range []struct {
		all, layer float64
		want       string
	}{
		{0.2, 0, ""}, {1e-8, 0, "/output/dense/weights: "}, {0.2, 1e-8, "/layer_0/dense/weights: "}, {0, 0, "the learning rate of all weights that are watched is 0"},
	} {
		findings := diagnose.Findings(run(t, p, training.Settings{Alpha: 1, Seed: 1, Hyper: eta(row.all), ScaledHyper: eta(row.layer)}))
		if row.want == "" && len(findings) > 0 || row.want != "" && len(findings) != 1 {
			t.Errorf("η = %g, of layer 0 %g:\n%s", row.all, row.layer, text(findings))
		}
		says(t, text(findings), []string{row.want}, []string{"signal", "frozen weights"})
	}
}

// TestEverything has nothing to say about biases, which start at zero and at first are rewritten by each step, nor about
// NaN in the data the wrong thing because of them.
func TestEverything(t *testing.T) {
	c := small(t)
	c.Watched = scaling.Everything()
	s := training.Settings{Alpha: 1, Seed: 1, Hyper: eta(0.2)}
	if findings := diagnose.Findings(run(t, compile(t, c), s)); len(findings) > 0 {
		t.Error(text(findings))
	}
	c.Data = with(c.Data, 300*64, math.NaN())
	says(t, text(diagnose.Findings(run(t, compile(t, c), s))), []string{"Set.Check", "step 2"}, []string{rate})
}

// TestOrderOfLayers is that of the weights: /layer_10 comes before /layer_2 by its name alone.
func TestOrderOfLayers(t *testing.T) {
	var records []training.Record
	add := func(instrument instrument.Instrument, path string, value float64) {
		records = append(records, training.Record{
			Instrument: instrument.Name, Path: path, Layer: instrument.Layer != nil, Values: slices.Repeat([]float64{value}, 20),
		})
	}
	for k := range 12 {
		path := fmt.Sprintf("/layer_%d", k)
		for _, of := range []instrument.Instrument{instrument.GradientNorm(), instrument.UpdateRatio(), instrument.WeightNorm(), instrument.LearningRate()} {
			add(of, path+"/dense/weights", map[string]float64{"gradient_norm": 1e-6, "update_ratio": 1e-6, "weight_norm": 1, "learning_rate": 1}[of.Name])
		}
	}
	for _, k := range []int{0, 1, 10, 11, 2, 3, 4, 5, 6, 7, 8, 9} {
		add(instrument.ActivationScale(), fmt.Sprintf("/layer_%d", k), math.Pow(2, -float64(k)))
	}
	r, err := training.Restore(training.Settings{Alpha: 1, Steps: 20}, slices.Repeat([]float64{2}, 20), records)
	if err != nil {
		t.Fatal(err)
	}
	says(t, text(diagnose.Findings(r)), []string{"from 1 in /layer_0 to 0.00049 in /layer_11", "about 2 times larger", "proportional"}, []string{rate})
}
