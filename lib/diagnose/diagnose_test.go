package diagnose_test

import (
	"fmt"
	"strings"
	"testing"

	"alphascale/lib/dataset"
	"alphascale/lib/diagnose"
	"alphascale/lib/network"
	"alphascale/lib/optim"
	"alphascale/lib/training"
)

const steps = 60

// run trains a perceptron of four layers, all of whose weights start α times as large.
func run(t *testing.T, alpha, eta float64, activation string) *training.Run {
	t.Helper()
	data, err := dataset.Digits()
	if err != nil {
		t.Fatal(err)
	}
	p, err := training.Compile(training.Config{
		Model: network.MLP{Hidden: []int{32, 32, 32}, Outputs: 10, Activation: activation}.Model, Data: data,
		Optimizer: optim.Must(optim.New(optim.SGD)), Steps: steps, Instruments: diagnose.Instruments(),
	})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Finalize()
	r, err := p.Run(training.Settings{Alpha: alpha, Hyper: optim.Values{optim.LearningRate: eta}, Start: training.KeepWeights, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestFindings runs what is healthy and what is not. The first row is the control: nothing may be found there.
func TestFindings(t *testing.T) {
	for _, row := range []struct {
		name       string
		alpha, eta float64
		activation string
		want       string // in the findings; nothing at all if empty
	}{
		{"healthy", 1, 0.1, "relu", ""},
		{"vanishing", 1. / 64, 0.1, "relu", "hardly move"},
		{"diverging", 16, 10, "none", "diverged"},
		{"has learned", 1, 0.5, "relu", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			var text strings.Builder
			findings := diagnose.Findings(run(t, row.alpha, row.eta, row.activation))
			for _, f := range findings {
				fmt.Fprintln(&text, f)
			}
			if row.want == "" && len(findings) > 0 || !strings.Contains(text.String(), row.want) {
				t.Errorf("found\n%swant %q", text.String(), row.want)
			}
			t.Log(text.String())
		})
	}
}

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

// TestWatches has a chart of the loss and one of each instrument, with thresholds for the length of the run, and does with
// less where less was recorded.
func TestWatches(t *testing.T) {
	r := run(t, 1, 0.1, "relu")
	watches := diagnose.Watches(r)
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
	if got := diagnose.Watches(bare); len(got) != 1 {
		t.Errorf("%d charts of a run that recorded its loss alone", len(got))
	}
	if got := diagnose.Findings(bare); len(got) != 0 {
		t.Errorf("found %v", got)
	}
}
