package sweep

import (
	"testing"

	"alphascale/lib/optim"
	"alphascale/lib/training"

	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/ml/model/checkpoint"
)

// A sweep from a checkpoint starts from its weights, though GoMLX loads them when they are first asked for.
func TestSweepStartsFromACheckpoint(t *testing.T) {
	c := small(t, optim.SGD, nil).Config
	c.Store, c.Optimizer = model.NewStore(), optim.New(optim.SGD)
	p, err := training.Compile(c)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Finalize()
	saved, err := p.Run(training.Settings{Alpha: 1, Seed: 5, Keep: true})
	if err != nil {
		t.Fatal(err)
	}
	written, folder := model.NewStore(), t.TempDir()
	for path, value := range saved.Final {
		if _, err := written.CreateVariable(path, value); err != nil {
			t.Fatal(err)
		}
	}
	handler, err := checkpoint.Build(written).Dir(folder).Done()
	if err == nil {
		err = handler.Save()
	}
	if err != nil {
		t.Fatal(err)
	}
	s := Spec{Setup: small(t, optim.SGD, nil), Axes: []Axis{Alpha(1, 2), Hyper(optim.LearningRate, 0.125, 0.25)}}
	s.Config.Store = model.NewStore()
	if _, err := checkpoint.Load(s.Config.Store).Dir(folder).Done(); err != nil {
		t.Fatal(err)
	}
	onward, err := p.Run(training.Settings{Alpha: 1, Steps: 1, Initial: saved.Final})
	if err != nil {
		t.Fatal(err)
	}
	if got := run(t, s).Points[0].Run.Loss[0]; got != onward.Loss[0] {
		t.Errorf("the first loss is %g, and %g at the checkpoint's weights", got, onward.Loss[0])
	}
}
