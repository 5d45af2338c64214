package claim

import (
	"math"
	"strings"
	"testing"

	"alphascale/lib/optim"
	"alphascale/lib/result"
	"alphascale/lib/training"
)

// fitted is a fit to seven points of x^exponent, every other one of them off by a factor e^off.
func fitted(t *testing.T, exponent, off float64) result.Fit {
	t.Helper()
	points := result.Series{Label: "points", X: result.Alpha(), Y: result.Quantity{Name: "quantity"}}
	for k := -3; k <= 3; k++ {
		x := math.Exp2(float64(k))
		points.Xs, points.Ys = append(points.Xs, x), append(points.Ys, math.Pow(x, exponent)*math.Exp(off*float64(k&1)))
	}
	fit, err := result.FitExponent(points)
	if err != nil {
		t.Fatal(err)
	}
	return fit
}

func TestExponentDecides(t *testing.T) {
	straight := fitted(t, 2, 0)
	shifted, narrowed := straight, fitted(t, 2, 0.05)
	shifted.Exponent, shifted.Low, shifted.High = 1.9, 1.9, 1.9 // of which its own points know nothing
	narrowed.Low, narrowed.High = narrowed.Exponent, narrowed.Exponent
	for name, test := range map[string]struct {
		fit            result.Fit
		predicted      float64
		decided, holds bool
	}{
		"exact":                              {straight, 2, true, true},
		"scatter of a thousandth":            {fitted(t, 2, 1e-3), 2, true, true},
		"off by a thousandth":                {fitted(t, 2.001, 0), 2, true, true},
		"a tenth away":                       {fitted(t, 1.9, 1e-3), 2, true, false},
		"a hundredth away":                   {fitted(t, 1.99, 1e-3), 2, true, false},
		"holds only because it scatters":     {fitted(t, 1.984, 0.04), 2, false, false},
		"a control that scatters":            {fitted(t, 2, 0.04), 1.9, false, false},
		"scatter that an interval denies":    {narrowed, 2, false, false},
		"a number that is not of its points": {shifted, 1.9, false, false},
		"an interval that is no use":         {fitted(t, 2, 1), 2, false, false},
		"no points":                          {result.Fit{Exponent: 2, Low: 2, High: 2}, 2, false, false},
		"no prediction":                      {straight, math.NaN(), false, false},
		"an infinite prediction":             {straight, math.Inf(1), false, false},
	} {
		t.Run(name, func(t *testing.T) {
			c := Exponent(name, test.fit, test.predicted)
			if c.Decided() != test.decided || c.Holds() != test.holds {
				t.Errorf("%s: decided %v, want %v; holds %v, want %v", c, c.Decided(), test.decided, c.Holds(), test.holds)
			}
		})
	}
}

// What is no measurement decides nothing, whatever it predicts: no check holds by what it leaves out.
func TestUndecided(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for name, test := range map[string]struct {
		check Check
		says  string
	}{
		"nothing at all":            {Check{}, "what was measured"},
		"no name":                   {Exact("", 0, 0, 0), "what was measured"},
		"not a number":              {Exact("x", 0, nan, 1), "no number was measured"},
		"an infinity":               {Exact("x", inf, inf, 1), "no number is predicted"},
		"infinite, finite expected": {Exact("x", 0, inf, 1), "no number was measured"},
		"above its interval":        {Between("x", 0, 5, 0, 0, 1), "outside its interval [0, 0]"},
		"below its interval":        {Between("x", 1, 0.5, 0.99, 1.01, 1), "outside its interval"},
		"an interval upside down":   {Between("x", 1, 1, 1.01, 0.99, 1), "outside its interval"},
		"an interval without ends":  {Between("x", 1, 1, nan, nan, 1), "outside its interval"},
		"too wide an interval":      {Between("x", 1, 1, 0, 2, 0), "[0, 2] is too wide"},
		"everything":                {Between("x", 1, 1, -inf, inf, 0), "too wide"},
		"any tolerance":             {Exact("x", 0, 5, inf), "no tolerance"},
		"a negative tolerance":      {Exact("x", 0, 0, -1), "no tolerance"},
		"no tolerance":              {Exact("x", 0, 0, nan), "no tolerance"},
		"scattered points":          {Exponent("x", fitted(t, 2, 0.04), 2), "off the fitted power law"},
	} {
		if c := test.check; c.Decided() || c.Holds() || !strings.Contains(c.String(), ": not decided, ") || !strings.Contains(c.String(), test.says) {
			t.Errorf("%s: %s, want it not decided and %q", name, c, test.says)
		}
	}
}

func TestIdenticalCountsEveryBit(t *testing.T) {
	next := math.Nextafter(1, 2)
	for name, test := range map[string]struct {
		a, b []float64
		want float64
	}{
		"equal":            {[]float64{1, 2}, []float64{1, 2}, 0},
		"last bit":         {[]float64{1, 2}, []float64{next, 2}, 1},
		"the sign of zero": {[]float64{0}, []float64{math.Copysign(0, -1)}, 1},
		"shorter":          {[]float64{1, 2, 3}, []float64{1}, 2},
		"both NaN":         {[]float64{math.NaN()}, []float64{math.NaN()}, 0},
	} {
		if c := Identical(name, test.a, test.b); c.measured != test.want || c.Holds() != (test.want == 0) {
			t.Errorf("%s, want %g", c, test.want)
		}
	}
}

