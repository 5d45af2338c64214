package claim

import (
	"math"
	"strings"
	"testing"

	"alphascale/lib/optim"
	"alphascale/lib/result"
	"alphascale/lib/training"
)

func TestExponentDecides(t *testing.T) {
	fit := func(exponent, halfWidth float64) result.Fit {
		return result.Fit{Exponent: exponent, Low: exponent - halfWidth, High: exponent + halfWidth}
	}
	for name, test := range map[string]struct {
		fit            result.Fit
		predicted      float64
		decided, holds bool
	}{
		"exact":                      {fit(2, 0), 2, true, true},
		"within the interval":        {fit(1.98, 0.03), 2, true, true},
		"rounding":                   {fit(2.0005, 1e-7), 2, true, true},
		"a tenth away":               {fit(1.9, 1e-3), 2, true, false},
		"a tenth away, widest":       {fit(1.9, 0.039), 2, true, false},
		"an interval that is no use": {fit(2, 0.3), 2, false, false},
		"no measurement":             {fit(math.NaN(), 0), 2, false, false},
		"no prediction":              {fit(2, 0), math.NaN(), false, false},
	} {
		t.Run(name, func(t *testing.T) {
			c := Exponent(name, test.fit, test.predicted)
			if c.Decided() != test.decided || c.Holds() != test.holds {
				t.Errorf("%s: decided %v, want %v; holds %v, want %v", c, c.Decided(), test.decided, c.Holds(), test.holds)
			}
		})
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
		if c := Identical(name, test.a, test.b); c.Measured != test.want || c.Holds() != (test.want == 0) {
			t.Errorf("%s, want %g", c, test.want)
		}
	}
}

func TestJudge(t *testing.T) {
	holds := Check{What: "holds", Predicted: 1, Measured: 1, Low: 1, High: 1}
	refuted := Check{What: "refuted", Predicted: 2, Measured: 1, Low: 1, High: 1}
	undecided := Check{What: "undecided", Predicted: 1, Measured: 1, Low: 0, High: 2}
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

// The verdict counts the settings that are the claim's own, and none at all where a law fails.
func TestDecide(t *testing.T) {
	sound := Case{Checks: []Check{{}}, Controls: []Check{{Measured: 1, Low: 1, High: 1}}}
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
		c := Check{What: "x", Measured: row.measured, Low: row.low, High: row.high}
		if got := c.String(); !strings.Contains(got, row.want) {
			t.Errorf("%s, want %q", got, row.want)
		}
	}
}

// TestChosenEffort is quick unless it is asked for otherwise in so many words.
func TestChosenEffort(t *testing.T) {
	for value, want := range map[string]Effort{"": Quick, "quick": Quick, "full": Full} {
		t.Setenv(EffortVariable, value)
		if got := ChosenEffort(); got != want {
			t.Errorf("%q asks for %v, want %v", value, got, want)
		}
	}
}
