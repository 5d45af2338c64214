package judge_test

import (
	"errors"
	"fmt"
	"math"
	"os/exec"
	"strings"
	"testing"

	"alphascale/lib/judge"
	"alphascale/lib/result"
)

// power is a fit to points of α^p.
func power(label string, p float64) result.Fit {
	points := result.Series{Label: label, X: result.Alpha(), Y: result.Quantity{Name: "gradient norm"}}
	for _, alpha := range []float64{0.5, 1, 2, 4} {
		points.Xs, points.Ys = append(points.Xs, alpha), append(points.Ys, math.Pow(alpha, p))
	}
	fit, err := result.FitExponent(points)
	if err != nil {
		panic(err)
	}
	return fit
}

// A cell measures, adds each check with its control, and prints.
func ExampleReport() {
	losses, same, other := []float64{2.3, 1.1, 0.4}, []float64{2.3, 1.1, 0.4}, []float64{2.3, 1.2, 0.5}
	r := judge.New("α in the forward pass")
	r.Exponent(power("gradient", 1)).Is(1)
	r.Exact("loss at the end", 0.4, losses[2], 0.01, "  control: without α", 0.9)
	r.Identical("losses that differ at α²η", losses, same, "  control: at η", other)
	r.Identical("losses that differ, again", losses, same, "  control: at η", other)
	r.Print()
	fmt.Println(r.Fits()[0])
	// Output:
	// gradient: predicted 1, measured 1: holds
	// loss at the end: predicted 0.4, measured 0.4: holds
	// losses that differ at α²η: predicted 0, measured 0: holds
	// losses that differ, again: predicted 0, measured 0: holds
	//   control: predicted 0.9, measured 1: refuted
	//   control: without α: predicted 0.9, measured 0.4: refuted
	//   control: at η: predicted 0, measured 2: refuted
	// α in the forward pass: true
	// 1.000, predicted 1
}

// A control that holds tells nothing right from wrong, and a check that fails is no law.
func TestReportVerdict(t *testing.T) {
	one, two, broken := []float64{1}, []float64{2}, errors.New("the measurement or the law that this test lets fail")
	for name, test := range map[string]struct {
		add  func(r *judge.Report)
		want judge.Verdict
	}{
		"nothing":                   {func(*judge.Report) {}, judge.NotJudged},
		"another exponent":          {func(r *judge.Report) { r.Exponent(power("x", 2)).Is(1) }, judge.False},
		"the control's exponent":    {func(r *judge.Report) { r.Exponent(power("x", 0.9)).Is(1) }, judge.NotJudged},
		"no exponent is predicted":  {func(r *judge.Report) { r.Exponent(power("x", 1)).Is(math.NaN()) }, judge.NotJudged},
		"points without a name":     {func(r *judge.Report) { r.Exponent(power("", 1)).Is(1) }, judge.NotJudged},
		"no fit":                    {func(r *judge.Report) { r.Exponent(result.Fit{}).Is(0) }, judge.NotJudged},
		"a measurement that failed": {func(r *judge.Report) { r.Exponent(power("x", 1), broken).Is(1) }, judge.NotJudged},
		"a law that says nothing":   {func(r *judge.Report) { r.Exponent(power("x", 1)).Is(1, broken) }, judge.NotJudged},
		"one fit awaits its law": {func(r *judge.Report) {
			r.Exponent(power("x", 1)).Is(1)
			_ = r.Exponent(power("y", 1))
		}, judge.NotJudged},
		"another number":            {func(r *judge.Report) { r.Exact("x", 1, 2, 0, "control", 3) }, judge.False},
		"wrong is right":            {func(r *judge.Report) { r.Exact("x", 1, 1, 0, "control", 1) }, judge.NotJudged},
		"a control without a name":  {func(r *judge.Report) { r.Exact("x", 1, 1, 0, "", 2) }, judge.NotJudged},
		"another record":            {func(r *judge.Report) { r.Identical("x", one, two, "control", two) }, judge.False},
		"a control that agrees":     {func(r *judge.Report) { r.Identical("x", one, one, "control", one) }, judge.NotJudged},
		"no records":                {func(r *judge.Report) { r.Identical("x", nil, nil, "control", one) }, judge.NotJudged},
		"a control that is missing": {func(r *judge.Report) { r.Add(judge.Exact("x", 1, 1, 0), judge.Check{}) }, judge.NotJudged},
		"a further control holds": {func(r *judge.Report) {
			r.Add(judge.Exact("x", 1, 1, 0), judge.Exact("y", 1, 2, 0))
			r.Refuted(judge.Exact("z", 1, 1, 0))
		}, judge.NotJudged},
		"as it should be": {func(r *judge.Report) { r.Add(judge.Exact("x", 1, 1, 0), judge.Exact("y", 1, 2, 0)) }, judge.True},
	} {
		r := judge.New(name)
		test.add(r)
		if got := r.Verdict(); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}

// TestReachesResultAlone keeps a cell that only judges free of GoMLX and of the charts.
func TestReachesResultAlone(t *testing.T) {
	output, err := exec.Command("go", "list", "-deps", "alphascale/lib/judge").Output()
	if err != nil {
		t.Fatalf("go list -deps: %v", err)
	}
	for _, path := range strings.Fields(string(output)) {
		own := strings.HasPrefix(path, "alphascale/") && path != "alphascale/lib/judge" && path != "alphascale/lib/result"
		if own || strings.Contains(path, "gomlx") || strings.HasPrefix(path, "gonum.org/v1/plot") {
			t.Errorf("lib/judge reaches %s", path)
		}
	}
}
