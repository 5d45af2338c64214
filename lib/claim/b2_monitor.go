package claim

import (
	"fmt"
	"math"
	"strings"

	"alphascale/lib/measure"
	"alphascale/lib/result"
	"alphascale/lib/training"

	"gonum.org/v1/gonum/stat"
)

// monitor is a number to watch at the first step, and the range in which it should lie.
type monitor struct {
	name      string
	low, high float64
	of        func(r *training.Run) (float64, error)
}

// The monitors. With the signal ratio out of its range one end of the network learns ten times as slowly as the other.
// With an update ratio or an angle below it no weight moves by a fifth within the whole run; above it the first step
// already rewrites half of what it should improve.
var (
	signalRatio = monitor{"backward signal of the first hidden layer over that of the last", 0.1, 10,
		recordedRatio(measure.GradientNorm(), "biases")}
	weightRatio = monitor{"gradient norm by the weights of the first hidden layer over that of the last", 0.1, 10,
		recordedRatio(measure.GradientNorm(), "weights")}
	updateRatio = monitor{"update-to-weight ratio", 0.2 / monitorSpan, 0.5, largestRecorded(measure.UpdateRatio())}
	stepAngle   = monitor{"angle of a step", 0.2 / monitorSpan, 0.5, largestRecorded(measure.StepAngle())}
)

// truth is 1 or 0.
func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// learned reports whether the loss over the last tenth of a run is below half of that of guessing among ten classes.
func learned(r *training.Run) bool {
	if r.Diverged >= 0 {
		return false
	}
	last := r.Loss[len(r.Loss)-monitorSpan/10:]
	return stat.Mean(last, nil) < math.Log(10)/2
}

// alarms says of each run whether the monitor left its range at the first step, and what it was.
func (m monitor) alarms(runs []*training.Run) ([]float64, result.Series, error) {
	var out []float64
	curve := result.Series{Label: m.name, X: result.Alpha(), Y: result.Quantity{Name: "monitor"}}
	for i, run := range runs {
		value, err := m.of(run)
		if err != nil {
			return nil, curve, err
		}
		out = append(out, truth(!(value >= m.low && value <= m.high)))
		curve.Xs, curve.Ys = append(curve.Xs, rescaledBy[i]), append(curve.Ys, value)
	}
	return out, curve, nil
}

// alarmChecks holds the alarms of each monitor against the runs that failed.
func alarmChecks(prefix string, monitors []monitor, runs []*training.Run, failed []float64) ([]Check, []result.Series, error) {
	var checks []Check
	var curves []result.Series
	for _, m := range monitors {
		alarms, curve, err := m.alarms(runs)
		if err != nil {
			return nil, nil, err
		}
		checks = append(checks, Identical(prefix+"runs whose failing and whose alarm by the "+m.name+" differ", failed, alarms))
		curves = append(curves, curve)
	}
	return checks, curves, nil
}

// recordedRatio divides what was recorded of the first hidden layer at the first step by the same of the last.
func recordedRatio(of measure.Instrument, kind string) func(r *training.Run) (float64, error) {
	return func(r *training.Run) (float64, error) {
		first, err := r.Recorded(of.Name, "/layer_0/dense/"+kind)
		if err != nil {
			return 0, err
		}
		last, err := r.Recorded(of.Name, fmt.Sprintf("/layer_%d/dense/%s", hiddenDepth-1, kind))
		if err != nil {
			return 0, err
		}
		return first[0] / last[0], nil
	}
}

// largestRecorded is the larger of what was recorded of the two layers' weights at the first step.
func largestRecorded(of measure.Instrument) func(r *training.Run) (float64, error) {
	return func(r *training.Run) (float64, error) {
		largest := 0.0
		for _, path := range r.Watched() {
			if strings.HasSuffix(path, "/weights") { // biases start at zero, where neither ratio nor angle exists
				values, err := r.Recorded(of.Name, path)
				if err != nil {
					return 0, err
				}
				largest = max(largest, values[0])
			}
		}
		return largest, nil
	}
}
