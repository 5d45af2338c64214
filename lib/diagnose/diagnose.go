// Package diagnose looks at a training, while it runs or afterwards, and says in plain words what is wrong with it: which
// weights, since when, and what to change.
//
//	program, err := training.Compile(training.Config{…, Instruments: diagnose.Instruments()})
//	ctx = training.WithWatch(ctx, func(soFar *training.Run) { … plots.Monitor(diagnose.Gauges(soFar)) … })
//	run, err := program.RunOn(ctx, 0, settings)
//	for _, finding := range diagnose.Findings(run) { fmt.Println(finding) }
package diagnose

import (
	"fmt"
	"strings"

	"alphascale/lib/instrument"
	"alphascale/lib/result"
	"alphascale/lib/training"
)

// patience is the number of steps for which a number must be out of its range to be a finding.
const patience = 10

// Range is that in which the update-to-weight ratio should lie (and the angle of a step in radians, which says the same) for
// a network of L layers of weights in a run of T steps: 1/(L·T) to 1/L. It comes from law L2 and is fitted to no run: the
// outputs are homogeneous of degree L, so a relative change of ε of every weight along itself changes them by L·ε to first
// order. Above 1/L one step rewrites all of what it should improve; below 1/(L·T) not even T steps in one direction do.
// Claim B2 tests it.
func Range(layers, steps int) (low, high float64) {
	return 1 / float64(layers*steps), 1 / float64(layers)
}

// Instruments are those that Gauges and Findings need. They look at the weights that training.Config.Watched selects, and
// at the hidden layers that the model marks (see instrument.Activations), if it marks any.
func Instruments() []instrument.Instrument {
	out := append(charted(), instrument.PreparedNorm(), instrument.WeightNorm(), instrument.LearningRate())
	for _, layer := range []instrument.Instrument{instrument.ActivationScale(), instrument.DeadUnits(), instrument.SaturatedUnits()} {
		layer.Optional = true
		out = append(out, layer)
	}
	return out
}

// charted are the instruments that have a chart.
func charted() []instrument.Instrument {
	return []instrument.Instrument{instrument.GradientNorm(), instrument.UpdateRatio()}
}

// Gauges are the charts of a monitor, for plots.Monitor: the loss, the gradient norm, and the update ratio with its
// thresholds. A run
// that did not record an instrument has no chart of it.
func Gauges(run *training.Run) []result.Gauge {
	steps := steps(run)
	low, high := Range(layers(run), steps)
	loss := run.LossSeries()
	loss.Label, loss.Alpha = "", 0
	out := []result.Gauge{{Title: "Loss", Series: []result.Series{loss}, Y: loss.Y, Steps: float64(steps)}}
	for _, charting := range charted() {
		name := []rune(charting.Quantity.Name)
		w := result.Gauge{Title: strings.ToUpper(string(name[:1])) + string(name[1:]), Y: charting.Quantity, Steps: float64(steps)}
		if charting.Name != instrument.GradientNorm().Name { // has no scale of its own
			w.Low, w.High = low, high
		}
		for _, path := range run.Watched() {
			values, err := run.Recorded(charting.Name, path)
			if err != nil {
				continue
			}
			label := strings.TrimSuffix(strings.TrimPrefix(path, "/"), "/dense/weights")
			w.Series = append(w.Series, result.Series{Label: label, X: loss.X, Y: charting.Quantity, Xs: loss.Xs, Ys: values})
		}
		if len(w.Series) > 0 {
			out = append(out, w)
		}
	}
	return out
}

// layers is the number of weights that are watched, biases left out where they can be told by their names.
func layers(run *training.Run) int {
	n := 0
	for _, path := range run.Watched() {
		if !strings.HasSuffix(path, "/biases") {
			n++
		}
	}
	return max(n, 1)
}

// steps is how many the run takes in all, as far as it is known.
func steps(run *training.Run) int { return max(run.Settings.Steps, len(run.Loss), 1) }

// Finding is one thing that is wrong.
type Finding struct {
	Path   string // of the weights; empty where it is the whole network
	Since  int    // the first step, from 0, from which on it was so without a break
	What   string
	Remedy string
}

// String is a sentence or two.
func (f Finding) String() string {
	if f.Path == "" {
		return fmt.Sprintf("Since step %d %s. %s.", f.Since, f.What, f.Remedy)
	}
	return fmt.Sprintf("%s: since step %d %s. %s.", f.Path, f.Since, f.What, f.Remedy)
}

// Findings says what is wrong at the last step that the run has taken, and has been for ten steps; a loss that is not
// finite is so at once. A run in which nothing is out of its range has none. Small steps are no fault of a run that has
// less than half of its first loss left, where that loss was not the doing of steps too large: it slows down because it has
// learned. Weights whose learning rate is 0 are left alone, unless all are.
//
// A finding names what was measured and, where that tells a cause, the cause. A run that did not record Instruments has
// fewer findings, and they say less.
func Findings(run *training.Run) []Finding {
	v := look(run)
	if run.Diverged >= 0 {
		return []Finding{v.diverged()}
	}
	learned := v.learned()
	for _, cause := range []func() (Finding, bool){v.frozen, v.decayed, v.blocked, v.outOfNumbers} {
		if f, found := cause(); found && !learned {
			return []Finding{f}
		}
	}
	var out []Finding
	if !learned {
		out = v.slow()
	}
	return append(out, v.hasty()...)
}
