// Package diagnose looks at a training, while it runs or afterwards, and says in plain words what is wrong with it: which
// weights, since when, and what to change.
//
//	program, err := training.Compile(training.Config{…, Instruments: diagnose.Instruments()})
//	ctx = training.WithWatch(ctx, func(soFar *training.Run) { … plots.Monitor(diagnose.Watches(soFar)) … })
//	run, err := program.RunOn(ctx, 0, settings)
//	for _, finding := range diagnose.Findings(run) { fmt.Println(finding) }
package diagnose

import (
	"fmt"
	"math"
	"strings"

	"alphascale/lib/measure"
	"alphascale/lib/optim"
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

// Instruments are those that Watches and Findings need. They look at the weights that training.Config.Watched selects.
func Instruments() []measure.Instrument {
	return []measure.Instrument{measure.GradientNorm(), measure.UpdateRatio()}
}

// Watches are the charts of a monitor, for plots.Monitor: the loss, and each of the instruments with its thresholds. A run
// that did not record an instrument has no chart of it.
func Watches(run *training.Run) []result.Watch {
	steps := steps(run)
	low, high := Range(layers(run), steps)
	loss := run.LossSeries()
	loss.Label, loss.Alpha = "", 0
	out := []result.Watch{{Title: "Loss", Series: []result.Series{loss}, Y: loss.Y, Steps: float64(steps)}}
	for _, instrument := range Instruments() {
		name := []rune(instrument.Quantity.Name)
		w := result.Watch{Title: strings.ToUpper(string(name[:1])) + string(name[1:]), Y: instrument.Quantity, Steps: float64(steps)}
		if instrument.Name != measure.GradientNorm().Name { // has no scale of its own
			w.Low, w.High = low, high
		}
		for _, path := range run.Watched() {
			values, err := run.Recorded(instrument.Name, path)
			if err != nil {
				continue
			}
			label := strings.TrimSuffix(strings.TrimPrefix(path, "/"), "/dense/weights")
			w.Series = append(w.Series, result.Series{Label: label, X: loss.X, Y: instrument.Quantity, Xs: loss.Xs, Ys: values})
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
// less than half of its first loss left: it slows down because it has learned.
func Findings(run *training.Run) []Finding {
	var out []Finding
	if run.Diverged >= 0 {
		out = append(out, Finding{
			Since: run.Diverged, What: "the loss is not finite: the training has diverged",
			Remedy: fmt.Sprintf("Divide the learning rate, %s, by 10, or undo the factor α by scaling.Compensate", rate(run)),
		})
	}
	low, high := Range(layers(run), steps(run))
	if run.Loss[len(run.Loss)-1] < run.Loss[0]/2 {
		low = 0
	}
	for _, path := range run.Watched() {
		if f, found := still(run, path); found && low > 0 {
			out = append(out, f)
			continue // nothing moves without a gradient
		}
		values, err := run.Recorded(measure.UpdateRatio().Name, path)
		if err != nil {
			continue
		}
		if f, found := beyond(values, measure.UpdateRatio().Quantity, low, high); found {
			f.Path = path
			out = append(out, f)
		}
	}
	return out
}

// still finds weights whose gradient is exactly zero.
func still(run *training.Run, path string) (Finding, bool) {
	norms, err := run.Recorded(measure.GradientNorm().Name, path)
	if err != nil {
		return Finding{}, false
	}
	since, found := lasting(norms, func(x float64) bool { return x == 0 })
	return Finding{
		Path: path, Since: since, What: "no gradient arrives: it is zero",
		Remedy: "Units before or behind it are dead or saturated: multiply its layer by an α that brings them back, or initialise anew",
	}, found
}

// beyond finds a number that has been out of its range.
func beyond(values []float64, q result.Quantity, low, high float64) (Finding, bool) {
	last := values[len(values)-1]
	if since, found := lasting(values, func(x float64) bool { return x < low }); found {
		return Finding{
			Since: since, What: fmt.Sprintf("the %s is below %.2g (%.2g now): these weights hardly move", q.Name, low, last),
			Remedy: raise(low / last),
		}, true
	}
	since, found := lasting(values, func(x float64) bool { return x > high })
	return Finding{
		Since: since, What: fmt.Sprintf("the %s is above %.2g (%.2g now): each step rewrites these weights", q.Name, high, last),
		Remedy: fmt.Sprintf("Lower their learning rate about %s-fold", factor(last/high)),
	}, found
}

// lasting returns since when the values have been as wrong says, up to the last, if for at least patience of them. Values
// that are not a number, such as the update ratio of weights that are zero, end it.
func lasting(values []float64, wrong func(float64) bool) (since int, found bool) {
	since = len(values)
	for since > 0 && wrong(values[since-1]) {
		since--
	}
	return since, len(values)-since >= patience
}

// beyondRates is a factor that is no matter of the learning rate any more.
const beyondRates = 1000

// raise is what to do about weights that move by so much too little.
func raise(by float64) string {
	if by > beyondRates { // +Inf for a step that is lost in rounding
		return "No learning rate mends that: the signal is lost between the layers. Bring the scale of the weights back, or normalise"
	}
	return fmt.Sprintf("Raise their learning rate about %s-fold", factor(by))
}

// factor is a whole number, at least 2: less is no advice.
func factor(x float64) string { return fmt.Sprintf("%.0f", math.Max(2, x)) }

func rate(run *training.Run) string {
	if eta, given := run.Settings.Hyper[optim.LearningRate]; given {
		return fmt.Sprintf("η = %g", eta)
	}
	return "η"
}
