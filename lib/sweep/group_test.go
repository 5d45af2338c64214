package sweep

import (
	"fmt"
	"strings"
	"testing"

	"alphascale/lib/instrument"
	"alphascale/lib/network"
	"alphascale/lib/optim"
	"alphascale/lib/scaling"
	"alphascale/lib/training"
)

// readout is a network of three layers whose last is a group of its own.
func readout(t *testing.T) Setup {
	s := small(t, optim.SGD, func(m *network.MLP) { m.Hidden = []int{4, 4} })
	s.Config.Scaled = scaling.Select("/layer_*/dense/weights")
	s.Config.Groups = []training.Group{{Name: "readout", Variables: scaling.Under("/output")}}
	s.Config.Instruments = []instrument.Instrument{instrument.GradientNorm()}
	return s
}

// TestGroupsFold: what α multiplies folds with its own learning rate at every setting of a group, and no setting of a group is taken for
// another. Kept results are those of the same settings.
func TestGroupsFold(t *testing.T) {
	spec := Spec{Setup: readout(t), Folder: t.TempDir(), Axes: []Axis{
		Alpha(1, 2), ScaledHyper(optim.LearningRate, 0x1p-5, 0x1p-7), GroupAlpha("readout", 1, 4), GroupHyper("readout", optim.LearningRate, 0x1p-5, 0x1p-9),
	}}
	if runs, classes := classesOf(t, spec); runs != 16 || classes != 12 {
		t.Errorf("%d runs in %d classes, want 16 in 12", runs, classes)
	}
	folded := run(t, spec)
	plain := spec
	plain.NoFold, plain.Folder = true, t.TempDir()
	every := run(t, plain)
	sameRuns(t, folded, every)
	again := run(t, plain)
	if again.Computed != 0 {
		t.Errorf("%d runs were made again", again.Computed)
	}
	sameRuns(t, again, every)
	for i, p := range every.Points[1:] { // no two of the four settings of the group are one run
		if differsAt(p.Run.Loss, every.Points[i].Run.Loss, 0) < 0 {
			t.Errorf("%s is the run of %s", p.At, every.Points[i].At)
		}
	}
}

// Settings that state a group as it is anyway are the same run; a group's α tells runs apart.
func TestGroupsInIdentity(t *testing.T) {
	h := optim.Values{optim.LearningRate: 0.01}
	base := Spec{Setup: readout(t), Folder: t.TempDir(), Settings: training.Settings{Hyper: h}, Axes: []Axis{Alpha(1)}}
	run(t, base)
	for name, test := range map[string]struct {
		own      training.GroupSettings
		computed int
	}{
		"as it is": {training.GroupSettings{Alpha: 1, Hyper: h}, 0},
		"α":        {training.GroupSettings{Alpha: 2}, 1},
		"η":        {training.GroupSettings{Hyper: h.With(optim.LearningRate, 0.02)}, 1},
	} {
		s := base
		s.Settings.Groups = map[string]training.GroupSettings{"readout": test.own}
		if r := run(t, s); r.Computed != test.computed {
			t.Errorf("%s: %d runs were made, want %d", name, r.Computed, test.computed)
		}
	}
	stored, damaged, err := Load(base.Folder)
	if err != nil || len(stored) != 3 || len(damaged) > 0 {
		t.Fatalf("%d runs are stored, %v, %v", len(stored), damaged, err)
	}
	if columns := fmt.Sprint(TableOf(stored).Columns); !strings.Contains(columns, "group_readout_alpha") {
		t.Errorf("the table has the columns %s", columns)
	}
	base.Axes = []Axis{GroupAlpha("redout", 2)}
	if _, err := Run(t.Context(), base); err == nil || !strings.Contains(err.Error(), "redout") {
		t.Errorf("an axis of a group that is none: %v", err)
	}
}
