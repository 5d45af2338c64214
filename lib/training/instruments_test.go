package training_test

import (
	"math"
	"slices"
	"testing"

	"alphascale/lib/backend"
	"alphascale/lib/instrument"
	"alphascale/lib/network"
	"alphascale/lib/optim"
	"alphascale/lib/result"
	"alphascale/lib/training"
)

// TestLayerInstruments records dead and saturated units inside the compiled loop, next to what is recorded of weights.
func TestLayerInstruments(t *testing.T) {
	o := optim.New(optim.SGD)
	c := normalisedConfig(t, backend.Open, o)
	c.Model = network.MLP{Hidden: []int{12, 12}, Outputs: 10}.Model
	c.Instruments = []instrument.Instrument{instrument.DeadUnits(), instrument.GradientNorm()}
	h := optim.Values{optim.LearningRate: 0.05}
	p := compile(t, c)
	share := func(s training.Settings) float64 {
		r := run(t, p, s)
		for _, path := range r.Watched() {
			if n := len(recorded(t, r, instrument.GradientNorm(), path)); n != c.Steps {
				t.Errorf("%s: %d gradient norms for %d steps", path, n, c.Steps)
			}
		}
		return recorded(t, r, instrument.DeadUnits(), "/layer_1")[c.Steps-1]
	}
	if got := share(training.Settings{Alpha: 1, Hyper: h, Seed: 1}); got < 0 || got > 0.5 {
		t.Errorf("share of dead units %v without α", got)
	}
	if got := share(training.Settings{Alpha: 8, Hyper: h, Seed: 1, Start: training.KeepWeights}); got < 0.5 {
		t.Errorf("share of dead units %v with weights eight times too large, want most of them", got)
	}

	c.Instruments = []instrument.Instrument{instrument.SaturatedUnits()}
	_, err := training.Compile(c)
	wantError(t, err, "saturated_units", "/layer_0/relu")
}

// TestBefore records a weight norm before the step and whenever XLA likes, also when the loss ends as NaN: when it is read
// changes no bit of it or of the run.
func TestBefore(t *testing.T) {
	c := digitsConfig(t, optim.SGD)
	before := instrument.WeightNorm()
	whenever := before
	whenever.Before = false
	var programs [2]*training.Program
	for i, recorded := range []instrument.Instrument{before, whenever} {
		c.Instruments = []instrument.Instrument{recorded}
		programs[i] = compile(t, c)
	}
	for _, eta := range []float64{0.05, 1e30} {
		var runs [2]*training.Run
		for i, p := range programs {
			runs[i] = run(t, p, training.Settings{Alpha: 1, Hyper: optim.Values{optim.LearningRate: eta}, Seed: 1})
		}
		if diverges := eta > 1; diverges != (runs[0].Diverged >= 0) {
			t.Errorf("η = %g: diverged at %d, want a divergence: %v", eta, runs[0].Diverged, diverges)
		}
		if a, b := runs[0].Loss, runs[1].Loss; !sameBits(a, b) {
			t.Errorf("η = %g: losses %v and %v", eta, a, b)
		}
		for _, path := range runs[0].Watched() {
			if a, b := recorded(t, runs[0], before, path), recorded(t, runs[1], before, path); !sameBits(a, b) {
				t.Errorf("η = %g, %s: norms %v and %v", eta, path, a, b)
			}
		}
	}
}

func sameBits(a, b []float64) bool {
	return slices.EqualFunc(a, b, func(x, y float64) bool { return math.Float64bits(x) == math.Float64bits(y) })
}

// TestGradientStages follows a gradient through clipping, penalty and rule.
func TestGradientStages(t *testing.T) {
	const clip = 0.5
	o := optim.New(optim.SGD, optim.ClipNorm)
	c := normalisedConfig(t, backend.Interpreter, o)
	c.Model = network.MLP{Outputs: 10, NoBias: true}.Model // one weight, so that its norm is the joint norm
	c.Scaled = selected(t, "weights")
	c.Instruments = []instrument.Instrument{instrument.GradientNorm(), instrument.PreparedNorm(), instrument.PreconditionedNorm()}
	h := optim.Values{optim.LearningRate: 0.05, optim.ClipNorm: clip}
	r := run(t, compile(t, c), training.Settings{Alpha: 1, Hyper: h, Seed: 1})
	const path = "/output/dense/weights"
	raw := recorded(t, r, instrument.GradientNorm(), path)
	prepared := recorded(t, r, instrument.PreparedNorm(), path)
	step := recorded(t, r, instrument.PreconditionedNorm(), path)
	clipped := 0
	for i := range raw {
		want := min(raw[i], clip)
		if want < raw[i] {
			clipped++
		}
		if !agree(prepared[i], want) || !agree(step[i], want) {
			t.Errorf("step %d: raw %v, clipped %v, as the step has it %v; want %v", i, raw[i], prepared[i], step[i], want)
		}
	}
	if clipped == 0 {
		t.Error("no gradient was clipped, so the test is no test")
	}
}

// agree reports agreement to rounding in float64, after a difference of weights.
func agree(a, b float64) bool { return result.RelativeDifference([]float64{a}, []float64{b}) < 1e-11 }
