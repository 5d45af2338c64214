package lora

import (
	"context"
	"fmt"
	"slices"

	"alphascale/lib/judge"
	"alphascale/lib/optim"
	"alphascale/lib/result"
	"alphascale/lib/scaling"
	"alphascale/lib/subject"
	"alphascale/lib/training"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/gomlx/core/tensors"
)

// Ranks measures by which power of the rank the first step lowers the loss, on all rows of the subject at once and in float64, whatever
// its DType. Subject, Weights, Scale, Optimizer and Ranks are needed; the zero value of each other field is the default that its comment gives.
type Ranks struct {
	subject.Subject
	Weights   scaling.Selector
	Scale     Scale
	Optimizer optim.Family
	Ranks     []int // three or more

	Values   map[string]*tensors.Tensor // of the model, such as the Final of its own training; drawn by seed 1
	Seeds    int                        // draws of A at each rank; 100
	Progress func(done, total int)      // called after each rank
}

// eta is so small that a step's change is of first order, and large enough in float64.
const eta = 1e-6

// Run returns the fit of the decrease of the loss, averaged over draws of A, with the power that Scale.FirstStep predicts. The decrease is
// linear in the change of the weights, so that its mean is that of the mean change, whose own norm is biased by the spread of the
// draws where the rank is small. Fewer than three ranks, and what New, the law and a training refuse, are errors.
//
// All ranks are steps of one program, that of the largest; see Adapter.AtRank.
func (r Ranks) Run(ctx context.Context) (fit result.Fit, err error) {
	if r, err = r.resolve(); err != nil {
		return fit, err
	}
	predicted, err := r.Scale.FirstStep(r.Optimizer)
	if err != nil {
		return fit, err
	}
	a, p, err := r.compile()
	if err != nil {
		return fit, err
	}
	defer p.Finalize()
	if r.Values == nil { // one model for all draws of A
		drawn, err := p.Initial(1)
		if err != nil {
			return fit, err
		}
		r.Values = a.own(drawn)
	}
	s := result.Series{
		Label: fmt.Sprintf("%s, %s", r.Optimizer, r.Scale.Name), X: result.Quantity{Name: "rank", Symbol: "r"},
		Y: result.Quantity{Name: "decrease of the loss in the first step per learning rate"},
	}
	for i, rank := range r.Ranks {
		decrease, err := r.decrease(ctx, a, p, rank)
		if err != nil {
			return fit, fmt.Errorf("rank %d: %w", rank, err)
		}
		s.Xs, s.Ys = append(s.Xs, float64(rank)), append(s.Ys, decrease)
		if r.Progress != nil {
			r.Progress(i+1, len(r.Ranks))
		}
	}
	fit, err = result.FitExponent(s)
	fit.Predicted = predicted
	return fit, err
}

// resolve fills in defaults and returns an error for what New, which sees the largest rank alone, does not refuse.
func (r Ranks) resolve() (Ranks, error) {
	if r.Seeds == 0 {
		r.Seeds = 100
	}
	if len(r.Ranks) < 3 {
		return r, fmt.Errorf("ranks %v: a power with an interval takes three or more", r.Ranks)
	}
	for _, rank := range r.Ranks {
		if _, err := r.Scale.Alpha(rank); err != nil {
			return r, err
		}
	}
	return r, nil
}

// compile makes an adapter of the largest rank, and its training.
func (r Ranks) compile() (*Adapter, *training.Program, error) {
	a, err := New(r.Subject, Config{Weights: r.Weights, Rank: slices.Max(r.Ranks), Scale: r.Scale})
	if err != nil {
		return nil, nil, err
	}
	of := r.Subject
	of.DType, of.Store = dtypes.Float64, nil
	p, err := training.Compile(a.Training(training.Config{Subject: of, Optimizer: optim.New(r.Optimizer), Batch: of.Data.Rows(), Steps: 2}))
	return a, p, err
}

// decrease is that of the loss at a rank per learning rate, averaged over the draws of A.
func (r Ranks) decrease(ctx context.Context, a *Adapter, p *training.Program, rank int) (mean float64, err error) {
	h := optim.Values{optim.LearningRate: eta}
	if _, has := optim.Defaults(r.Optimizer)[optim.Epsilon]; has {
		h[optim.Epsilon] = 1e-30 // far below every gradient, at every rank
	}
	var draws []training.Settings
	for seed := range r.Seeds {
		start, err := r.start(a, p, rank, seed)
		if err != nil {
			return 0, err
		}
		draws = append(draws, a.Settings(h, start, 0))
	}
	runs, err := p.RunAll(ctx, draws, nil)
	if err != nil {
		return 0, err
	}
	for _, run := range runs {
		if len(run.Loss) < 2 {
			return 0, fmt.Errorf("the loss is %g at the start: take values from before the run diverged", run.Loss[0])
		}
		mean += (run.Loss[0] - run.Loss[1]) / eta / float64(len(runs))
	}
	return mean, nil
}

// start are the values at a rank with an A that is drawn for it.
func (r Ranks) start(a *Adapter, p *training.Program, rank, seed int) (map[string]*tensors.Tensor, error) {
	start, err := a.Start(p, r.Values, int64(rank)<<32+int64(seed)) // others at each rank
	if err != nil {
		return nil, err
	}
	return a.AtRank(start, rank, r.Scale)
}

// Apart is the distance between exponents that a check has to tell apart: those of all scales and optimizers are multiples of it.
const Apart = 0.5

// Check holds a fit of Ranks.Run or Widths.Run against its prediction. The first's law is exact for the mean over all A, and what is
// measured is that over some draws; the second's is that of wide networks.
func Check(fit result.Fit) judge.Check {
	return judge.Approximate(fmt.Sprintf("power of %s, %s", fit.Points.X.Symbol, fit.Points.Label), fit, fit.Predicted, Apart)
}
