package sweep

import (
	"reflect"
	"testing"

	"alphascale/lib/optim"
	"alphascale/lib/training"

	"github.com/gomlx/gomlx/core/tensors"
)

// Whatever of the settings determines a run is part of its identity, or cannot be set in a sweep.
func TestEverySettingIsInTheIdentity(t *testing.T) {
	changes := map[string]any{
		"Alpha": 2.0, "Hyper": optim.Values{optim.LearningRate: 0.5}, "Scaled": optim.Values{optim.LearningRate: 0.25},
		"Start": training.KeepWeights, "Seed": int64(7), "Steps": 3, "FirstStep": 2,
		"Initial": map[string]*tensors.Tensor{}, "Keep": true,
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
