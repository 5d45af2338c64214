package sweep

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"

	"alphascale/lib/instrument"
	"alphascale/lib/network"
	"alphascale/lib/optim"
	"alphascale/lib/scaling"
	"alphascale/lib/training"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/ml/train/loss"
)

// On XLA, the sweep of the issue: 256 points, 46 runs, and a sample that agrees in every bit.
func TestGridOnXLA(t *testing.T) {
	setup := small(t, optim.SGD, nil)
	setup.Config.Backend = nil
	setup.Config.Instruments = training.Norms()
	s := Spec{
		Setup: setup, Folder: t.TempDir(), Verify: 6,
		Axes: []Axis{Alpha(PowersOfTwo(-8, 7)...), Hyper(optim.LearningRate, PowersOfTwo(-12, 3)...)},
	}
	r := run(t, s)
	if r.Mismatch != "" || r.Computed != 46+6 {
		t.Fatalf("%d runs, mismatch %q", r.Computed, r.Mismatch)
	}
	again := run(t, s)
	if again.Computed != 0 || again.Found != 52 {
		t.Errorf("a second time %d computed, %d found", again.Computed, again.Found)
	}
	sameRuns(t, again, r)
	g, err := r.Grid("alpha", "learning_rate", FinalLoss())
	if err != nil {
		t.Fatal(err)
	}
	if g.Zs[3][5] != g.Zs[5][4] { // α²·η
		t.Errorf("along a diagonal the loss is %g and %g", g.Zs[3][5], g.Zs[5][4])
	}
}

func TestStopsAndContinues(t *testing.T) {
	s := specOfChild(t, t.TempDir(), 3)
	ctx, stop := context.WithCancel(t.Context())
	calls := 0
	s.Progress = func(done, total int) {
		if calls++; done != calls || total != 30 {
			t.Errorf("progress says %d of %d at call %d", done, total, calls)
		}
		if done == 4 {
			stop()
		}
	}
	r, err := Run(ctx, s)
	if !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "run it again") {
		t.Fatalf("error %v", err)
	}
	there := 0
	for _, p := range r.Points {
		if p.Run != nil {
			there++
		}
	}
	if r.Computed < 4 || r.Computed > 6 || there < r.Computed {
		t.Errorf("%d runs and %d points after the stop", r.Computed, there)
	}
	if g, err := r.Grid("alpha", "learning_rate", FinalLoss()); err != nil || !anyNaN(g.Zs) {
		t.Errorf("the grid of a sweep that was stopped: %v %v", g.Zs, err)
	}
	s.Progress = quiet
	on := run(t, s)
	if on.Found != r.Computed || on.Found+on.Computed != 30 {
		t.Errorf("then %d found and %d computed", on.Found, on.Computed)
	}
	sameRuns(t, on, run(t, specOfChild(t, "", 3)))
}

func anyNaN(rows [][]float64) bool {
	for _, row := range rows {
		for _, x := range row {
			if math.IsNaN(x) {
				return true
			}
		}
	}
	return false
}

