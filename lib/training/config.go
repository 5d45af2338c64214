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

	"alphascale/lib/backend"
	"alphascale/lib/dataset"
	"alphascale/lib/measure"
	"alphascale/lib/optim"
	"alphascale/lib/scaling"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/ml/train"
)

// Config is what a program is compiled for. Model, Data and Optimizer are needed; the zero value of each other field is
// the default that its comment gives.
type Config struct {
	Model     train.ModelFn // GoMLX's model function, unmodified; its only input is [batch, …Data.Shape]
	Data      dataset.Set
	Optimizer optim.Interface // from package optim, or GoMLX's own

	Loss  train.LossFn // mean softmax cross-entropy for labels, mean squared error for targets
	Batch int          // rows per step, taken in the order of the data, a remainder left out; 128, or all if fewer
	Steps int          // the most steps that a run can take; 500

	Scaled      scaling.Selector     // the variables that α multiplies; weights, if there are any
	Watched     scaling.Selector     // the variables that instruments look at; weights, if there are any
	Instruments []measure.Instrument // none: the loss alone is recorded

	DType   dtypes.DType    // of inputs and weights, and of what the model computes; float32
	Master  bool            // the optimizer updates a copy of the weights in float32, and the model uses it rounded to DType
	Store   *model.Store    // holds initial weights that are not to be drawn by seed; a new one
	Backend compute.Backend // backend.Open()
}

// Norms are the instruments that the first chapters record with: gradient, weight and update norm.
func Norms() []measure.Instrument {
	return []measure.Instrument{measure.GradientNorm(), measure.WeightNorm(), measure.UpdateNorm()}
}

const (
	defaultBatch = 128
	defaultSteps = 500
)

// resolve returns the configuration with every default filled in, or an error that names what cannot be used.
func (c Config) resolve() (Config, error) {
	if c.Model == nil || c.Optimizer == nil {
		return c, fmt.Errorf("a training needs a Model and an Optimizer: set both in Config")
	}
	if err := c.Data.CheckForm(); err != nil {
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
	if c.Loss == nil {
		c.Loss = c.Data.Loss()
	}
	if c.DType == dtypes.InvalidDType {
		c.DType = dtypes.Float32
	}
	if c.Store == nil {
		c.Store = model.NewStore()
	}
	if c.Backend == nil {
		var err error
		if c.Backend, err = backend.Open(); err != nil {
			return c, err
		}
	}
	if !c.Backend.Capabilities().DTypes[c.DType] {
		return c, fmt.Errorf("backend %s does not compute in %s: choose another DType", c.Backend.Name(), c.DType)
	}
	return c, nil
}
