package width

import (
	"context"
	"fmt"
	"math"

	"alphascale/lib/optim"
	"alphascale/lib/result"
	"alphascale/lib/training"

	"gonum.org/v1/gonum/stat"
)

// Search looks for the best learning rate of each width of a family.
type Search struct {
	Family
	Training training.Config       // its Subject's Data is needed; see Family.Compile
	Widths   []int                 //
	Rates    []float64             // learning rates at the base width, increasing
	Hyper    optim.Values          // the other hyperparameters
	Seeds    int                   // networks at each width and rate; 2
	Last     int                   // how many steps at the end of a run the loss is averaged over; an epoch
	Progress func(done, total int) // called after each width
}

// Run returns, for each width, the loss at the end of a run against the learning rate at the base width, the geometric mean over the
// seeds. A rate at which one of them diverged has no value (NaN). Errors are those of Family.Compile and of a run.
func (s Search) Run(ctx context.Context) ([]result.Series, error) {
	if s.Seeds == 0 {
		s.Seeds = 2
	}
	var out []result.Series
	for i, width := range s.Widths {
		curve, err := s.at(ctx, width)
		if err != nil {
			return nil, fmt.Errorf("width %d: %w", width, err)
		}
		out = append(out, curve)
		if s.Progress != nil {
			s.Progress(i+1, len(s.Widths))
		}
	}
	return out, nil
}

func (s Search) at(ctx context.Context, width int) (result.Series, error) {
	curve := result.Series{
		Label: fmt.Sprintf("n = %d", width), X: result.Quantity{Name: "learning rate at the base width", Symbol: "η"}, Y: result.Loss(), Xs: s.Rates,
	}
	n, err := s.Compile(width, s.Training)
	if err != nil {
		return curve, err
	}
	defer n.Finalize()
	var settings []training.Settings
	for seed := int64(1); seed <= int64(s.Seeds); seed++ {
		for _, rate := range s.Rates {
			one, err := n.Settings(s.Hyper.With(optim.LearningRate, rate), seed)
			if err != nil {
				return curve, err
			}
			settings = append(settings, one)
		}
	}
	runs, err := n.RunAll(ctx, settings, nil)
	if err != nil {
		return curve, err
	}
	for i := range s.Rates {
		logarithm := 0.
		for seed := range s.Seeds {
			logarithm += math.Log(s.end(runs[seed*len(s.Rates)+i])) / float64(s.Seeds)
		}
		curve.Ys = append(curve.Ys, math.Exp(logarithm))
	}
	return curve, nil
}

// end is the mean loss of the last steps, NaN of a run that diverged.
func (s Search) end(run *training.Run) float64 {
	last := s.Last
	if last == 0 {
		batch := s.Training.Batch
		if batch == 0 {
			batch = 128
		}
		last = max(1, s.Training.Data.Rows()/batch)
	}
	if run.Diverged >= 0 || len(run.Loss) < last {
		return math.NaN()
	}
	return stat.Mean(run.Loss[len(run.Loss)-last:], nil)
}

// Best is the learning rate at which a curve of Search.Run is lowest: the vertex of the parabola through the lowest point and its two
// neighbours, both axes logarithmic. A curve that is lowest at its first or last rate, or beside one without a value, is an error.
func Best(losses result.Series) (float64, error) {
	lowest := -1
	for i, y := range losses.Ys {
		if !math.IsNaN(y) && (lowest < 0 || y < losses.Ys[lowest]) {
			lowest = i
		}
	}
	if lowest < 1 || lowest == len(losses.Ys)-1 || math.IsNaN(losses.Ys[lowest-1]+losses.Ys[lowest+1]) {
		return 0, fmt.Errorf("%s: no lowest loss between two others among the rates %v: search further to both sides, in smaller steps", losses.Name(), losses.Xs)
	}
	var x, y [3]float64
	for k := range x {
		x[k], y[k] = math.Log(losses.Xs[lowest-1+k]), math.Log(losses.Ys[lowest-1+k])
	}
	left, right := (y[1]-y[0])/(x[1]-x[0]), (y[2]-y[1])/(x[2]-x[1])
	vertex := (x[0]+x[1])/2 - left*(x[2]-x[0])/2/(right-left)
	return math.Exp(vertex), nil
}

// BestRates fits the power of the width by which the best learning rate changes, for curves in the order of the widths. Errors are those
// of Best and of a fit.
func BestRates(widths []int, losses []result.Series) (result.Fit, error) {
	s := result.Series{X: result.Quantity{Name: "width", Symbol: "n"}, Y: result.Quantity{Name: "best learning rate", Symbol: "η*"}}
	for i, curve := range losses {
		rate, err := Best(curve)
		if err != nil {
			return result.Fit{}, err
		}
		s.Xs, s.Ys = append(s.Xs, float64(widths[i])), append(s.Ys, rate)
	}
	return result.FitExponent(s)
}
