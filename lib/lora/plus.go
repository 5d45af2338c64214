package lora

import (
	"context"
	"fmt"
	"math"

	"alphascale/lib/dataset"
	"alphascale/lib/optim"
	"alphascale/lib/result"
	"alphascale/lib/scaling"
	"alphascale/lib/subject"
	"alphascale/lib/training"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/gomlx/ml/train"
)

// Plus are the settings of LoRA+: B learns at ratio times the rate of A (Hayou et al. 2024, "LoRA+: Efficient Low Rank Adaptation of Large
// Models", section 4, who find 16 to be a good one for Adam). A missing rate and a ratio that is not positive are errors.
func Plus(s training.Settings, ratio float64) (training.Settings, error) {
	eta, given := s.Hyper[optim.LearningRate]
	if !given {
		return s, fmt.Errorf("no learning rate: give that of A in the hyperparameters")
	}
	if !(ratio > 0) || math.IsInf(ratio, 1) {
		return s, fmt.Errorf("a rate of B that is %g times that of A: give a positive ratio", ratio)
	}
	return WithRates(s, s.Hyper, s.Hyper.With(optim.LearningRate, ratio*eta)), nil
}

// WidthPowers is the law of LoRA+: with learning rates of A and B in proportion to n^a and n^b, where n is the number of inputs, the powers
// of n in what A and B add to the layer's output in the second step, n^(1+a+b) and n^b (Hayou et al. 2024, section 3). It is about
// optimizers whose step does not go with the size of the gradient, p = 1 in law L1; another is an error. Both are 0, at every width
// alike, for a = −1 and b = 0 alone.
func WidthPowers(a, b float64, family optim.Family) (Parts, error) {
	if _, err := (Scale{}).FirstStep(family); err != nil {
		return Parts{}, err
	}
	if p, err := scaling.LearningRateExponent(family); err != nil || p != 1 {
		return Parts{}, fmt.Errorf("%s: this law is about optimizers whose step does not go with the gradient, such as adam or signsgd", family)
	}
	return Parts{A: 1 + a + b, B: b}, nil
}

// Widths measures what WidthPowers predicts, on a family of models whose matrix Weight reads the data, rows of n numbers of order 1. All
// fields but Seeds and Progress are needed. ≈ The law is that of widths far above the number of rows: with as many rows, the signs of a step
// of A follow no single one, and A adds less than in proportion to n.
type Widths struct {
	Models    func(n int) train.ModelFn
	Data      func(n int) (dataset.Set, error)
	Weight    string // path of a matrix with n inputs
	Optimizer optim.Family
	Rank      int
	A, B      float64 // powers of n in the learning rates
	Widths    []int   // three or more

	Seeds    int                   // draws at each width; 6
	Progress func(done, total int) // called after each width
}

// Run takes two steps at each width in float64, so small that the errors of the model's outputs hardly change, and returns the fits of what A and
// what B have added, with their predictions. Errors are those of WidthPowers, New, a training and a fit.
func (w Widths) Run(ctx context.Context) (a, b result.Fit, err error) {
	predicted, err := WidthPowers(w.A, w.B, w.Optimizer)
	if err != nil {
		return a, b, err
	}
	if w.Seeds == 0 {
		w.Seeds = 6
	}
	points := func(factor string, power float64) result.Series {
		return result.Series{
			Label: fmt.Sprintf("through %s, rate n^%g", factor, power),
			X:     result.Quantity{Name: "width", Symbol: "n"}, Y: result.Quantity{Name: "change of the layer's output through one factor"},
		}
	}
	ofA, ofB := points("A", w.A), points("B", w.B)
	for i, n := range w.Widths {
		parts, err := w.at(ctx, n)
		if err != nil {
			return a, b, fmt.Errorf("width %d: %w", n, err)
		}
		ofA.Xs, ofA.Ys = append(ofA.Xs, float64(n)), append(ofA.Ys, parts.A)
		ofB.Xs, ofB.Ys = append(ofB.Xs, float64(n)), append(ofB.Ys, parts.B)
		if w.Progress != nil {
			w.Progress(i+1, len(w.Widths))
		}
	}
	if a, err = result.FitExponent(ofA); err != nil {
		return a, b, err
	}
	b, err = result.FitExponent(ofB)
	a.Predicted, b.Predicted = predicted.A, predicted.B
	return a, b, err
}

// tiny is the learning rate of both factors at the first of the widths.
const tiny = 1e-4

func (w Widths) at(ctx context.Context, n int) (mean Parts, err error) {
	data, err := w.Data(n)
	if err != nil {
		return mean, err
	}
	of := subject.Subject{Model: w.Models(n), Data: data, DType: dtypes.Float64}
	adapter, err := New(of, Config{Weights: scaling.Select(w.Weight), Rank: w.Rank, Scale: Fixed(1)})
	if err != nil {
		return mean, err
	}
	p, err := training.Compile(adapter.Training(training.Config{Subject: of, Optimizer: optim.New(w.Optimizer), Batch: data.Rows(), Steps: 2}))
	if err != nil {
		return mean, err
	}
	defer p.Finalize()
	h := func(power float64) optim.Values {
		return optim.Values{optim.LearningRate: tiny * math.Pow(float64(n)/float64(w.Widths[0]), power)}
	}
	for seed := range int64(w.Seeds) {
		start, err := p.Initial(seed)
		if err != nil {
			return mean, err
		}
		s := WithRates(adapter.Settings(h(0), start, seed), h(w.A), h(w.B))
		s.Keep = true
		run, err := p.RunOn(ctx, 0, s)
		if err != nil {
			return mean, err
		}
		parts, err := adapter.Parts(w.Weight, data.Inputs, start, run.Final)
		if err != nil {
			return mean, err
		}
		mean.A, mean.B = mean.A+parts.A/float64(w.Seeds), mean.B+parts.B/float64(w.Seeds)
	}
	return mean, nil
}
