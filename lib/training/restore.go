package training

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"math"
	"slices"

	"alphascale/lib/backend"
	"alphascale/lib/optim"
	"alphascale/lib/scaling"

	"github.com/gomlx/compute/dtypes"
	. "github.com/gomlx/gomlx/core/graph"
)

// Record is what one instrument saw of one variable or of one hidden layer.
type Record struct {
	Instrument string
	Path       string // of the variable or the layer
	Layer      bool
	Values     []float64 // one per step
}

// Records lists all that the run recorded besides the loss. The values are the run's own, not a copy.
func (r *Run) Records() []Record {
	out := make([]Record, len(r.columns))
	for i, c := range r.columns {
		out[i] = Record{c.instrument, c.path, c.layer, r.records[i]}
	}
	return out
}

// Restore makes a run from what one recorded, such as a file that it was kept in. A record that is not as long as the
// loss is an error.
func Restore(s Settings, loss []float64, records []Record) (*Run, error) {
	if len(loss) == 0 {
		return nil, fmt.Errorf("a run without a step: give the loss of each")
	}
	run := &Run{Settings: s, Loss: loss, Diverged: -1}
	if last := loss[len(loss)-1]; math.IsNaN(last) || math.IsInf(last, 0) {
		run.Diverged = len(loss) - 1
	}
	for _, r := range records {
		c := column{r.Instrument, r.Path, r.Layer}
		if len(r.Values) != len(loss) {
			return nil, fmt.Errorf("%s has %d values and the loss %d: give one of each for every step", c, len(r.Values), len(loss))
		}
		run.columns, run.records = append(run.columns, c), append(run.records, r.Values)
	}
	return run, nil
}

// Description is what a program would be, known without compiling it and without a plugin.
type Description struct {
	Scaled, Unscaled []string // paths of the trainable variables, by whether α multiplies them
	Batch, Steps     int
	Defaults         optim.Values // the optimizer's hyperparameters when none is given; a limit of +Inf is left out
	DType            dtypes.DType
	// Digest is of every operation of a step with every constant (model, loss, optimizer, instruments, batch), and of the
	// initial state: values that are given as they are, the drawn ones at seed 0. Two programs of one digest do the same.
	Digest string
}

// Describe builds the program's graph on the pure-Go backend, or on Config.Backend where one is given, and looks at it.
// The store is not touched, except that what a checkpoint has for it is loaded. Errors are those of Compile.
func Describe(c Config) (Description, error) {
	var err error
	if c.Backend == nil {
		if c.Backend, err = backend.Interpreter(); err != nil {
			return Description{}, err
		}
	}
	if c.Store != nil {
		// A clone would take from a checkpoint what it loads, and leave the store without.
		if err := scaling.LoadVariables(c.Store); err != nil {
			return Description{}, err
		}
		if c.Store, err = c.Store.Clone(); err != nil {
			return Description{}, fmt.Errorf("copying the store: %w", err)
		}
	}
	if c, err = c.resolve(); err != nil {
		return Description{}, err
	}
	p := &Program{config: c}
	if err := p.discover(); err != nil {
		return Description{}, err
	}
	if err := p.arrange(); err != nil {
		return Description{}, err
	}
	d := Description{Batch: c.Batch, Steps: c.Steps, DType: c.DType, Defaults: optim.Values{}}
	for path, scaled := range p.Variables() {
		if scaled {
			d.Scaled = append(d.Scaled, path)
		} else {
			d.Unscaled = append(d.Unscaled, path)
		}
	}
	for _, h := range p.hypers {
		if !math.IsInf(h.byDefault, 0) {
			d.Defaults[h.name()] = h.byDefault
		}
	}
	slices.Sort(d.Scaled)
	slices.Sort(d.Unscaled)
	d.Digest, err = p.digest()
	return d, err
}

func (p *Program) digest() (string, error) {
	sum := sha256.New()
	g := NewGraph(backend.Recording(p.config.Backend, sum), "description")
	defer g.Finalize()
	err := backend.Try("building the training program", func() {
		outputs := p.buildRun(g)
		g.CurrentFunc().Return(outputs, nil)
	})
	if err != nil {
		return "", err
	}
	before, err := p.scalesOf(group{}, Settings{})
	if err != nil {
		return "", err
	}
	fmt.Fprintln(sum, p.columns, before)
	for _, g := range p.multiplied() {
		if g.name == "" {
			continue
		}
		before, err := p.scalesOf(g, Settings{})
		if err != nil {
			return "", err
		}
		fmt.Fprintln(sum, g.name, before)
	}
	for _, h := range p.hypers {
		fmt.Fprintln(sum, h.Path(), h.byDefault, h.byModel)
	}
	if err := p.digestState(sum); err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// digestState draws what is drawn by seed and adds all initial values.
func (p *Program) digestState(sum hash.Hash) error {
	if err := backend.Draw(p.config.Store, 0); err != nil {
		return err
	}
	for _, v := range p.state {
		value, err := v.Value()
		if err != nil {
			return fmt.Errorf("reading the initial %s: %w", v.Path(), err)
		}
		fmt.Fprintln(sum, v.Path(), v.Shape(), v.Trainable, slices.Contains(p.seeded, v))
		err = value.ConstBytes(func(data []byte) { sum.Write(data) })
		if err != nil {
			return fmt.Errorf("reading the initial %s: %w", v.Path(), err)
		}
	}
	return nil
}
