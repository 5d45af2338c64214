package scaling

import (
	"fmt"
	"maps"
	"path"
	"reflect"
	"slices"
	"strings"

	"alphascale/lib/optim"

	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/ml/train"
	"github.com/gomlx/gomlx/ml/train/metric"
	"github.com/gomlx/gomlx/ml/train/optimizer"
)

// stateScopes are the scopes of the root in which nothing is trained.
var stateScopes = []string{"/" + optimizer.Scope, "/training", train.TrainerAbsoluteScope, "/" + train.AccumulatedGradientsScope, "/" + metric.Scope}

// isState reports whether the variable holds what optimizers, training or a batch normalisation keep for themselves. A value
// from a file or from another store does not say so, and whoever creates a variable in GoMLX makes it trainable.
func isState(store *model.Store, v *model.Variable) bool {
	if !v.DType().IsFloat() || v.Name() == optimizer.GlobalStepVariableName {
		return true
	}
	within := func(scope string) bool { return strings.HasPrefix(v.Path(), scope+"/") }
	if slices.ContainsFunc(stateScopes, within) {
		return true
	}
	const weight = "/*"
	for slot := range optim.SlotPaths(weight) {
		scope, name, _ := strings.Cut(slot, weight)
		if within(scope) && (strings.HasSuffix(v.Path(), name) || v.Path() == scope+"/step") {
			return true
		}
	}
	if slices.ContainsFunc(optim.Known(), func(f optim.Family) bool { return v.Path() == optim.StepPath(f) }) {
		return true
	}
	const averaged = "avg_weight" // how much a batch normalisation's running statistics have seen
	statistic := slices.Contains([]string{"mean", "variance", averaged}, v.Name())
	return statistic && store.GetVariable(path.Join(v.Scope(), averaged)) != nil
}

// LoadVariables loads what a checkpoint of GoMLX would load when it is first asked for, which until then neither a list of the
// store's variables nor its clone has. Optimizer state among the store's variables is marked as not trainable. A loader that
// does not list what it has is an error.
func LoadVariables(store *model.Store) error {
	if err := loadAll(store); err != nil {
		return err
	}
	markState(store)
	return nil
}

func markState(store *model.Store) {
	for v := range store.IterVariables() {
		if isState(store, v) {
			v.SetTrainable(false)
		}
	}
}

// loadAll loads what the store's loader still has, in the order of paths.
func loadAll(store *model.Store) error {
	loader := store.Loader()
	if loader == nil {
		return nil
	}
	lister, lists := loader.(interface {
		LoadedVariables() map[string]*tensors.Tensor
	})
	if !lists {
		return fmt.Errorf("the store loads variables from a %T, which does not list them: get each by Store.GetVariable, "+
			"then call Store.SetLoader(nil)", loader)
	}
	// A checkpoint that is attached on top of another asks that one first, and does not list what it has.
	below := reflect.Indirect(reflect.ValueOf(loader)).FieldByName("prevStoreLoader")
	if below.IsValid() && !below.IsNil() {
		return fmt.Errorf("the store loads variables from two checkpoints or more, of which only the last lists them: build each " +
			"with checkpoint's Immediate()")
	}
	for _, key := range slices.Sorted(maps.Keys(lister.LoadedVariables())) {
		name := strings.TrimPrefix(key, "var:")
		if store.GetVariable(name) == nil {
			return fmt.Errorf("the checkpoint lists %s and does not load it: build it with checkpoint's Immediate()", name)
		}
	}
	return nil
}
