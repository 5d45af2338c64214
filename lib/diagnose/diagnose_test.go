package diagnose_test

import (
	"strings"
	"testing"

	"alphascale/lib/diagnose"
	"alphascale/lib/optim"
	"alphascale/lib/training"
)

// TestSince is exact: numbers that are out of range from a known step on, made by hand.
func TestSince(t *testing.T) {
	const onset = 23
	loss, norm, ratio := make([]float64, steps), make([]float64, steps), make([]float64, steps)
	for i := range steps {
		loss[i], norm[i], ratio[i] = 1, 1, 0.01
		if i >= onset || i == 5 { // once before, which is no finding
			ratio[i] = 1.9
		}
	}
	r, err := training.Restore(training.Settings{Alpha: 1, Steps: steps}, loss, []training.Record{
		{Instrument: "gradient_norm", Path: "/a", Values: norm},
		{Instrument: "update_ratio", Path: "/a", Values: ratio},
	})
	if err != nil {
		t.Fatal(err)
	}
	findings := diagnose.Findings(r)
	if len(findings) != 1 || findings[0].Since != onset || findings[0].Path != "/a" || !strings.Contains(findings[0].String(), "rewrites") {
		t.Fatalf("%v", findings)
	}
	for i := range norm {
		norm[i] = 0
	}
	if findings = diagnose.Findings(r); len(findings) != 1 || !strings.Contains(findings[0].What, "zero") || findings[0].Since != 0 {
		t.Errorf("a gradient of zero: %v", findings)
	}
}

// TestGauges has a chart of the loss and one of each instrument, with thresholds for the length of the run, and does with
// less where less was recorded.
func TestGauges(t *testing.T) {
	r := newTrials(t).run(trial{depth: 3, optimizer: optim.SGD, hyper: eta(0.1)})
	watches := diagnose.Gauges(r)
	if len(watches) != 3 {
		t.Fatalf("%d charts", len(watches))
	}
	for i, w := range watches {
		if i > 0 && len(w.Series) != 4 || w.Steps != steps {
			t.Errorf("%s: %d curves over %g steps", w.Title, len(w.Series), w.Steps)
		}
		if thresholds := w.Low > 0 && w.High > w.Low; thresholds != (i > 1) {
			t.Errorf("%s: thresholds %g and %g", w.Title, w.Low, w.High)
		}
	}
	bare, err := training.Restore(training.Settings{Alpha: 1}, []float64{1, 2}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := diagnose.Gauges(bare); len(got) != 1 {
		t.Errorf("%d charts of a run that recorded its loss alone", len(got))
	}
	if got := diagnose.Findings(bare); len(got) != 0 {
		t.Errorf("found %v", got)
	}
}
