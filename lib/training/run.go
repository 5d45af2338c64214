package training

import (
	"context"
	"fmt"
	"math"
	"slices"

	"alphascale/lib/backend"
	"alphascale/lib/optim"
	"alphascale/lib/result"
	"alphascale/lib/scaling"

	"github.com/gomlx/gomlx/core/tensors"
)

// Start says what the initial weights u₀, drawn by seed or taken from the store, mean for w.
type Start int

const (
	// KeepFunction starts at w₀ = u₀/α: the network computes what it would compute without α.
	KeepFunction Start = iota
	// KeepWeights starts at w₀ = u₀: the effective weights are α times what they would be. It is also the start for weights
	// that were trained with α elsewhere, which are w already.
	KeepWeights
	// ScaleWeights starts at w₀ = α·u₀ and multiplies by nothing after: weights drawn α times as large, or rescaled once. The
	// scaled variables are those that start larger.
	ScaleWeights
)

// Settings are the inputs of one run.
type Settings struct {
	Alpha       float64                  // α > 0, by which the scaled variables are multiplied (see Start); 1 for a run without
	Hyper       optim.Values             // of all variables; what is absent takes its default
	ScaledHyper optim.Values             // of the scaled variables, in place of those in Hyper: see scaling.Compensate
	Groups      map[string]GroupSettings // of Config.Groups, by name; a group without any has α = 1
	Start       Start
	Seed        int64 // of the initial weights: the same on every backend, rounded in bfloat16 and float16, and others in float64
	Steps       int   // Config.Steps, the most that is possible, if 0
	// Initial replaces initial values by path, weights and optimizer state alike: pass another run's Final to go on from there,
	// as it is or as scaling.Rescale left it. A run's Final says by which α its weights are multiplied (StatePath), so that
	// under KeepFunction it goes on with the same function, at the same α with the same weights. Where nothing says so, as in
	// a checkpoint from elsewhere, the scaled weights are u₀: take KeepWeights if they are w already.
	Initial map[string]*tensors.Tensor
	// FirstStep is how many steps went before, which decides with which batch of the data the run begins. If 0, it is what
	// Initial, or the store, counts in GoMLX's "/global_step".
	FirstStep int
	Keep      bool // keep the final values of all variables in Run.Final
}

// Run is what one run recorded.
type Run struct {
	Settings Settings
	// Loss is that of each step's batch before the update, up to and including the first that is not finite.
	Loss []float64
	// Diverged is the step, from 0, at which the loss was not finite; −1 if it always was. A run that diverges is a
	// result like any other, and ends there.
	Diverged int
	// Guessing is the mean loss of whoever knows how often each label is and nothing of the inputs, in nats: where a network
	// that has not learned ends. 0 where that is not known, as for targets and for a loss of the user's own.
	Guessing float64
	// Final holds the variables after the last step by path, optimizer state and StatePath included, when Settings.Keep asked
	// for it.
	Final map[string]*tensors.Tensor

	columns []column
	records [][]float64 // by column, one value per step
}

// Recorded returns what an instrument saw of the variable, or of the hidden layer, with the given path, one value per step.
// A pair that was not recorded is an error that lists those that were.
func (r *Run) Recorded(instrument, path string) ([]float64, error) {
	i := slices.IndexFunc(r.columns, func(c column) bool { return c.instrument == instrument && c.path == path })
	if i < 0 {
		return nil, fmt.Errorf("instrument %q of %q was not recorded: the run has %v", instrument, path, r.columns)
	}
	return r.records[i], nil
}

// Watched lists the paths of the variables that instruments looked at.
func (r *Run) Watched() []string {
	var out []string
	for _, c := range r.columns {
		if !c.layer && !slices.Contains(out, c.path) {
			out = append(out, c.path)
		}
	}
	return out
}

// LossSeries is the loss against the step, labelled by α.
func (r *Run) LossSeries() result.Series {
	steps := make([]float64, len(r.Loss))
	for i := range steps {
		steps[i] = float64(i)
	}
	return result.Series{Alpha: r.Settings.Alpha, X: result.Step(), Y: result.Loss(), Xs: steps, Ys: r.Loss}
}

