package sweep

import (
	"reflect"
	"testing"

	"alphascale/internal/declared"
	"alphascale/lib/optim"
	"alphascale/lib/training"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/gomlx/core/tensors"
)

// Whatever of the settings determines a run is part of its identity, or cannot be set in a sweep.
func TestEverySettingIsInTheIdentity(t *testing.T) {
	changes := map[string]any{
		"Alpha": 2.0, "Hyper": optim.Values{optim.LearningRate: 0.5}, "ScaledHyper": optim.Values{optim.LearningRate: 0.25},
		"Start": training.KeepWeights, "Seed": int64(7), "Steps": 3, "FirstStep": 2,
		"Initial": map[string]*tensors.Tensor{}, "Keep": true,
		"Groups": map[string]training.GroupSettings{"readout": {Alpha: 2}}, // of a group that the program has, see TestGroupsInIdentity
	}
	digest := func(s training.Settings) (string, error) {
		spec, err := Spec{Setup: small(t, optim.SGD, nil), Settings: s}.resolve()
		if err != nil {
			return "", err
		}
		p, err := spec.plan()
		if err != nil {
			return "", err
		}
		return p.jobs[0].digest, nil
	}
	plain, err := digest(training.Settings{})
	if err != nil {
		t.Fatal(err)
	}
	for field := range reflect.TypeFor[training.Settings]().Fields() {
		value, known := changes[field.Name]
		if !known {
			t.Errorf("Settings.%s is new: make it a part of Identity, or have a sweep refuse it, and add it to this test", field.Name)
			continue
		}
		var s training.Settings
		reflect.ValueOf(&s).Elem().FieldByIndex(field.Index).Set(reflect.ValueOf(value))
		if changed, err := digest(s); err == nil && changed == plain {
			t.Errorf("a run with another %s has the same identity", field.Name)
		}
	}
}

// Two starts with one name, or none, would share a run's file.
func TestEveryStartHasAName(t *testing.T) {
	names, err := declared.Constants("../training", "Start")
	if err != nil || len(names) < 3 {
		t.Fatalf("the starts that training declares: %v, %v", names, err)
	}
	taken := map[string]string{"": "no start"}
	for i, name := range names {
		text := starts[training.Start(i)]
		if other, is := taken[text]; is {
			t.Errorf("training.%s is called %q in the identity of a run, like %s: add it to starts", name, text, other)
		}
		taken[text] = name
	}
}

// A hyperparameter without a symbol would be an axis without a letter in a chart.
func TestEveryHyperHasASymbol(t *testing.T) {
	names, err := declared.Constants("../optim", "Hyper")
	if err != nil || len(names) != len(symbols) {
		t.Errorf("optim declares %v (%v), and symbols has %d", names, err, len(symbols))
	}
	for _, family := range optim.Families() {
		for name := range optim.Defaults(family) {
			if symbols[name] == "" {
				t.Errorf("%s of %s has no symbol: add it to symbols", name, family)
			}
		}
	}
}

// TestTrainingIsThatOfItsVersion compares short runs with what they were under the present programVersion. Whoever changes
// how weights are drawn, batches are taken, α enters or a run starts, changes a loss here: results on users' disks are then
// those of another way to train, which only another version tells apart.
func TestTrainingIsThatOfItsVersion(t *testing.T) {
	const version = 3
	want := map[training.Start][]float64{
		training.KeepFunction: {2.19530101064, 2.29874085912, 2.12535899937, 2.24535723724, 2.10277446231},
		training.KeepWeights:  {2.01002371809, 2.35388665465, 1.99698604111, 2.17606456818, 1.99488247273},
		training.ScaleWeights: {2.01002371809, 2.43052302807, 1.96623870089, 2.28600374372, 1.97849505804},
	}
	setup := small(t, optim.Adam, nil)
	setup.Config.DType, setup.Config.Batch, setup.Config.Steps = dtypes.Float64, 12, 5 // two batches and a remainder
	setup.Config.Optimizer = optim.New(setup.Family)
	p, err := training.Compile(setup.Config)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Finalize()
	for start, losses := range want {
		run, err := p.Run(training.Settings{Alpha: 2, Start: start, Seed: 7, FirstStep: 1, Hyper: optim.Values{optim.LearningRate: 0.01}})
		if err != nil {
			t.Fatal(err)
		}
		if len(run.Loss) != len(losses) || differsAt(run.Loss, losses, 1e-9) >= 0 || programVersion != version {
			t.Errorf("start %q: losses %.12g under version %d, and under %d they were %v: raise programVersion and put the new numbers here",
				starts[start], run.Loss, programVersion, version, losses)
		}
	}
}
