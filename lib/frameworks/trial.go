package frameworks

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
)

// Where α multiplies.
const (
	OnAll   = "all weights"
	OnLayer = "the second layer"
	Midway  = "all weights, from step 50 on"
)

// Wrong is what of a run's hyperparameters is not as advised: nothing, everything left as it is, or one of them, "eps as α^0".
const (
	Nothing    = ""
	Everything = "everything as α^0"
	StateLeft  = "state as α^0"
)

// A Trial is one optimizer's settings and the runs that are made with them. Its JSON is what the programs in docker/frameworks read.
type Trial struct {
	ID        string // of all that it runs
	Optimizer string
	Given     Values
	Runs      []Run // the first without α, which all others are held against
}

// A Run is one training of the digits' perceptron.
type Run struct {
	Alpha float64
	Place string // OnAll or OnLayer
	Wrong string // Nothing, or the hyperparameter that has a wrong exponent: then the run has to differ
	Words
	// Before are the lines of the first half of a training in which α comes midway, and State the numbers by which the optimizer's
	// state is multiplied then, by the framework's names.
	Before *Words
	State  map[string]float64
}

// Words are Python, those that [Advice] prints.
type Words struct {
	Optimizer string // of the weights, or of the matrices where Rest is not empty
	Rest      string // of the biases
	Clip      string // of the gradients, before the step
}

// The multipliers of every trial, powers of two so that a compensated run can be the same to the bit, and those of a fan of losses.
var (
	trialAlphas = []float64{4, 1. / 64}
	fanAlphas   = []float64{0.25, 0.5, 2, 4}
)

// Trials lists what is run in a framework, given each optimizer's defaults as the framework states them.
func Trials(framework string, defaults map[string]Values) ([]Trial, error) {
	var out []Trial
	for _, r := range rulesOf(framework) {
		of, err := defaultsIn(defaults, r)
		if err != nil {
			return nil, err
		}
		for i, given := range r.trials {
			s, err := r.settle(given, of)
			if err != nil {
				return nil, err
			}
			trial, err := s.trial(defaults, i == 0 && slices.Contains(fanned, r.name))
			if err != nil {
				return nil, err
			}
			out = append(out, trial)
		}
	}
	return out, nil
}

// fanned are the optimizers of which a fan of losses is run as well, with their first settings.
var fanned = []string{"SGD", "sgd", "Adam", "adam"}

func defaultsIn(defaults map[string]Values, r rule) (Values, error) {
	of, ok := defaults[r.name]
	if !ok {
		return nil, fmt.Errorf("%s is not in the installed %s: bring the rules in lib/frameworks up to its version", r.spelling(), r.framework)
	}
	return of.plain()
}

func (s settled) trial(defaults map[string]Values, fan bool) (Trial, error) {
	t := Trial{Optimizer: s.name, Given: s.given}
	var failed error
	add := func(alpha float64, place string, wrong map[string]int) {
		run, err := s.run(defaults, alpha, place, wrong)
		if err != nil && failed == nil {
			failed = err
		}
		t.Runs = append(t.Runs, run)
	}
	add(1, OnAll, nil)
	for _, alpha := range trialAlphas {
		add(alpha, OnAll, nil)
	}
	if s.shared() == "" && !s.clip {
		add(trialAlphas[0], OnLayer, nil)
	}
	t.Runs = append(t.Runs, s.midway(t.Runs)...)
	left := map[string]int{}
	for _, name := range s.followers() {
		add(trialAlphas[0], OnAll, map[string]int{name: 0})
		left[name] = 0
	}
	for _, name := range slices.Sorted(maps.Keys(s.mistakes())) {
		add(trialAlphas[0], OnAll, map[string]int{name: s.mistakes()[name]})
	}
	if len(left) == 0 && failed == nil {
		t.Runs = append(t.Runs, s.spoilt(t.Runs[1]))
	}
	if fan {
		for _, alpha := range fanAlphas {
			add(alpha, OnAll, left)
			t.Runs[len(t.Runs)-1].Wrong = Everything
			if !slices.Contains(trialAlphas, alpha) {
				add(alpha, OnAll, nil)
			}
		}
	}
	text, err := json.Marshal(t)
	if err != nil {
		return t, err
	}
	sum := sha256.Sum256(text)
	t.ID = hex.EncodeToString(sum[:8])
	return t, failed
}

// midway are the runs in which α comes in mid-training, and the control in which the optimizer's state is left as it is.
func (s settled) midway(runs []Run) []Run {
	states := s.state()
	if s.clip || s.none != "" || len(states) == 0 {
		return nil
	}
	run, control := runs[1], runs[1]
	run.Place, run.Before, run.State = Midway, &runs[0].Words, map[string]float64{}
	control.Place, control.Before, control.State = Midway, &runs[0].Words, map[string]float64{}
	for name, power := range states {
		run.State[name], control.State[name] = math.Pow(run.Alpha, float64(power)), 1
	}
	control.Wrong = StateLeft
	return []Run{run, control}
}

// run prints one run's lines.
func (s settled) run(defaults map[string]Values, alpha float64, place string, wrong map[string]int) (Run, error) {
	scaled, err := s.at(alpha, wrong)
	if err != nil {
		return Run{}, err
	}
	run := Run{Alpha: alpha, Place: place, Wrong: nameOf(wrong)}
	call := s.whole(scaled)
	if place == OnLayer {
		call = s.parts(scaled, s.written())
	}
	switch behind, err := s.behind(defaults); {
	case err != nil:
		return run, err
	case s.clip:
		run.Clip = call
		run.Optimizer, err = behind.line(alpha, place, nil)
		return run, err
	case s.rest != "":
		run.Optimizer = call
		run.Rest, err = behind.line(alpha, place, wrong)
		return run, err
	}
	run.Optimizer = call
	return run, nil
}

func nameOf(wrong map[string]int) string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(wrong)) {
		parts = append(parts, fmt.Sprintf("%s as α^%d", name, wrong[name]))
	}
	return strings.Join(parts, ", ")
}

// spoilt is the control of a trial in which nothing follows α: the first number that was given is divided by it.
func (s settled) spoilt(run Run) Run {
	values := s.written()
	for _, name := range s.given.names() {
		if x, is := s.given[name].(float64); is && x != 0 {
			values[name] = x / run.Alpha
			run.Wrong, run.Optimizer = name+" as α^-1", s.whole(values)
			break
		}
	}
	return run
}

// behind is the optimizer that takes what this one leaves: the steps after a clipping, the biases beside torch's Muon.
func (s settled) behind(defaults map[string]Values) (settled, error) {
	name, given := s.rest, Values{}
	if s.clip {
		name, given = map[string]string{Torch: "SGD", Optax: "sgd"}[s.framework], Values{"learning_rate": 0.1}
		if s.framework == Torch {
			given = Values{"lr": 0.1}
		}
	}
	if name == "" {
		return settled{}, nil
	}
	r, err := find(s.framework, name)
	if err != nil {
		return settled{}, err
	}
	of, err := defaultsIn(defaults, r)
	if err != nil {
		return settled{}, err
	}
	for key, value := range s.given {
		if _, has := of[key]; has {
			given[key] = value
		}
	}
	return r.settle(given, of)
}

func (s settled) line(alpha float64, place string, wrong map[string]int) (string, error) {
	scaled, err := s.at(alpha, wrong)
	if err != nil || place == OnAll {
		return s.whole(scaled), err
	}
	return s.parts(scaled, s.written()), nil
}
