package claim

import (
	"context"
	"crypto/sha256"
	"fmt"
	"maps"
	"math"
	"os"
	"slices"
	"sync"

	"alphascale/lib/judge"
	"alphascale/lib/optim"
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

// Lab is where claims are measured. It keeps what it compiled and trained, so that claims which look at the same run share
// it. A lab judges one claim at a time.
type Lab struct {
	effort Effort
	ctx    context.Context
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
}

// NewLab returns a lab of the given effort. Close frees what it compiles.
func NewLab(effort Effort) *Lab {
	return &Lab{effort: effort, ctx: context.Background(), shared: &shared{
		programs: map[string]*training.Program{}, probes: map[string]*probe.Probe{}, runs: map[string]*training.Run{},
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

// during runs an experiment under a context.
func (l *Lab) during(ctx context.Context, experiment func() error) error {
	l.shared.mu.Lock()
	defer l.shared.mu.Unlock()
	l.ctx = ctx
	return experiment()
}

// seeds are the seeds of the initial weights that an experiment averages over.
func (l *Lab) seeds() []int64 {
	if l.effort == Full {
		return []int64{1, 2, 3, 4, 5}
	}
	return []int64{1}
}

// operation is the operation to carry out where op is asked for.
func (l *Lab) operation(op scaling.Operation) scaling.Operation {
	if other, swapped := l.swap[op]; swapped {
		return other
	}
	return op
}

// predict returns an exponent as the law gives it, in a lab without an error.
func (l *Lab) predict(exponent float64, err error) (float64, error) { return exponent + l.shift, err }

// exponent is the law's prediction for an observable.
func (l *Lab) exponent(law scaling.Law, of scaling.Observable) (float64, error) {
	return l.predict(law.Exponent(of))
}

// learningRateExponent is p, of αᵖ·η.
func (l *Lab) learningRateExponent(family optim.Family) (float64, error) {
	p, err := scaling.LearningRateExponent(family)
	return l.predict(float64(p), err)
}

// compensate returns the settings of a run whose scaled weights have compensated hyperparameters. An error in the lab's
// exponents shows in the learning rate.
func (l *Lab) compensate(family optim.Family, h optim.Values, alpha float64, seed int64) (training.Settings, error) {
	scaled, err := scaling.Compensate(family, h, alpha)
	if err != nil {
		return training.Settings{}, err
	}
	scaled = scaled.With(optim.LearningRate, scaled[optim.LearningRate]*math.Pow(alpha, -l.shift))
	return training.Settings{Alpha: alpha, Hyper: h, Scaled: scaled, Seed: seed}, nil
}

// program compiles a training once for each key, which must name all that config says.
func (l *Lab) program(key string, config func() (training.Config, error)) (*training.Program, error) {
	if p, found := l.shared.programs[key]; found {
		return p, nil
	}
	c, err := config()
	if err != nil {
		return nil, err
	}
	p, err := training.Compile(c)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", key, err)
	}
	l.shared.programs[key] = p
	return p, nil
}

// probe builds a probe once for each key, which must name all that config says.
func (l *Lab) probe(key string, config func() (probe.Config, error)) (*probe.Probe, error) {
	if p, found := l.shared.probes[key]; found {
		return p, nil
	}
	c, err := config()
	if err != nil {
		return nil, err
	}
	p, err := probe.New(c)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", key, err)
	}
	l.shared.probes[key] = p
	return p, nil
}

// run trains, or returns the run that the lab has made with the same program and settings.
func (l *Lab) run(key string, config func() (training.Config, error), settings ...training.Settings) ([]*training.Run, error) {
	p, err := l.program(key, config)
	if err != nil {
		return nil, err
	}
	out := make([]*training.Run, len(settings))
	var missing []training.Settings
	for _, s := range settings {
		if l.shared.runs[runKey(key, s)] == nil {
			missing = append(missing, s)
		}
	}
	runs, err := p.RunAll(l.ctx, missing, nil)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", key, err)
	}
	for i, s := range missing {
		l.shared.runs[runKey(key, s)] = runs[i]
	}
	for i, s := range settings {
		out[i] = l.shared.runs[runKey(key, s)]
	}
	return out, nil
}

// runKey names a run by all of its settings. Initial values count by their bytes.
func runKey(key string, s training.Settings) string {
	initial := sha256.New()
	for _, path := range slices.Sorted(maps.Keys(s.Initial)) {
		fmt.Fprint(initial, path)
		// The error is that of a tensor without a value, which the run itself reports.
		_ = s.Initial[path].ConstBytes(func(data []byte) { initial.Write(data) })
	}
	s.Initial = nil
	return fmt.Sprintf("%s %v %x", key, s, initial.Sum(nil))
}

// fit fits the exponent of a quantity in α and checks it against the prediction and, as a control, against one a fifth
// away.
func (l *Lab) fit(of result.Quantity, alphas, values []float64, predicted float64) (check, control judge.Check, fit result.Fit, err error) {
	points := result.Series{Label: of.Name, X: result.Alpha(), Y: of, Xs: alphas, Ys: values}
	fit, err = result.FitExponent(points)
	if err != nil {
		return judge.Check{}, judge.Check{}, fit, err
	}
	fit.Predicted = predicted
	what := "exponent in α of the " + of.Name
	check = judge.Exponent(what, fit, predicted)
	return check, check.Control("control: "+what, predicted-wrongBy), fit, nil
}

// relative is a quantity in units of its value at the first α, which differs from seed to seed.
func relative(name string) result.Quantity { return result.Quantity{Name: name, Unit: "relative"} }

// wrongBy is the error in an exponent that every control makes, away from the lab's own.
const wrongBy = 0.2
