package result_test

import (
	"math"
	"strings"
	"testing"

	"alphascale/lib/result"
)

func points(xs, ys []float64) result.Series {
	return result.Series{Label: "points", X: result.Alpha(), Y: result.EffectiveLearningRate(), Xs: xs, Ys: ys}
}

// TestFitExponentAgainstNormalEquations computes slope, interval and intercept a second time, from the normal equations and
// a tabulated quantile of Student's t.
func TestFitExponentAgainstNormalEquations(t *testing.T) {
	xs := []float64{0.125, 0.25, 0.5, 1, 2, 4, 8}
	ys := []float64{0.0009, 0.0029, 0.0133, 0.0492, 0.211, 0.77, 3.3}
	got, err := result.FitExponent(points(xs, ys))
	if err != nil {
		t.Fatal(err)
	}

	n := float64(len(xs))
	var sx, sy, sxx, sxy, syy float64
	for i := range xs {
		x, y := math.Log(xs[i]), math.Log(ys[i])
		sx, sy, sxx, sxy, syy = sx+x, sy+y, sxx+x*x, sxy+x*y, syy+y*y
	}
	slope := (n*sxy - sx*sy) / (n*sxx - sx*sx)
	intercept := (sy - slope*sx) / n
	variance := (syy - intercept*sy - slope*sxy) / (n - 2) / (sxx - sx*sx/n)
	const quantile = 2.570581835636314 // Student's t, 5 degrees of freedom, 97.5 %
	half := quantile * math.Sqrt(variance)

	for _, check := range []struct {
		name      string
		got, want float64
	}{
		{"Exponent", got.Exponent, slope},
		{"Intercept", got.Intercept, intercept},
		{"Low", got.Low, slope - half},
		{"High", got.High, slope + half},
		{"At(3)", got.At(3), math.Exp(intercept) * math.Pow(3, slope)},
	} {
		if math.Abs(check.got-check.want) > 1e-9*math.Max(1, math.Abs(check.want)) {
			t.Errorf("%s = %v, the normal equations give %v", check.name, check.got, check.want)
		}
	}
	if !math.IsNaN(got.Predicted) {
		t.Errorf("Predicted = %v before anyone predicted: want NaN", got.Predicted)
	}
}

// TestFitExponentOfExactPowers wants an interval as narrow as rounding for every exponent of the optimizers' table.
func TestFitExponentOfExactPowers(t *testing.T) {
	for _, exponent := range []float64{-1, 0, 1, 2, 7} {
		var xs, ys []float64
		for k := -3.0; k <= 3; k++ {
			xs, ys = append(xs, math.Exp2(k)), append(ys, 0.05*math.Pow(math.Exp2(k), exponent))
		}
		fit, err := result.FitExponent(points(xs, ys))
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(fit.Exponent-exponent) > 1e-12 || fit.High-fit.Low > 1e-12 || fit.High < fit.Low {
			t.Errorf("exponent %v: fitted %v in [%v, %v]", exponent, fit.Exponent, fit.Low, fit.High)
		}
		fit.Predicted = exponent
		if y := fit.PredictedAt(4); math.Abs(y/(0.05*math.Pow(4, exponent))-1) > 1e-12 {
			t.Errorf("exponent %v: PredictedAt(4) = %v", exponent, y)
		}
	}
}

func TestFitExponentLeavesOutMissingPoints(t *testing.T) {
	fit, err := result.FitExponent(points([]float64{1, 2, 4, 8, 16}, []float64{1, 4, math.NaN(), 64, math.Inf(1)}))
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(fit.Exponent-2) > 1e-12 {
		t.Errorf("exponent %v, want 2", fit.Exponent)
	}
}

// TestResidual has points of which one lies e^0.03 above a constant: the line through them is level at 0.01 in the logarithm,
// and that point 0.02 above it.
func TestResidual(t *testing.T) {
	fit, err := result.FitExponent(points([]float64{1, 2, 4, 8}, []float64{5, 5 * math.Exp(0.03), 5, math.NaN()}))
	if err != nil {
		t.Fatal(err)
	}
	if got := fit.Residual(); math.Abs(got-0.02) > 1e-12 {
		t.Errorf("the residual is %v, want 0.02", got)
	}
	fit.Exponent += 0.1 // about x = 1: at x = 4 the line is 0.2·ln 2 higher, and the point at its old place 0.01 below it
	if got, want := fit.Residual(), 0.01+0.2*math.Ln2; math.Abs(got-want) > 1e-12 {
		t.Errorf("with another exponent the residual is %v, want %v", got, want)
	}
	if got := (result.Fit{Exponent: 1}).Residual(); !math.IsNaN(got) {
		t.Errorf("a fit without points has the residual %v, want NaN", got)
	}
}

func TestFitExponentRefuses(t *testing.T) {
	for _, test := range []struct {
		name   string
		xs, ys []float64
		says   string
	}{
		{"none", nil, nil, "at least 3"},
		{"two points", []float64{1, 2}, []float64{1, 2}, "at least 3"},
		{"two left", []float64{1, 2, 3}, []float64{1, 2, math.NaN()}, "at least 3"},
		{"zero x", []float64{0, 1, 2}, []float64{1, 2, 3}, "positive"},
		{"negative y", []float64{1, 2, 3}, []float64{1, -2, 3}, "positive"},
		{"one x", []float64{2, 2, 2}, []float64{1, 2, 3}, "different x"},
		{"lengths", []float64{1, 2, 3}, []float64{1, 2}, "3 Xs and 2 Ys"},
		{"infinite x", []float64{1, 2, math.Inf(1)}, []float64{1, 2, 3}, "finite x"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := result.FitExponent(points(test.xs, test.ys))
			if err == nil || !strings.Contains(err.Error(), test.says) {
				t.Errorf("error %v, want one that says %q", err, test.says)
			}
		})
	}
}

func TestFitString(t *testing.T) {
	seeds := result.Series{Xs: []float64{1, 2, 1, 2}, Ys: []float64{1, 1, 1, 1}} // two values at each x
	once := result.Series{Xs: []float64{1, 2, 4}, Ys: []float64{1, 1, 1}}
	ranged := once
	ranged.Lower, ranged.Upper = once.Ys, once.Ys
	for _, test := range []struct {
		fit  result.Fit
		want string
	}{
		{result.Fit{Points: seeds, Exponent: 1.994, Low: 1.97, High: 2.018, Predicted: 2}, "1.99 [1.97, 2.02], predicted 2"},
		{result.Fit{Points: ranged, Exponent: -1, Low: -1.001, High: -0.999, Predicted: -1}, "−1.000 [−1.001, −0.999], predicted −1"},
		{result.Fit{Points: once, Exponent: -1e-17, Low: -2e-17, High: 1e-17, Predicted: math.NaN()}, "0.000"},
	} {
		if got := test.fit.String(); got != test.want {
			t.Errorf("got %q, want %q", got, test.want)
		}
	}
}

// Points that lie on no power law say so, where no interval of chance does.
func TestFitStringOfABentLine(t *testing.T) {
	bent := result.Series{X: result.Alpha(), Y: result.Loss(), Xs: []float64{1, 2, 4}, Ys: []float64{1, 3, 4}}
	fit, err := result.FitExponent(bent)
	if got := fit.String(); err != nil || !strings.Contains(got, "points up to ") || strings.Contains(got, "[") {
		t.Errorf("%q, %v", got, err)
	}
}
