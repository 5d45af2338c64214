package diagnose_test

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"alphascale/lib/subject"

	"alphascale/lib/dataset"
	"alphascale/lib/diagnose"
	"alphascale/lib/network"
	"alphascale/lib/optim"
	"alphascale/lib/scaling"
	"alphascale/lib/training"
)

const (
	steps  = 200
	chance = 2.302 // ln 10, the loss of guessing among ten digits
)

// trial is one training of a perceptron of width 32 on the digits.
type trial struct {
	depth      int
	activation string // relu if empty
	optimizer  optim.Family
	options    []optim.Hyper
	hyper      optim.Values
	weights    float64 // factor of the initial weights; 1 if 0
	inputs     float64 // factor of the data; 1 if 0
	loss       float64 // factor of the loss; 1 if 0
}

func (c trial) config(t *testing.T) training.Config {
	t.Helper()
	config := training.Config{
		Subject:   subject.Of(network.MLP{Hidden: slices.Repeat([]int{32}, c.depth), Outputs: 10, Activation: c.activation}.Model, dataset.Digits()),
		Optimizer: optim.New(c.optimizer, c.options...), Steps: steps, Instruments: diagnose.Instruments(),
	}
	if c.inputs != 0 {
		config.Data.Inputs = slices.Clone(config.Data.Inputs)
		for i := range config.Data.Inputs {
			config.Data.Inputs[i] *= c.inputs
		}
	}
	if c.loss != 0 {
		var err error
		if config.Loss, err = scaling.ScaleLoss(config.Data.Loss(), c.loss); err != nil {
			t.Fatal(err)
		}
	}
	return config
}

func (c trial) settings() training.Settings {
	s := training.Settings{Alpha: 1, Start: training.ScaleWeights, Seed: 1, Hyper: c.hyper}
	if c.weights != 0 {
		s.Alpha = c.weights
	}
	return s
}

// trials run one after the other and compile a program once.
type trials struct {
	t        *testing.T
	programs map[string]*training.Program
}

func newTrials(t *testing.T) *trials { return &trials{t, map[string]*training.Program{}} }

func (all *trials) run(c trial) *training.Run {
	t := all.t
	t.Helper()
	key := fmt.Sprint(c.depth, c.activation, c.optimizer, c.options, c.inputs, c.loss)
	if all.programs[key] == nil {
		all.programs[key] = compile(t, c.config(t))
	}
	return run(t, all.programs[key], c.settings())
}

func compile(t *testing.T, c training.Config) *training.Program {
	t.Helper()
	p, err := training.Compile(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Finalize)
	return p
}

func run(t *testing.T, p *training.Program, s training.Settings) *training.Run {
	t.Helper()
	r, err := p.Run(s)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func eta(x float64) optim.Values { return optim.Values{optim.LearningRate: x} }

// text is what the findings say.
func text(findings []diagnose.Finding) string {
	var b strings.Builder
	for _, f := range findings {
		fmt.Fprintln(&b, f)
	}
	return b.String()
}

var factors = regexp.MustCompile(`about ([0-9]+(?:\.[0-9]+)?(?:e\+[0-9]+)?)`)

// factorOf is the number that the advice states.
func factorOf(t *testing.T, f diagnose.Finding) float64 {
	t.Helper()
	found := factors.FindStringSubmatch(f.Remedy)
	if found == nil {
		t.Fatalf("no factor in %q", f.Remedy)
	}
	factor, err := strconv.ParseFloat(found[1], 64)
	if err != nil {
		t.Fatal(err)
	}
	return factor
}

// says reports a sentence that lacks a word of want or has one of never.
func says(t *testing.T, sentence string, want, never []string) {
	t.Helper()
	for _, word := range want {
		if !strings.Contains(sentence, word) {
			t.Errorf("%q should be in: %s", word, sentence)
		}
	}
	for _, word := range never {
		if strings.Contains(sentence, word) {
			t.Errorf("%q should not be in: %s", word, sentence)
		}
	}
}
