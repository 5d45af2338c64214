package softsign

import (
	"strings"
	"testing"

	"alphascale/lib/dataset"
	"alphascale/lib/lawtest"
	"alphascale/lib/network"
	"alphascale/lib/optim"
	"alphascale/lib/scaling"
	"alphascale/lib/subject"
	"alphascale/lib/sweep"
	"alphascale/lib/training"
)

func TestL1(t *testing.T) {
	if errSoftSign != nil {
		t.Fatal(errSoftSign)
	}
	lawtest.L1(t, SoftSign, nil)
}

// swept varies α, η and σ. What is folded is computed as well, and compared.
func swept(t *testing.T, family optim.Family) *sweep.Result {
	t.Helper()
	net := network.MLP{Hidden: []int{8}, Outputs: 10, NoBias: true}
	spec := sweep.Spec{
		Setup: sweep.Setup{
			Label: net.String(), Family: family, Config: training.Config{Subject: subject.Of(net.Model, dataset.Digits().First(64)), Steps: 20},
		},
		Axes: []sweep.Axis{
			sweep.Alpha(1, 2), sweep.Hyper(optim.LearningRate, sweep.PowersOfTwo(-8, -7)...), sweep.Hyper(Softness, sweep.PowersOfTwo(-7, -6)...),
		},
		Settings: training.Settings{Seed: 1}, Folder: t.TempDir(), Verify: 8,
	}
	r, err := sweep.Run(t.Context(), spec)
	if err != nil {
		t.Fatal(err)
	}
	again, err := sweep.Run(t.Context(), spec)
	if err != nil || again.Computed != 0 || again.Found == 0 {
		t.Errorf("%d runs are found, %d made again (%v)", again.Found, again.Computed, err)
	}
	return r
}

// By hand: α = 2 has the effective α·η and σ/α of α = 1 once, for η = 2⁻⁸ and σ = 2⁻⁶.
func TestFolds(t *testing.T) {
	if r := swept(t, SoftSign); r.Mismatch != "" || len(r.Notes) > 0 || r.Distinct != 7 {
		t.Errorf("%d of 8 points are distinct, notes %q, mismatch %q", r.Distinct, r.Notes, r.Mismatch)
	}
}

// The control: with σ taken for a pure number other points fold, and they are not the same.
func TestAWrongUnitFoldsWrongly(t *testing.T) {
	wrong := rule("softsign_without_units")
	wrong.Units = map[optim.Hyper]optim.Unit{optim.LearningRate: weight, Softness: {}}
	family, err := optim.Define(wrong)
	if err != nil {
		t.Fatal(err)
	}
	if r := swept(t, family); r.Mismatch == "" {
		t.Errorf("%d of 8 points are distinct, without a mismatch", r.Distinct)
	}
}

func TestItsHyperparameterIsItsOwn(t *testing.T) {
	if h, err := scaling.Compensate(SoftSign, nil, 4); err != nil || h[Softness] != 0.04 || h[optim.LearningRate] != 0.00025 {
		t.Errorf("at α = 4 %v (%v)", h, err)
	}
	_, err := scaling.Compensate(optim.Adam, optim.Values{Softness: 0.01}, 4)
	if err == nil || !strings.Contains(err.Error(), "adam does not read softness: leave it out") {
		t.Errorf("of Adam: %v", err)
	}
	if q := sweep.Hyper(Softness, 1).Quantity; q.Check() != nil || q.Name != "softness" {
		t.Errorf("its axis is %+v", q)
	}
}
