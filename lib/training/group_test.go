package training_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"alphascale/lib/dataset"
	"alphascale/lib/network"
	"alphascale/lib/optim"
	"alphascale/lib/scaling"
	"alphascale/lib/subject"
	"alphascale/lib/training"

	"github.com/gomlx/gomlx/core/tensors"
)

// grouped is a program whose three layers are multiplied by an α each, its biases by none.
func grouped(t *testing.T, family optim.Family, options ...optim.Hyper) *training.Program {
	t.Helper()
	return compile(t, training.Config{
		Subject:   subject.Subject{Model: network.MLP{Hidden: []int{16, 16}, Outputs: 10}.Model, Data: dataset.Digits().First(512)},
		Optimizer: optim.New(family, options...), Batch: 64, Steps: 60,
		Scaled: scaling.Select("/layer_0/dense/weights"),
		Groups: []training.Group{
			{Name: "middle", Variables: scaling.Select("/layer_1/dense/weights")},
			{Name: "readout", Variables: scaling.Except(scaling.Under("/output"), scaling.Biases())},
		},
	})
}

func runOf(t *testing.T, p *training.Program, s training.Settings) *training.Run {
	t.Helper()
	run, err := p.Run(s)
	if err != nil {
		t.Fatal(err)
	}
	return run
}

// TestGroupsAreCompensatedEachByItsOwn: three layers at three α train as without, bit for bit; with the α of two exchanged after the
// compensation, or with one group left as it is, they do not.
func TestGroupsAreCompensatedEachByItsOwn(t *testing.T) {
	for _, test := range []lawL1Case{
		{optim.SGD, nil, optim.Values{optim.LearningRate: 0.1}},
		{optim.AdamW, nil, optim.Values{optim.LearningRate: 0.005, optim.Epsilon: 1e-3, optim.WeightDecay: 0.1}},
		{optim.HeavyBall, []optim.Hyper{optim.ClipNorm, optim.L2}, optim.Values{optim.LearningRate: 0.02, optim.ClipNorm: 0.3, optim.L2: 0.01}},
	} {
		t.Run(test.String(), func(t *testing.T) {
			p := grouped(t, test.family, test.options...)
			plain := training.Settings{Alpha: 1, Hyper: test.h, Seed: 1}
			reference := runOf(t, p, plain)
			s := plain
			s.Alpha = 4
			s.Groups = map[string]training.GroupSettings{
				"middle":  {Alpha: 1. / 8, Hyper: optim.Values{optim.LearningRate: test.h[optim.LearningRate]}},
				"readout": {Alpha: 32},
			}
			compensated, err := p.Compensated(s, lawL1Conditions...)
			if err != nil {
				t.Fatal(err)
			}
			if s.Groups["readout"].Hyper != nil {
				t.Error("the settings that were to be compensated are changed")
			}
			if run := runOf(t, p, compensated); !slices.Equal(run.Loss, reference.Loss) {
				t.Errorf("the losses differ, the last by %g", run.Loss[len(run.Loss)-1]-reference.Loss[len(reference.Loss)-1])
			}
			for name, groups := range map[string]map[string]training.GroupSettings{
				"one group left as it is": {"middle": compensated.Groups["middle"], "readout": s.Groups["readout"]},
				"two groups exchanged": {
					"middle":  {Alpha: 1. / 8, Hyper: compensated.Groups["readout"].Hyper},
					"readout": {Alpha: 32, Hyper: compensated.Groups["middle"].Hyper},
				},
			} {
				wrong := compensated
				wrong.Groups = groups
				if run := runOf(t, p, wrong); slices.Equal(run.Loss, reference.Loss) {
					t.Errorf("control, %s: no loss differs", name)
				}
			}
		})
	}
}

// TestGroupsAlphaIsItsLearningRate: α on a group is α² times the learning rate of that group, with SGD, and of no other.
func TestGroupsAlphaIsItsLearningRate(t *testing.T) {
	p := grouped(t, optim.SGD)
	h := optim.Values{optim.LearningRate: 0.01}
	with := func(groups map[string]training.GroupSettings) []float64 {
		return runOf(t, p, training.Settings{Alpha: 1, Hyper: h, Seed: 1, Groups: groups}).Loss
	}
	faster := training.GroupSettings{Hyper: h.With(optim.LearningRate, 16*h[optim.LearningRate])}
	multiplied := with(map[string]training.GroupSettings{"readout": {Alpha: 4}})
	if !slices.Equal(multiplied, with(map[string]training.GroupSettings{"readout": faster})) {
		t.Error("the run at α = 4 is not that at 16 η")
	}
	if slices.Equal(multiplied, with(map[string]training.GroupSettings{"middle": faster})) {
		t.Error("control: it is that at 16 η of another group")
	}
}

