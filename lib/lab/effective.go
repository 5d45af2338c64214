package lab

import (
	"fmt"
	"math"

	"alphascale/lib/instrument"
	"alphascale/lib/optim"
	"alphascale/lib/result"
	"alphascale/lib/training"
)

// EffectiveLearningRate measures at which learning rate the effective weights u = α·w of each run are trained: η times the
// length of the first step of u over that of the reference, a run without α from the same function. The runs must have
// recorded the update norm and started with KeepFunction, so that only the step differs.
func EffectiveLearningRate(reference *training.Run, runs []*training.Run) (result.Series, error) {
	s := result.Series{Label: "measured", X: result.Alpha(), Y: result.EffectiveLearningRate()}
	if reference.Settings.Alpha != 1 {
		return s, fmt.Errorf("the reference run has α = %g: it must be one without, α = 1", reference.Settings.Alpha)
	}
	eta, given := reference.Settings.Hyper[optim.LearningRate]
	if !given {
		return s, fmt.Errorf("the reference run leaves the learning rate to its default: give it in Settings.Hyper")
	}
	unit, err := FirstStep(reference)
	if err != nil {
		return s, err
	}
	for _, run := range runs {
		length, err := FirstStep(run)
		if err != nil {
			return s, err
		}
		s.Xs = append(s.Xs, run.Settings.Alpha)
		s.Ys = append(s.Ys, eta*run.Settings.Alpha*length/unit)
	}
	return s, nil
}

// FirstStep is ‖Δw‖ over all watched weights together at the first step of a run that keeps the function. Runs that
// record no update norm, and others, are errors.
func FirstStep(run *training.Run) (float64, error) {
	if run.Settings.Start != training.KeepFunction {
		return 0, fmt.Errorf("the run with α = %g did not start from the same function: use KeepFunction", run.Settings.Alpha)
	}
	paths := run.Watched()
	if len(paths) == 0 {
		return 0, fmt.Errorf("the run with α = %g recorded nothing: compile with instrument.UpdateNorm", run.Settings.Alpha)
	}
	square := 0.0
	for _, path := range paths {
		norms, err := run.Recorded(instrument.UpdateNorm().Name, path)
		if err != nil {
			return 0, err
		}
		square += norms[0] * norms[0]
	}
	return math.Sqrt(square), nil
}