// Whatever changes a run changes its name; whatever does not, does not.
func TestIdentity(t *testing.T) {
	digest := func(change func(*Spec)) string {
		s := Spec{Setup: small(t, optim.SGD, withBias)}
		if change != nil {
			change(&s)
		}
		p, err := mustResolve(t, s).plan()
		if err != nil {
			t.Fatal(err)
		}
		return p.jobs[0].digest
	}
	same := digest(nil)
	for name, change := range map[string]func(*Spec){
		"repeated":  nil,
		"label":     func(s *Spec) { s.Label = "x" },
		"data name": func(s *Spec) { s.Config.Data.Name = "x" },
		"all steps": func(s *Spec) { s.Settings.Steps = 12 },
	} {
		if got := digest(change); got != same {
			t.Errorf("%s: another name, %s", name, got)
		}
	}
	seen := map[string]string{same: "the run itself"}
	other := func(change func(*network.MLP)) func(*Spec) {
		return func(s *Spec) {
			s.Setup = small(t, optim.SGD, func(m *network.MLP) { withBias(m); change(m) })
		}
	}
	for name, change := range map[string]func(*Spec){
		"alpha":       func(s *Spec) { s.Settings.Alpha = 2 },
		"start":       func(s *Spec) { s.Settings.Start = training.KeepWeights },
		"seed":        func(s *Spec) { s.Settings.Seed = 2 },
		"steps":       func(s *Spec) { s.Settings.Steps = 11 },
		"capacity":    func(s *Spec) { s.Config.Steps = 13 },
		"batch":       func(s *Spec) { s.Config.Batch = 8 },
		"hyper":       func(s *Spec) { s.Settings.Hyper = optim.Values{optim.LearningRate: 0.1} },
		"scaled":      func(s *Spec) { s.Settings.ScaledHyper = optim.Values{optim.LearningRate: 0.1} },
		"optimizer":   func(s *Spec) { s.Family = optim.SignSGD },
		"term":        func(s *Spec) { s.Terms = []optim.Hyper{optim.L2} },
		"selector":    func(s *Spec) { s.Config.Scaled = scaling.Under("/layer_0") },
		"instruments": func(s *Spec) { s.Config.Instruments = []instrument.Instrument{instrument.WeightNorm()} },
		"dtype":       func(s *Spec) { s.Config.DType = dtypes.Float64 },
		"loss":        func(s *Spec) { s.Config.Loss = doubled },
		"data":        func(s *Spec) { s.Config.Data = s.Config.Data.Shuffle(1) },
		"width":       other(func(m *network.MLP) { m.Hidden = []int{5} }),
		"activation":  other(func(m *network.MLP) { m.Activation = "tanh" }),
		"norm":        other(func(m *network.MLP) { m.Norm = network.LayerNorm }),
		"norm ε":      other(func(m *network.MLP) { m.Norm, m.NormEpsilon = network.LayerNorm, 1e-4 }),
		"initial weights": func(s *Spec) {
			net := s.Config.Model
			s.Config.Model = func(scope *model.Scope, spec any, inputs []*graph.Node) []*graph.Node {
				return net(scope.WithInitializer(ones), spec, inputs)
			}
		},
	} {
		got := digest(change)
		if before, double := seen[got]; double {
			t.Errorf("%s has the name of %s", name, before)
		}
		seen[got] = name
	}
}

func ones(g *graph.Graph, shape shapes.Shape) *graph.Node { return graph.Ones(g, shape) }

func doubled(labels, predictions []*graph.Node) *graph.Node {
	return graph.MulScalar(loss.SparseCategoricalCrossEntropyLogits(labels, predictions), 2)
}

func TestCompiledAxes(t *testing.T) {
	s := Spec{
		Build: func(at At) (Setup, error) {
			width := int(at.Value("width"))
			return smallSetup(optim.Family(at.Label("optimizer")), func(m *network.MLP) { m.Hidden = []int{width} })
		},
		Axes: []Axis{
			Choice("optimizer", "sgd", "signsgd"), Compiled("width", 3, 4), Alpha(1, 2),
			Hyper(optim.LearningRate, PowersOfTwo(-8, -6)...),
		},
	}
	r := run(t, s)
	if r.Computed != 2*5+2*4 { // 2a + b and a + b
		t.Errorf("%d runs", r.Computed)
	}
	narrow, err := r.Where("optimizer", 1)
	if err == nil {
		narrow, err = narrow.Where("width", 3)
	}
	if err != nil {
		t.Fatal(err)
	}
	if len(narrow.Points) != 6 || narrow.Points[0].At.Label("optimizer") != "signsgd" {
		t.Errorf("%d points at %s", len(narrow.Points), narrow.Points[0].At)
	}
	g, err := narrow.Grid("alpha", "learning_rate", FinalLoss())
	if err != nil || g.Zs[0][1] != g.Zs[1][0] {
		t.Errorf("grid %v, error %v", g.Zs, err)
	}
}
