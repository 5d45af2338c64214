// Package lab is where experiments are made: it keeps what they compile, probe and train, so that those which look at the same run
// share it, carries out operations on weights, and predicts by the laws. A lab can be made to predict wrongly ([Lab.WithError]) or
// to carry out another operation ([Lab.WithSwap]), which is the negative control on whatever is concluded in it.
package lab

import (
	"os"
	"sync"

	"alphascale/lib/probe"
	"alphascale/lib/result"
	"alphascale/lib/scaling"
	"alphascale/lib/training"
)

// Effort says how much a lab measures.
type Effort int

const (
	// Quick measures one seed at few α: the whole ledger within a minute on two cores.
	Quick Effort = iota
	// Full measures five seeds, for the report.
	Full
)

// EffortVariable is the environment variable that makes ChosenEffort Full where it is "full", as make report does.
const EffortVariable = "ALPHASCALE_EFFORT"

// ChosenEffort is the effort that the environment asks for: Quick unless it says otherwise.
func ChosenEffort() Effort {
	if os.Getenv(EffortVariable) == "full" {
		return Full
	}
	return Quick
}

// Lab keeps what was compiled and trained in it. One experiment runs in it at a time, see Exclusively.
type Lab struct {
	effort Effort
	shared *shared
	// shift is added to every exponent that is predicted, and swap replaces operations by others: with either, every
	// verdict must change, which is what shows that the verdicts are earned.
	shift float64
	swap  map[scaling.Operation]scaling.Operation
}

// shared is what all variants of a lab have in common.
type shared struct {
	mu       sync.Mutex // held while a claim is judged
	programs map[string]*training.Program
	probes   map[string]*probe.Probe
	runs     map[string]*training.Run
	fits     map[string][]result.Fit
}

// New returns a lab of the given effort. Close frees what it compiles.
func New(effort Effort) *Lab {
	return &Lab{effort: effort, shared: &shared{
		programs: map[string]*training.Program{}, probes: map[string]*probe.Probe{}, runs: map[string]*training.Run{},
		fits: map[string][]result.Fit{},
	}}
}

// Close frees the compiled programs. Variants of a lab share them.
func (l *Lab) Close() {
	l.shared.mu.Lock()
	defer l.shared.mu.Unlock()
	for _, p := range l.shared.programs {
		p.Finalize()
	}
	for _, p := range l.shared.probes {
		p.Finalize()
	}
	clear(l.shared.programs)
	clear(l.shared.probes)
}

// WithError returns a lab that predicts every exponent wrong by so much: a control on the whole ledger, for no claim may
// then be judged as before.
func (l *Lab) WithError(shift float64) *Lab {
	out := *l
	out.shift = shift
	return &out
}

// WithSwap returns a lab that carries out another operation wherever one is asked for; the predictions stay.
func (l *Lab) WithSwap(from, to scaling.Operation) *Lab {
	out := *l
	out.swap = map[scaling.Operation]scaling.Operation{from: to}
	return &out
}

// Exclusively runs an experiment while no other one runs in the lab or in a variant of it.
func (l *Lab) Exclusively(experiment func() error) error {
	l.shared.mu.Lock()
	defer l.shared.mu.Unlock()
	return experiment()
}

// Seeds are the seeds of the initial weights that an experiment averages over.
func (l *Lab) Seeds() []int64 {
	if l.effort == Full {
		return []int64{1, 2, 3, 4, 5}
	}
	return []int64{1}
}
