// Package sweep makes many runs and loses none: every combination of the axes that are declared, each distinct one
// computed once, kept on disk, shared between processes, and found again after a crash. [Run] makes the runs of a [Spec].
//
// # Folding
//
// What a law makes identical runs once. A run with u = α·w that starts from the same function (w₀ = u₀/α) moves its
// effective weights u as a run without α does at other hyperparameters, which [scaling.Compensate] gives (law L1): with
// SGD, all pairs of α and η that have one α²·η are the same training. Two runs are therefore taken together if, converted
// to α = 1, the scaled weights train at the same hyperparameters, and the other variables train at the same ones as they
// stand. What instruments record of scaled weights is converted by the unit of each (instrument.Instrument); with one that has
// none nothing is folded, and Result.Notes says so. No exponent is written down here.
//
// The second half matters. Only what α multiplies is converted: biases that train at the plain η beside scaled weights
// are another training at every η, and then α and η do not fold. They do if α multiplies everything (Config.Scaled),
// if there are no other variables, or if the axis is the learning rate of the scaled weights alone (ScaledHyper).
//
// A run that starts from the same w (KeepWeights), or from weights α times as large (ScaleWeights), has u₀ multiplied by α,
// which no hyperparameter undoes, except in a network that does not notice (law L3); say so by Setup.ScaleInvariant. With
// ScaleWeights and SGD all pairs that have one η/α² are then the same training.
//
// Numbers of a dtype follow the laws as long as they stay in its range. A point at which α, a hyperparameter or a recorded norm
// leaves too little of it runs by itself, and in float16 every point does; Result.Notes says so. A fold is called exact only
// well inside the range.
//
// # Files
//
// See [Load] for what is kept and how it is read.
package sweep

import (
	"fmt"
	"maps"
	"slices"

	"alphascale/lib/optim"
	"alphascale/lib/scaling"
	"alphascale/lib/training"
)

// Setup is what one program is compiled for, and what the laws may assume of it.
type Setup struct {
	Config training.Config // without an Optimizer where Family names it
	Label  string          // names the model in tables and files, such as network.MLP's String; nothing depends on it

	Family optim.Family  // the optimizer, by the law that it follows
	Terms  []optim.Hyper // what it does to the gradients first, as optim.New takes them

	// ScaleInvariant states that L(c·w) = L(w) in the variables that α multiplies. Holding states what else holds of the
	// network; without the conditions that a law asks for, nothing is folded by it, and Result.Notes says which they are.
	ScaleInvariant bool
	Holding        []scaling.Condition
}

// Spec declares a sweep.
type Spec struct {
	Setup                               // the program of all points, unless Build is given
	Build    func(at At) (Setup, error) // the program of a point, from the axes that are Compiled or a Choice
	Axes     []Axis
	Settings training.Settings // what no axis sets; an Alpha of 0 is 1. Keep is not possible

	Folder string // where results are kept; none: in memory, for this call only
	On     Engine // makes the runs elsewhere, as cluster.Slurm does; none: here
	NoFold bool   // run every distinct configuration
	// Verify is how many folded configurations, drawn by VerifySeed, run for real to be compared with what the fold says.
	Verify     int
	VerifySeed uint64
	// Tolerance is the largest difference of losses and records, relative to the larger, that verification accepts where
	// the ratio of the two α is no power of two and rounding differs; 0.01 if 0. At powers of two every bit must agree.
	Tolerance float64

	// Progress is called after each run, never twice at once; Terminal("sweep") if nil. total is what this call has to run,
	// and grows when verification adds to it.
	Progress func(done, total int)

	compensate compensation // scaling.Compensate; tests alter it
}

type compensation func(optim.Family, optim.Values, float64, ...scaling.Condition) (optim.Values, error)

const defaultTolerance = 0.01

// resolve fills in defaults and returns an error that names what cannot be used.
func (s Spec) resolve() (Spec, error) {
	names := map[string]bool{}
	for _, a := range s.Axes {
		if err := a.check(); err != nil {
			return s, err
		}
		if names[a.Name] {
			return s, fmt.Errorf("two axes are named %s: declare each once", a.Name)
		}
		names[a.Name] = true
		if a.set == nil && s.Build == nil {
			return s, fmt.Errorf("axis %s is compiled in: set Build, which turns its values into programs", a.Name)
		}
	}
	if s.Settings.Initial != nil {
		return s, fmt.Errorf("a sweep does not start from Settings.Initial, which is no part of a run's identity: put the weights into the Store of the Config")
	}
	if s.Settings.Keep {
		return s, fmt.Errorf("a sweep does not keep final weights: leave Settings.Keep out and run the point of interest by training.Program.Run")
	}
	if s.On != nil && s.Folder == "" {
		return s, fmt.Errorf("a sweep that is made elsewhere has no Folder: give one that this machine and all others see")
	}
	if s.Verify < 0 || s.Tolerance < 0 {
		return s, fmt.Errorf("Verify = %d and Tolerance = %g: neither can be negative", s.Verify, s.Tolerance)
	}
	if s.Tolerance == 0 {
		s.Tolerance = defaultTolerance
	}
	if s.Progress == nil {
		s.Progress = Terminal("sweep")
	}
	if s.compensate == nil {
		s.compensate = scaling.Compensate
	}
	return s, nil
}

// setupOf returns the setup of a point, its optimizer made.
func (s Spec) setupOf(at At) (Setup, error) {
	setup := s.Setup
	if s.Build != nil {
		var unknown []string
		at.unknown = &unknown
		var err error
		if setup, err = s.Build(at); err != nil {
			return setup, fmt.Errorf("building the program for %s: %w", at, err)
		}
		if len(unknown) > 0 {
			return setup, fmt.Errorf("Build asks for axis %q: the sweep has %v", unknown[0], namesOf(s.Axes))
		}
	}
	if setup.Family == "" {
		if setup.Config.Optimizer == nil {
			return setup, fmt.Errorf("no optimizer for %s: set Family, or Config.Optimizer for one that follows no known law", at)
		}
		return setup, nil
	}
	if setup.Config.Optimizer != nil {
		return setup, fmt.Errorf("both Family %s and a Config.Optimizer: set Family alone, or the optimizer alone if it follows no "+
			"known law", setup.Family)
	}
	setup.Config.Optimizer = optim.New(setup.Family, setup.Terms...)
	return setup, nil
}

func namesOf(axes []Axis) []string {
	var out []string
	for _, a := range axes {
		out = append(out, a.Name)
	}
	return out
}

// effective returns the hyperparameters that the scaled variables and the others train with, as far as they are given.
func effective(s training.Settings) (scaled, others optim.Values) {
	return s.Hyper.Merge(s.ScaledHyper), maps.Clone(s.Hyper)
}

// holding lists the conditions that may be relied on: those that the caller states and those that training brings about.
func (p *program) holding() []scaling.Condition {
	// training updates what α multiplies by itself, and so clips it by itself.
	out := append(slices.Clone(p.setup.Holding), scaling.ClippedTogether)
	if p.about.DType.Size() >= 8 {
		out = append(out, scaling.InFloat64)
	}
	return out
}