// Run executes the program once, on the first device. Settings that cannot be used are errors; a run whose loss becomes
// infinite or NaN is not.
func (p *Program) Run(s Settings) (*Run, error) { return p.RunOn(context.Background(), 0, s) }

// RunOn is Run on the device of the given number, from 0 to Workers()−1. Runs on different devices go side by side. When
// the context ends, the run ends within a quarter of a second or a step, whichever is longer, and its cause is the error.
// Who watches the context (see WithWatch) sees the run grow,
// and with WithCheckpoints it goes on where it was stopped.
func (p *Program) RunOn(ctx context.Context, device int, s Settings) (*Run, error) {
	if device < 0 || device >= len(p.devices) {
		return nil, fmt.Errorf("device %d: the backend has 0 to %d", device, len(p.devices)-1)
	}
	if s.Steps == 0 {
		s.Steps = p.config.Steps
	}
	if err := p.check(s); err != nil {
		return nil, err
	}
	inputs, done, err := p.inputs(device, s)
	if err != nil {
		return nil, err
	}
	defer done()
	var outputs passedOut
	var failed error
	between := p.between(ctx, s, &failed)
	var from []byte
	if c := checkpointsOf(ctx); c != nil {
		from = c.From
	}
	if err := backend.Try("running the training program", func() { outputs = p.execute(device, inputs, s.Steps, from, between) }); err != nil {
		return nil, err
	}
	defer func() { outputs.free() }()
	if failed != nil {
		return nil, failed
	}
	return p.read(s, outputs)
}

// check returns an error that names what in the settings cannot be used.
func (p *Program) check(s Settings) error {
	if err := scaling.CheckAlpha(s.Alpha); err != nil {
		return err
	}
	if s.Steps < 1 || s.Steps > p.config.Steps {
		return fmt.Errorf("%d steps: the program was compiled for 1 to %d; compile it for more", s.Steps, p.config.Steps)
	}
	if s.FirstStep < 0 || s.FirstStep > math.MaxInt32-p.config.Steps {
		return fmt.Errorf("a first step of %d: give the number of steps that went before, from 0 to %d", s.FirstStep, math.MaxInt32-p.config.Steps)
	}
	if s.Start < KeepFunction || s.Start > ScaleWeights {
		return fmt.Errorf("unknown start %d: use KeepFunction, KeepWeights or ScaleWeights", s.Start)
	}
	if err := p.checkInitial(s.Initial); err != nil {
		return err
	}
	if err := p.config.CheckGroups(s); err != nil {
		return err
	}
	for _, g := range append(p.multiplied(), group{}) {
		if _, err := backend.Hold("α", g.alpha(s), optim.Wide(p.config.DType)); err != nil {
			return err
		}
	}
	return p.checkHypers(s)
}

// read turns the outputs of the program into a Run.
func (p *Program) read(s Settings, out passedOut) (*Run, error) {
	done := out.steps()
	table, err := backend.Floats(out.trace)
	if err != nil {
		return nil, err
	}
	width := 1 + len(p.columns)
	run := &Run{Settings: s, Diverged: -1, Guessing: p.guessing, Loss: make([]float64, done), columns: p.columns, records: make([][]float64, len(p.columns))}
	for i := range run.records {
		run.records[i] = make([]float64, done)
	}
	for step := range done { // a watched run is read several times a second
		row := table[step*width : (step+1)*width]
		run.Loss[step] = row[0]
		for i := range run.records {
			run.records[i][step] = row[1+i]
		}
	}
	if last := run.Loss[done-1]; math.IsNaN(last) || math.IsInf(last, 0) {
		run.Diverged = done - 1
	}
	if s.Keep {
		run.Final = map[string]*tensors.Tensor{}
		for i, v := range p.state {
			if run.Final[v.Path()], err = out.state[i].LocalClone(); err != nil {
				return nil, fmt.Errorf("copying the final %s: %w", v.Path(), err)
			}
		}
		for _, g := range append(p.multiplied(), group{}) {
			run.Final[g.statePath()] = g.scalesAfter(s).tensor()
		}
	}
	return run, nil
}
