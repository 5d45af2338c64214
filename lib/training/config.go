// Package training runs a whole training as one compiled program: any GoMLX model, with any of its weights multiplied
// by α, any optimizer behind GoMLX's interface, batches and instruments included. α, the learning rate and every other
// hyperparameter are inputs of the program, so one compilation serves a sweep.
//
// [Compile] makes a [Program] of a [Config]; [Program.Run] takes [Settings] and returns a [Run]. [Program.RunAll] makes many
// side by side, and [WithWatch] shows a run while it grows.
//
// # What is the same to the bit
//
// Two runs of one program that a law makes the same (α = 2ᵏ, compensated, within the range of the dtype) agree in every bit, on
// any backend, because they are the same operations on numbers that differ by powers of two. That takes α as an input. A
// program without any α, one in which it is a constant, or one compiled on another kind of processor is another program,
// whose sums and products a compiler may contract otherwise: it agrees to rounding, until training magnifies that.
//
// # What is computed in which dtype
//
// The model computes in Config.DType. α, hyperparameters, moments, counts of steps, updates, norms and the record are in
// float32 or wider, and so is a master copy of the weights, if Config.Master asks for it.
package training

import (
	"fmt"

	"alphascale/lib/instrument"
	"alphascale/lib/optim"
	"alphascale/lib/scaling"
	"alphascale/lib/subject"

	"github.com/gomlx/compute/dtypes"
)

// Config is what a program is compiled for. Subject's Model and Data, and Optimizer, are needed; the zero value of each other
// field is the default that its comment gives. The model's input is [batch, …Data.Shape].
type Config struct {
	subject.Subject

	Optimizer optim.Interface // from package optim, or GoMLX's own
	Batch     int             // rows per step, taken in the order of the data, a remainder left out; 128, or all if fewer
	Steps     int             // the most steps that a run can take; 500

	Scaled      scaling.Selector        // the variables that Settings.Alpha multiplies; weights, if there are any
	Groups      []Group                 // further variables with an α and hyperparameters of their own
	Watched     scaling.Selector        // the variables that instruments look at; weights, if there are any
	Instruments []instrument.Instrument // none: the loss alone is recorded

	Master bool // the optimizer updates a copy of the weights in float32, and the model uses it rounded to DType
}

// Norms are the instruments that the first chapters record with: gradient, weight and update norm.
func Norms() []instrument.Instrument {
	return []instrument.Instrument{instrument.GradientNorm(), instrument.WeightNorm(), instrument.UpdateNorm()}
}

const (
	defaultBatch = 128
	defaultSteps = 500
)

// resolve returns the configuration with every default filled in, or an error that names what cannot be used.
func (c Config) resolve() (Config, error) {
	if c.Optimizer == nil {
		return c, fmt.Errorf("a training needs an Optimizer: set it in Config, as in optim.New(optim.SGD)")
	}
	var err error
	if c.Subject, err = c.Resolve(dtypes.Float32); err != nil {
		return c, err
	}
	if c.Batch == 0 {
		c.Batch = min(defaultBatch, c.Data.Rows())
	}
	if c.Steps == 0 {
		c.Steps = defaultSteps
	}
	if c.Batch < 1 || c.Batch > c.Data.Rows() {
		return c, fmt.Errorf("batch of %d rows from %q, which has %d: choose a batch from 1 to %d",
			c.Batch, c.Data.Name, c.Data.Rows(), c.Data.Rows())
	}
	if c.Steps < 1 {
		return c, fmt.Errorf("%d steps: a run takes at least 1", c.Steps)
	}
	return c, nil
}
