package training

import (
	"fmt"
	"math"

	"alphascale/lib/instrument"
	"alphascale/lib/result"
)

// FirstStep takes one step with the settings and returns its length ‖w₁ − w₀‖, over all watched variables together. The program
// must record instrument.UpdateNorm. For u = α·w the step of u is α times as long, and from one function its length, in units of
// that at α = 1, is the effective learning rate in units of η. Errors are those of Run.
func (p *Program) FirstStep(s Settings) (float64, error) {
	s.Steps = 1
	run, err := p.Run(s)
	if err != nil {
		return 0, err
	}
	square := 0.0
	for _, path := range run.Watched() {
		length, err := run.Recorded(instrument.UpdateNorm().Name, path)
		if err != nil {
			return 0, err
		}
		square += length[0] * length[0]
	}
	return math.Sqrt(square), nil
}

// Histogram is how the activations of the hidden layer with the given path were spread at a step, counted from 0: the share in each
// bin against the bin's lower end. A run that did not record the bins, a step that it did not take and edges that do not increase
// are errors.
func (r *Run) Histogram(of instrument.Histogram, path string, step int) (result.Series, error) {
	s := result.Series{X: result.Quantity{Name: "activation"}, Label: path}
	if step < 0 || step >= len(r.Loss) {
		return s, fmt.Errorf("step %d of a run that took steps 0 to %d", step, len(r.Loss)-1)
	}
	if len(of) < 2 {
		return s, fmt.Errorf("a histogram of %d edges: give at least the two of one bin", len(of))
	}
	for i := 1; i < len(of); i++ {
		if !(of[i-1] < of[i]) {
			return s, fmt.Errorf("a histogram with the edges %g and %g, one after the other: give edges that increase", of[i-1], of[i])
		}
	}
	for i, bin := range of.Instruments() {
		shares, err := r.Recorded(bin.Name, path)
		if err != nil {
			return s, err
		}
		s.Y, s.Xs, s.Ys = bin.Quantity, append(s.Xs, of[i]), append(s.Ys, shares[step])
	}
	return s, nil
}

// Losses are the loss curves of runs, each labelled by its α.
func Losses(runs []*Run) []result.Series {
	var out []result.Series
	for _, r := range runs {
		out = append(out, r.LossSeries())
	}
	return out
}

// Named are the loss curves of runs, each under a name in place of its α; runs beyond the names are left out, as are names beyond
// the runs.
func Named(runs []*Run, names ...string) []result.Series {
	var out []result.Series
	for i := range min(len(runs), len(names)) {
		curve := runs[i].LossSeries()
		curve.Alpha, curve.Label = 0, names[i]
		out = append(out, curve)
	}
	return out
}
