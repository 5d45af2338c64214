package width_test

import (
	"math"
	"testing"

	"alphascale/lib/dataset"
	"alphascale/lib/judge"
	"alphascale/lib/optim"
	"alphascale/lib/result"
	"alphascale/lib/subject"
	"alphascale/lib/sweep"
	"alphascale/lib/training"
	"alphascale/lib/width"
)

// TestBestRateTransfers: under Adam the best learning rate of SP goes with 1/n, and that of μP stays, of which each refutes the other.
func TestBestRateTransfers(t *testing.T) {
	widths := []int{64, 128, 256, 512}
	for _, test := range []struct {
		p           width.Parametrisation
		want, wrong float64
		rates       []float64
	}{
		{width.Standard(), -1, 0, sweep.PowersOfTwo(-13, -4)},
		{width.MaximalUpdate(), 0, -1, sweep.PowersOfTwo(-10, -3)},
	} {
		search := width.Search{
			Family:   width.Family{Models: mlps, Base: 64, Optimizer: optim.Adam, Parametrisation: test.p},
			Training: training.Config{Subject: subject.Subject{Data: dataset.Digits()}, Batch: 64, Steps: 56},
			Widths:   widths, Rates: test.rates, Hyper: optim.Values{optim.Epsilon: 1e-12},
		}
		losses, err := search.Run(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		fit, err := width.BestRates(widths, losses)
		if err != nil {
			for _, l := range losses {
				t.Log(l.Name(), l.Ys)
			}
			t.Fatal(err)
		}
		t.Logf("%s: %v, n^%.2f [%.2f, %.2f], %.3f off", test.p.Name, fit.Points.Ys, fit.Exponent, fit.Low, fit.High, fit.Residual())
		if c := judge.Approximate("best rate", fit, test.want, 1); !c.Holds() {
			t.Error(c)
		}
		if c := judge.Approximate("best rate", fit, test.wrong, 1); !c.Refuted() {
			t.Errorf("control: %s", c)
		}
	}
}

func TestBest(t *testing.T) {
	curve := result.Series{Label: "a parabola", Xs: sweep.PowersOfTwo(-4, 4)}
	for _, x := range curve.Xs {
		curve.Ys = append(curve.Ys, math.Exp(math.Pow(math.Log(x/1.7), 2)))
	}
	if got, err := width.Best(curve); err != nil || math.Abs(got-1.7) > 1e-12 {
		t.Errorf("the parabola's vertex is at %g, %v, want 1.7", got, err)
	}
	for name, ys := range map[string][]float64{
		"falls to the end": {3, 2, 1}, "rises from the start": {1, 2, 3}, "beside one without a value": {2, 1, math.NaN()}, "none has a value": {math.NaN(), math.NaN(), math.NaN()},
	} {
		if got, err := width.Best(result.Series{Label: name, Xs: []float64{1, 2, 4}, Ys: ys}); err == nil {
			t.Errorf("%s: %g", name, got)
		}
	}
}

// TestShiftedIsTheSameRun: at a multiple of the base width whose root is a power of two, SP and SP with n^(−½) in the multipliers have
// the same losses, bit for bit, and with the learning rate's exponent a tenth off they do not.
func TestShiftedIsTheSameRun(t *testing.T) {
	for _, family := range []optim.Family{optim.SGD, optim.Adam, optim.HeavyBall} {
		losses := func(p width.Parametrisation) []float64 {
			f := width.Family{Models: mlps, Base: 8, Optimizer: family, Parametrisation: p}
			n, err := f.Compile(128, training.Config{Subject: subject.Subject{Data: dataset.Digits()}, Steps: 40})
			if err != nil {
				t.Fatal(err)
			}
			defer n.Finalize()
			s, err := n.Settings(optim.Values{optim.LearningRate: 0.005}, 1)
			if err != nil {
				t.Fatal(err)
			}
			run, err := n.Run(s)
			if err != nil {
				t.Fatal(err)
			}
			return run.Loss
		}
		want, shifted := losses(width.Standard()), width.Standard().Shifted(0.5)
		if got := judge.Identical("losses that differ", want, losses(shifted)); !got.Holds() {
			t.Errorf("%s: %s", family, got)
		}
		off := shifted.With("off", func(_ width.Role, x *width.ABC) { x.C -= 0.1 })
		if got := judge.Identical("control", want, losses(off)); !got.Refuted() {
			t.Errorf("%s: %s", family, got)
		}
	}
}
