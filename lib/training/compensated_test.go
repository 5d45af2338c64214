package training_test

import (
	"context"
	"math"
	"slices"
	"testing"

	"alphascale/lib/backend"
	"alphascale/lib/instrument"
	"alphascale/lib/network"
	"alphascale/lib/optim"
	"alphascale/lib/result"
	"alphascale/lib/scaling"
	"alphascale/lib/training"

	"github.com/gomlx/gomlx/ml/train/optimizer"
	"gonum.org/v1/gonum/floats"
)

// A compensated run of any start is that of α = 1: bit for bit where the function is kept. The control leaves the settings as
// they are.
func TestCompensatedIsTheRunWithoutAlpha(t *testing.T) {
	c := digitsConfig(t, optim.Adam)
	c.Steps = 20
	p := compile(t, c)
	h := optim.Values{optim.LearningRate: 0.01}
	want := run(t, p, training.Settings{Alpha: 1, Hyper: h, Seed: 1})
	at4 := training.Settings{Alpha: 4, Hyper: h, Seed: 1}
	compensated, err := p.Compensated(at4)
	if err != nil {
		t.Fatal(err)
	}
	if got := run(t, p, compensated); !sameBits(want.Loss, got.Loss) {
		t.Errorf("losses %v, want %v", got.Loss, want.Loss)
	}
	if control := run(t, p, at4); sameBits(want.Loss, control.Loss) {
		t.Error("the run that is not compensated has the same losses, so the test does not see it")
	}
}

// Scale-invariant weights that start larger are compensated by the law of the start: the losses are those of α = 1.
func TestCompensatedOfLargerWeights(t *testing.T) {
	o := optim.New(optim.SGD)
	p := compile(t, normalisedConfig(t, backend.Interpreter, o))
	h := optim.Values{optim.LearningRate: 0.1}
	want := run(t, p, training.Settings{Alpha: 1, Hyper: h, Seed: 1})
	larger := training.Settings{Alpha: 4, Hyper: h, Seed: 1, Start: training.ScaleWeights}
	holding := []scaling.Condition{scaling.NoNormEpsilon, scaling.FreshStatistics, scaling.BiasScaled}
	compensated, err := p.Compensated(larger, holding...)
	if err != nil {
		t.Fatal(err)
	}
	if got := run(t, p, compensated); !sameBits(want.Loss, got.Loss) {
		t.Errorf("losses %v, want %v", got.Loss, want.Loss)
	}
	if _, err := p.Compensated(larger); err == nil {
		t.Error("the conditions of the law were not asked for")
	}
}

func TestCompensatedNeedsALaw(t *testing.T) {
	c := digitsConfig(t, optim.SGD)
	c.Optimizer = optimizer.StochasticGradientDescent().WithDecay(false).Done().(optim.Interface)
	_, err := compile(t, c).Compensated(training.Settings{Alpha: 2})
	wantError(t, err, "no law", "optim.New")
}

// Train makes the runs of a program that is compiled for them, and a series is what an instrument recorded.
func TestTrainAndSeries(t *testing.T) {
	c := digitsConfig(t, optim.SGD)
	c.Steps, c.Instruments = 5, training.Norms()
	runs, err := training.Train(context.Background(), c, nil, training.Settings{Alpha: 1, Seed: 1}, training.Settings{Alpha: 2, Seed: 1})
	if err != nil || len(runs) != 2 {
		t.Fatalf("%d runs (%v)", len(runs), err)
	}
	const path = "/layer_0/dense/weights"
	s, err := runs[1].Series(instrument.GradientNorm(), path)
	if err != nil || s.Alpha != 2 || s.Y.Name != "gradient norm" || len(s.Xs) != 5 ||
		!slices.Equal(s.Ys, recorded(t, runs[1], instrument.GradientNorm(), path)) {
		t.Errorf("%+v (%v)", s, err)
	}
	_, err = runs[1].Series(instrument.StepAngle(), path)
	wantError(t, err, "step_angle", "was not recorded")
	c.Steps = -1
	if _, err = training.Train(context.Background(), c, nil); err == nil {
		t.Error("a training of −1 steps was accepted")
	}
}

// The first step of SGD is η·‖∇ℓ‖ long, and that of u = α·w is α² times as long from the same function (L1).
func TestLengthOfTheFirstStep(t *testing.T) {
	c := digitsConfig(t, optim.SGD)
	c.Steps, c.Instruments = 3, training.Norms()
	p := compile(t, c)
	h := optim.Values{optim.LearningRate: 0.5}
	one, err := p.FirstStep(training.Settings{Alpha: 1, Hyper: h, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	r := run(t, p, training.Settings{Alpha: 1, Hyper: h, Seed: 1})
	square := 0.0
	for _, path := range r.Watched() {
		square += math.Pow(recorded(t, r, instrument.GradientNorm(), path)[0], 2)
	}
	if want := 0.5 * math.Sqrt(square); math.Abs(one-want) > 1e-6*want {
		t.Errorf("the first step is %g long, want %g", one, want)
	}
	if at4, err := p.FirstStep(training.Settings{Alpha: 4, Hyper: h, Seed: 1}); err != nil || 4*at4 != 16*one {
		t.Errorf("at α = 4 the step of u is %g, want 16 times %g (%v)", 4*at4, one, err)
	}
	if curves := training.Losses([]*training.Run{r, r}); len(curves) != 2 || !slices.Equal(curves[1].Ys, r.Loss) {
		t.Errorf("the curves are %v", curves)
	}
	if curves := training.Named([]*training.Run{r, r}, "a"); len(curves) != 1 || curves[0].Name() != "a" {
		t.Errorf("the named curves are %v", curves)
	}
}

// The bins of a histogram that covers all activations add up to one, in each layer and at each step.
func TestHistogramOfARun(t *testing.T) {
	h := instrument.Histogram{-1.01, -0.5, 0, 0.5, 1.01}
	c := digitsConfig(t, optim.SGD)
	c.Model, c.Steps, c.Instruments = network.MLP{Hidden: []int{12}, Outputs: 10, Activation: "tanh"}.Model, 3, h.Instruments()
	r := run(t, compile(t, c), training.Settings{Alpha: 1, Seed: 1})
	s, err := r.Histogram(h, "/layer_0", 2)
	if err != nil || !slices.Equal(s.Xs, h[:4]) || math.Abs(floats.Sum(s.Ys)-1) > 1e-6 || floats.Max(s.Ys) > 0.9 {
		t.Errorf("%+v (%v)", s, err)
	}
	for says, try := range map[string]func() (result.Series, error){
		"steps 0 to 2":     func() (result.Series, error) { return r.Histogram(h, "/layer_0", 3) },
		"was not recorded": func() (result.Series, error) { return r.Histogram(instrument.Histogram{0, 7}, "/layer_0", 0) },
		"1 and 0":          func() (result.Series, error) { return r.Histogram(instrument.Histogram{1, 0}, "/layer_0", 0) },
		"NaN":              func() (result.Series, error) { return r.Histogram(instrument.Histogram{0, math.NaN()}, "/layer_0", 0) },
		"1 edges":          func() (result.Series, error) { return r.Histogram(instrument.Histogram{0}, "/layer_0", 0) },
	} {
		_, err := try()
		wantError(t, err, says)
	}
}
