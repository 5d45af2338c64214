package frameworks_test

import (
	"testing"

	"alphascale/lib/frameworks"
	"alphascale/lib/optim"
	"alphascale/lib/result"
	"alphascale/lib/scaling"
	"alphascale/lib/subject"
	"alphascale/lib/training"
)

// TestGoMLXTrainsTheSame: from the same weights on the same batches, GoMLX has the losses that each framework has in the table, up to
// rounding. So all of them train one network, and the table's losses are not of another.
func TestGoMLXTrainsTheSame(t *testing.T) {
	program, err := training.Compile(training.Config{
		Subject:   subject.Of(frameworks.Perceptron().Model, frameworks.Data()),
		Optimizer: optim.New(optim.SGD), Batch: frameworks.Batch, Steps: frameworks.Steps, Scaled: scaling.Everything(),
	})
	if err != nil {
		t.Fatal(err)
	}
	defer program.Finalize()
	run, err := program.Run(training.Settings{Alpha: 1, Hyper: optim.Values{optim.LearningRate: 0.1}, Initial: frameworks.Initial()})
	if err != nil {
		t.Fatal(err)
	}
	for _, framework := range frameworks.All() {
		name := map[string]string{frameworks.Torch: "SGD", frameworks.Keras: "SGD", frameworks.Optax: "sgd"}[framework]
		without, _, err := frameworks.Fan(framework, name)
		if err != nil {
			t.Fatal(err)
		}
		for _, curve := range without {
			d := result.RelativeDifference(curve.Ys, run.Loss)
			if same := d < 1e-3; same != (curve.Alpha == 1) {
				t.Errorf("%s at α = %g is off GoMLX without α by %g", framework, curve.Alpha, d)
			}
		}
	}
}