func TestJudge(t *testing.T) {
	holds, refuted := Exact("holds", 1, 1, 0), Exact("refuted", 2, 1, 0)
	undecided := Between("undecided", 1, 1, 0, 2, 0)
	for _, test := range []struct {
		name             string
		checks, controls []Check
		want             Verdict
	}{
		{"as it should be", []Check{holds}, []Check{refuted}, True},
		{"one check refuted", []Check{holds, refuted}, []Check{refuted}, False},
		{"a control that holds", []Check{holds}, []Check{holds}, NotJudged},
		{"a control that decides nothing", []Check{holds}, []Check{undecided}, NotJudged},
		{"a check that decides nothing", []Check{holds, undecided}, []Check{refuted}, NotJudged},
		{"no control", []Check{holds}, nil, NotJudged},
		{"no check", nil, []Check{refuted}, NotJudged},
	} {
		if got := Judge(test.checks, test.controls); got != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
}

// soundCase has a check that holds and a control that is refuted.
func soundCase(setting string) Case {
	return Case{Setting: setting, Checks: []Check{Exact("x", 1, 1, 0)}, Controls: []Check{Exact("x", 2, 1, 0)}}
}

// The verdict counts the settings that are the claim's own, and none at all where a law fails.
func TestDecide(t *testing.T) {
	sound := soundCase("sound")
	agrees, beyond, illPosed, broken := sound, sound, sound, sound
	agrees.Agrees, beyond.Beyond, illPosed.IllPosed = true, true, true
	broken.Checks = broken.Controls
	for _, test := range []struct {
		name  string
		cases []Case
		want  Verdict
		says  string
	}{
		{"all agree", []Case{agrees, agrees}, True, ""},
		{"none agrees", []Case{sound, sound}, False, ""},
		{"some agree", []Case{agrees, sound}, Depends, ""},
		{"what lies beyond does not count", []Case{agrees, beyond}, True, ""},
		{"a sentence against itself", []Case{agrees, illPosed}, IllPosed, ""},
		{"a law fails", []Case{agrees, broken}, NotJudged, "law fails"},
		{"nothing measured", nil, NotJudged, "no case"},
	} {
		got, reason := decide(test.cases)
		if got != test.want || !strings.Contains(reason, test.says) {
			t.Errorf("%s: %s (%s), want %s", test.name, got, reason, test.want)
		}
	}
}

// What is no effective learning rate is an error: a reference with α, without η, or from another function, and runs that
// recorded nothing.
func TestEffectiveLearningRateRefuses(t *testing.T) {
	restored := func(s training.Settings) *training.Run {
		run, err := training.Restore(s, []float64{1}, nil)
		if err != nil {
			t.Fatal(err)
		}
		return run
	}
	eta := optim.Values{optim.LearningRate: 0.1}
	for name, test := range map[string]struct {
		reference training.Settings
		says      string
	}{
		"α":             {training.Settings{Alpha: 2, Hyper: eta}, "α = 1"},
		"no η":          {training.Settings{Alpha: 1}, "learning rate"},
		"same weights":  {training.Settings{Alpha: 1, Hyper: eta, Start: training.KeepWeights}, "KeepFunction"},
		"nothing to go": {training.Settings{Alpha: 1, Hyper: eta}, "UpdateNorm"},
	} {
		if _, err := EffectiveLearningRate(restored(test.reference), nil); err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: %v, want a word on %s", name, err, test.says)
		}
	}
}

// TestIntervalAsText prints no rounding, which differs from one processor to the next, and no sign of a zero.
func TestIntervalAsText(t *testing.T) {
	for _, row := range []struct {
		measured, low, high float64
		want                string
	}{
		{2.0000001, 1.9999998, 2.0000004, "measured 2:"},
		{-1e-9, -3e-9, 2e-9, "measured 0:"},
		{-1e-5, -2e-4, 1e-5, "measured 0.0000 [-0.0002, 0.0000]:"},
		{1.5, 1.4, 1.6, "measured 1.5000 [1.4000, 1.6000]:"},
		{3e-9, 3e-9, 3e-9, "measured 3e-09:"}, // no interval: a number as it is
	} {
		c := Between("x", 0, row.measured, row.low, row.high, 0)
		if got := c.String(); !strings.Contains(got, row.want) {
			t.Errorf("%s, want %q", got, row.want)
		}
	}
}

// TestChosenEffort is quick unless another effort is asked for by its name.
func TestChosenEffort(t *testing.T) {
	for value, want := range map[string]Effort{"": Quick, "quick": Quick, "full": Full} {
		t.Setenv(EffortVariable, value)
		if got := ChosenEffort(); got != want {
			t.Errorf("%q asks for %v, want %v", value, got, want)
		}
	}
}