// TestGroupsGoOn from a run's final values, at another α of a group and with the same function, as the uninterrupted run does.
func TestGroupsGoOn(t *testing.T) {
	p := grouped(t, optim.AdamW)
	h := optim.Values{optim.LearningRate: 0.005, optim.Epsilon: 1e-3, optim.WeightDecay: 0.1}
	whole := runOf(t, p, training.Settings{Alpha: 1, Hyper: h, Seed: 1})
	at := func(alpha float64, s training.Settings) training.Settings {
		s.Alpha, s.Hyper, s.Seed = 1, h, 1
		s.Groups = map[string]training.GroupSettings{"readout": {Alpha: alpha}}
		s, err := p.Compensated(s, lawL1Conditions...)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	first := runOf(t, p, at(4, training.Settings{Steps: 20, Keep: true}))
	then := runOf(t, p, at(4, training.Settings{Steps: 40, Initial: first.Final}))
	if !slices.Equal(slices.Concat(first.Loss, then.Loss), whole.Loss) {
		t.Error("the run that went on differs")
	}
	final := first.Final
	silent := map[string]*tensors.Tensor{}
	for path, value := range final {
		if !strings.HasPrefix(path, training.StatePath) {
			silent[path] = value
		}
	}
	control := runOf(t, p, at(4, training.Settings{Steps: 40, Initial: silent}))
	if slices.Equal(control.Loss, then.Loss) {
		t.Error("control: what Final says of the group's α makes no difference")
	}
}

// TestGroupsThatCannotBeUsed are refused by a sentence that names them.
func TestGroupsThatCannotBeUsed(t *testing.T) {
	config := training.Config{
		Subject:   subject.Subject{Model: network.MLP{Hidden: []int{4}, Outputs: 10}.Model, Data: dataset.Digits().First(64)},
		Optimizer: optim.New(optim.SGD), Steps: 1,
	}
	weights := scaling.Select("/output/dense/weights")
	for says, groups := range map[string][]training.Group{
		`is called ""`:         {{Variables: weights}},
		`is called "a"`:        {{Name: "a", Variables: weights}, {Name: "a", Variables: scaling.Biases()}},
		`the group "a" and by`: {{Name: "a", Variables: weights}, {Name: "b", Variables: scaling.Weights()}},
		"matches no trainable": {{Name: "a", Variables: scaling.Under("/nowhere")}},
		`selector ""`:          {{Name: "a"}},
		`Config.Scaled and by`: {{Name: "a", Variables: weights}},
	} {
		c := config
		c.Groups = groups
		if strings.HasPrefix(says, "Config.Scaled") {
			c.Scaled = scaling.Weights()
		}
		if p, err := training.Compile(c); err == nil || !strings.Contains(err.Error(), says) {
			if err == nil {
				p.Finalize()
			}
			t.Errorf("%v: %v, want a word on %s", groups, err, says)
		}
	}
	config.Groups = []training.Group{{Name: "readout", Variables: weights}}
	p := compile(t, config)
	for says, own := range map[string]map[string]training.GroupSettings{
		`no group "redout"`: {"redout": {Alpha: 2}},
		`group "readout"`:   {"readout": {Alpha: -2}},
		"α = 1e+300":        {"readout": {Alpha: 1e300}},
		"momentum":          {"readout": {Hyper: optim.Values{optim.Momentum: 0.9}}},
	} {
		if _, err := p.Run(training.Settings{Alpha: 1, Groups: own}); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v: %v, want a word on %s", own, err, says)
		}
	}
}

// The weights that no group has are those that Settings.Alpha multiplies, where Config.Scaled says nothing.
func TestGroupsLeaveTheRest(t *testing.T) {
	p := compile(t, training.Config{
		Subject:   subject.Subject{Model: network.MLP{Hidden: []int{4}, Outputs: 10}.Model, Data: dataset.Digits().First(64)},
		Optimizer: optim.New(optim.SGD), Steps: 1,
		Groups: []training.Group{{Name: "readout", Variables: scaling.Select("/output/dense/weights")}},
	})
	want := map[string]bool{"/layer_0/dense/weights": true, "/layer_0/dense/biases": false, "/output/dense/weights": false, "/output/dense/biases": false}
	if got := p.Variables(); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%v are multiplied, want %v", got, want)
	}
}
