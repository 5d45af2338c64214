package training_test

import (
	"math"
	"testing"

	"alphascale/lib/optim"
	"alphascale/lib/scaling"
	"alphascale/lib/training"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/ml/train/optimizer/cosineschedule"
)

// scheduled is a training whose model sets GoMLX's own cosine schedule of the learning rate, of one period.
func scheduled(t *testing.T, family optim.Family, set func(c *cosineschedule.Config)) training.Config {
	t.Helper()
	c := digitsConfig(t, family)
	c.Steps, c.Instruments = 60, training.Norms()
	inner := c.Model
	c.Model = func(scope *model.Scope, spec any, in []*graph.Node) []*graph.Node {
		schedule := cosineschedule.New(scope, in[0].Graph(), dtypes.Float32).LearningRate(0.1)
		set(schedule)
		schedule.Done()
		return inner(scope, spec, in)
	}
	return c
}

// The learning rate of each step is the schedule's: the step's length over the gradient's.
func TestScheduleOfTheModelIsHonoured(t *testing.T) {
	for name, set := range map[string]func(c *cosineschedule.Config){
		"steps":  func(c *cosineschedule.Config) { c.PeriodSteps(60) },
		"cycles": func(c *cosineschedule.Config) { c.NumCycles(1) }, // asks how many steps there will be
	} {
		r := run(t, compile(t, scheduled(t, optim.SGD, set)), training.Settings{Alpha: 1, Seed: 1})
		for step := range 60 {
			u, _ := r.Recorded("update_norm", "/output/dense/weights")
			g, _ := r.Recorded("gradient_norm", "/output/dense/weights")
			want := 0.1 * (1 + math.Cos(math.Pi*float64(step)/60)) / 2
			if got := u[step] / g[step]; math.Abs(got-want) > 1e-6 {
				t.Fatalf("%s: η is %g at step %d, want %g", name, got, step, want)
			}
		}
	}
}

// What compensates for α multiplies the schedule, so that the run is the one without α, bit for bit.
func TestScheduledRunIsCompensated(t *testing.T) {
	for _, family := range []optim.Family{optim.SGD, optim.Nesterov, optim.Adam} {
		p := compile(t, scheduled(t, family, func(c *cosineschedule.Config) { c.PeriodSteps(60) }))
		want := run(t, p, training.Settings{Alpha: 1, Seed: 1})
		h, err := scaling.Compensate(family, nil, 4)
		if err != nil {
			t.Fatal(err)
		}
		s := training.Settings{Alpha: 4, ScaledHyper: h, Seed: 1}
		if i := firstDifference(run(t, p, s).Loss, want.Loss); i >= 0 {
			t.Errorf("%s: differs at step %d", family, i)
		}
		delete(s.ScaledHyper, optim.LearningRate)
		if firstDifference(run(t, p, s).Loss, want.Loss) < 0 {
			t.Errorf("%s: the same without compensation of η, so the test tells nothing", family)
		}
		_, err = p.Run(training.Settings{Alpha: 1, Hyper: optim.Values{optim.LearningRate: 0.3}})
		wantError(t, err, "learning_rate = 0.3", "schedule", "leave it out")
	}
}
