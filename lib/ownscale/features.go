package ownscale

import (
	"context"
	"fmt"
	"math"
	"slices"

	"alphascale/lib/judge"
	"alphascale/lib/optim"
	"alphascale/lib/result"
)

// Shape is how a layer's inputs and outputs go with the width n.
type Shape struct {
	Name string
	At   func(n int) (in, out int)
}

// The shapes of a perceptron's layers: 64 inputs, hidden layers of n units, 16 outputs.
var (
	HiddenLayer = Shape{"n × n", func(n int) (int, int) { return n, n }}
	InputLayer  = Shape{"64 × n", func(n int) (int, int) { return 64, n }}
	OutputLayer = Shape{"n × 16", func(n int) (int, int) { return n, 16 }}
)

// Features measures by which power of the width n one step of a matrix changes what its layer puts out, the root mean square of Δh where
// h = x·W, with x and the gradient with respect to h of a size that does not depend on n. The zero value of each field but the
// optimizer and the shape is the default that its comment gives.
type Features struct {
	Optimizer optim.Family
	Shape     Shape
	Widths    []int                 // 64, 96, 128, 160, 192
	Draws     int                   // of 8 rows of x and of gradients, at each width; 16
	Rate      float64               // the learning rate at n = 1; 1
	RatePower float64               // of n in the learning rate: Rate·n^RatePower
	Progress  func(done, total int) // called after each draw
}

// Apart is the distance between exponents that a check has to tell apart. The law is that of wide matrices, and 64 to 192 are off it by up
// to 0.05.
const Apart = 0.2

// Check holds the fit against its prediction.
func Check(what string, fit result.Fit) judge.Check {
	return judge.Approximate(what, fit, fit.Predicted, Apart)
}

// Power is the exponent that the law has for the family, the shape and the power of n in the learning rate.
//
// A step that is taken weight by weight, whatever its power of the gradient, adds up over the inputs: n¹ where their number grows, n⁰
// where it does not. Muon's step has singular values of its factor, and an input of root mean square 1 the norm √in, which the step turns
// to outputs of root mean square factor·√(in/out) (Yang, Simon & Bernstein 2023). An optimizer with a trust ratio is an error.
func (f Features) Power() (float64, error) {
	if f.Shape.At == nil {
		return 0, fmt.Errorf("a layer needs a shape as a function of the width: set Shape, as to ownscale.HiddenLayer")
	}
	if slices.Contains([]optim.Family{optim.LARS, optim.LAMB}, f.Optimizer) {
		return 0, fmt.Errorf("%s sets the length of a step by the weights' norm, which this law is not about: take adam, muon or a like optimizer", f.Optimizer)
	}
	if _, err := optim.UnitOf(f.Optimizer, optim.LearningRate); err != nil {
		return 0, err
	}
	size := func(n int) float64 {
		in, out := f.Shape.At(n)
		if factor, is := factors[f.Optimizer]; is {
			return factor.Of(in, out) * math.Sqrt(float64(in)/float64(out))
		}
		return float64(in)
	}
	const n = 1 << 20 // beyond which a maximum of two shapes changes sides no more
	return math.Round(1e9*math.Log2(size(2*n)/size(n)))/1e9 + f.RatePower, nil
}

// Run makes the measurement. Fewer than three widths, a shape that has no layer at one of them and what a training cannot use are errors.
func (f Features) Run(ctx context.Context) (result.Fit, error) {
	predicted, err := f.Power()
	if err != nil {
		return result.Fit{}, err
	}
	if len(f.Widths) == 0 {
		f.Widths = []int{64, 96, 128, 160, 192}
	}
	if len(f.Widths) < 3 || !slices.IsSorted(f.Widths) {
		return result.Fit{}, fmt.Errorf("widths %v: an exponent takes three or more, in increasing order", f.Widths)
	}
	if f.Draws == 0 {
		f.Draws = 16
	}
	if f.Rate == 0 {
		f.Rate = 1
	}
	points := result.Series{
		Label: string(f.Optimizer), X: result.Quantity{Name: "width", Symbol: "n"}, Y: result.Quantity{Name: "change of the layer's outputs in one step", Symbol: "Δh"},
	}
	changes, err := f.changes(ctx)
	if err != nil {
		return result.Fit{}, err
	}
	for i, n := range f.Widths {
		points.Xs, points.Ys = append(points.Xs, float64(n)), append(points.Ys, changes[i])
	}
	fit, err := result.FitExponent(points)
	fit.Predicted = predicted
	return fit, err
}
