package sweep

import (
	"math"
	"strings"
	"testing"

	"alphascale/lib/optim"

	"github.com/gomlx/gomlx/core/tensors"
)

// The versions of what computes are part of the name.
func TestModules(t *testing.T) {
	got := modules()
	if len(got) != 3 {
		t.Fatalf("modules %q", got)
	}
	for i, name := range []string{"gomlx v0.", "compute v0.", "go-xla v0."} {
		if !strings.HasPrefix(got[i], name) {
			t.Errorf("module %q, want %s…", got[i], name)
		}
	}
}

// A sweep in which runs diverge is like any other.
func TestDivergedIsAResult(t *testing.T) {
	s := Spec{
		Setup: small(t, optim.SGD, nil), Folder: t.TempDir(), Verify: 4,
		Axes: []Axis{Alpha(1, 4), Hyper(optim.LearningRate, 1./16, 1, 1e20, 16e20)},
	}
	r := run(t, s)
	g, err := r.Grid("alpha", "learning_rate", FinalLoss())
	if err != nil || !math.IsInf(g.Zs[2][1], 1) || math.IsInf(g.Zs[0][0], 1) || r.Mismatch != "" {
		t.Errorf("grid %v, mismatch %q, error %v", g.Zs, r.Mismatch, err)
	}
	sameRuns(t, run(t, s), r)
}

func TestSpecErrors(t *testing.T) {
	ok := func() Spec { return Spec{Setup: small(t, optim.SGD, nil), Progress: quiet} }
	for name, test := range map[string]struct {
		change func(*Spec)
		want   string
	}{
		"no values":     {func(s *Spec) { s.Axes = []Axis{Alpha(Geometric(-1, 1, 3)...)} }, "axis alpha has no values"},
		"twice a value": {func(s *Spec) { s.Axes = []Axis{Alpha(1, 1)} }, "twice"},
		"twice an axis": {func(s *Spec) { s.Axes = []Axis{Alpha(1), Alpha(2)} }, "two axes"},
		"no Build":      {func(s *Spec) { s.Axes = []Axis{Compiled("width", 1)} }, "set Build"},
		"unknown axis": {func(s *Spec) {
			setup := s.Setup
			s.Build = func(at At) (Setup, error) { at.Value("wdith"); return setup, nil }
		}, `"wdith"`},
		"keep":         {func(s *Spec) { s.Settings.Keep = true }, "Keep"},
		"initial":      {func(s *Spec) { s.Settings.Initial = map[string]*tensors.Tensor{} }, "Store"},
		"no optimizer": {func(s *Spec) { s.Family = "" }, "no optimizer"},
		"two":          {func(s *Spec) { s.Config.Optimizer = optim.New(optim.SGD) }, "both Family"},
		"family":       {func(s *Spec) { s.Family = "sdg" }, `"sdg"`},
		"alpha":        {func(s *Spec) { s.Axes = []Axis{Alpha(1, -1)} }, "negative"},
		"hyper":        {func(s *Spec) { s.Axes = []Axis{Hyper(optim.Beta1, 0.5)} }, "beta1"},
		"steps":        {func(s *Spec) { s.Settings.Steps = 99 }, "99 steps"},
		"batch":        {func(s *Spec) { s.Config.Batch = 99 }, "batch of 99"},
		"folder":       {func(s *Spec) { s.Folder = "/dev/null/x" }, "no folder"},
	} {
		t.Run(name, func(t *testing.T) {
			s := ok()
			test.change(&s)
			if _, err := Run(t.Context(), s); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one with %s", err, test.want)
			}
		})
	}
}
