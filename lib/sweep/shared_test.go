package sweep

import (
	"testing"

	"alphascale/lib/subject"

	"alphascale/lib/backend"
	"alphascale/lib/dataset"
	"alphascale/lib/network"
	"alphascale/lib/optim"
	"alphascale/lib/scaling"
	"alphascale/lib/training"
)

// small is a bias-free MLP on a few digits. It runs on the pure-Go backend, which needs no compilation.
func small(t testing.TB, family optim.Family, change func(*network.MLP)) Setup {
	t.Helper()
	setup, err := smallSetup(family, change)
	if err != nil {
		t.Fatal(err)
	}
	return setup
}

func smallSetup(family optim.Family, change func(*network.MLP)) (Setup, error) {
	interpreter, err := backend.Interpreter()
	if err != nil {
		return Setup{}, err
	}
	data := dataset.Digits()
	if data, err = data.Slice(0, 32); err != nil {
		return Setup{}, err
	}
	net := network.MLP{Hidden: []int{4}, Outputs: 10, NoBias: true}
	if change != nil {
		change(&net)
	}
	return Setup{
		Label: net.String(), Family: family,
		Config: training.Config{Subject: subject.Subject{Model: net.Model, Data: data, Backend: interpreter}, Steps: 12, Batch: 16},
	}, nil
}

func quiet(int, int) {}

func run(t testing.TB, s Spec) *Result {
	t.Helper()
	if s.Progress == nil {
		s.Progress = quiet
	}
	r, err := Run(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// sameRuns fails unless two results have the same loss and records, bit for bit, at every point.
func sameRuns(t testing.TB, got, want *Result) {
	t.Helper()
	if len(got.Points) != len(want.Points) {
		t.Fatalf("%d points, want %d", len(got.Points), len(want.Points))
	}
	for i, p := range got.Points {
		if p.Run == nil {
			t.Fatalf("%s has no run", p.At)
		}
		if step := differsAt(p.Run.Loss, want.Points[i].Run.Loss, 0); step >= 0 || len(p.Run.Loss) != len(want.Points[i].Run.Loss) {
			t.Fatalf("%s: the loss differs from step %d on", p.At, step)
		}
		theirs := want.Points[i].Run.Records()
		for k, record := range p.Run.Records() {
			if step := differsAt(record.Values, theirs[k].Values, 0); step >= 0 {
				t.Fatalf("%s: %s of %s is %g at step %d, want %g", p.At, record.Instrument, record.Path, record.Values[step], step,
					theirs[k].Values[step])
			}
		}
	}
}

// alteredExponent is a law that is wrong by a tenth of an exponent, in the learning rate.
func alteredExponent(family optim.Family, h optim.Values, alpha float64, holding ...scaling.Condition) (optim.Values, error) {
	return altered(family, h, alpha, 0.1, holding)
}
