package scaling

import (
	"fmt"
	"maps"
	"slices"

	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// ValuesOf returns the values of all variables of a store by path, optimizer state included, without copying them; a
// checkpoint's are loaded first (see LoadVariables, whose errors are passed on). A variable without a value (call
// Store.InitializeVariables first) is an error.
func ValuesOf(store *model.Store) (map[string]*tensors.Tensor, error) {
	if err := LoadVariables(store); err != nil {
		return nil, err
	}
	out := map[string]*tensors.Tensor{}
	for v := range store.IterVariables() {
		if !v.HasValue() {
			return nil, fmt.Errorf("variable %s has no value yet: call InitializeVariables on the store first", v.Path())
		}
		value, err := v.Value()
		if err != nil {
			return nil, fmt.Errorf("reading %s: %w", v.Path(), err)
		}
		out[v.Path()] = value
	}
	return out, nil
}

// SetValues gives copies of the values to a store, creating the variables that it lacks: trainable ones, except for what
// optimizers, training and batch normalisation keep for themselves. A value of another shape than its variable is an error.
func SetValues(store *model.Store, values map[string]*tensors.Tensor) error {
	for _, name := range slices.Sorted(maps.Keys(values)) {
		value, err := values[name].LocalClone()
		if err != nil {
			return fmt.Errorf("copying %s: %w", name, err)
		}
		v := store.GetVariable(name)
		if v == nil {
			_, err = store.CreateVariable(name, value)
		} else if err = sameShape(v, value); err == nil {
			err = v.SetValue(value)
		}
		if err != nil {
			return fmt.Errorf("setting %s: %w", name, err)
		}
	}
	markState(store)
	return nil
}

func sameShape(v *model.Variable, value *tensors.Tensor) error {
	if !v.Shape().Equal(value.Shape()) {
		return fmt.Errorf("a value of shape %s for a variable of shape %s", value.Shape(), v.Shape())
	}
	return nil
}

// RescaleStore is Rescale on the selected variables of a store. It changes nothing when it returns an error.
func RescaleStore(store *model.Store, selector Selector, factor float64, moments Moments) error {
	weights, err := pathsIn(store, selector)
	if err != nil {
		return err
	}
	return inStore(store, func(values map[string]*tensors.Tensor) (map[string]*tensors.Tensor, error) {
		return Rescale(values, weights, factor, moments)
	})
}

// RebalanceStore is Rebalance on the selected variables of a store. It changes nothing when it returns an error.
func RebalanceStore(store *model.Store, first, second Selector, factor float64, moments Moments) error {
	ones, err := pathsIn(store, first)
	if err != nil {
		return err
	}
	others, err := pathsIn(store, second)
	if err != nil {
		return err
	}
	return inStore(store, func(values map[string]*tensors.Tensor) (map[string]*tensors.Tensor, error) {
		return Rebalance(values, ones, others, factor, moments)
	})
}

// inStore replaces the values that change returns anew.
func inStore(store *model.Store, change func(map[string]*tensors.Tensor) (map[string]*tensors.Tensor, error)) error {
	before, err := ValuesOf(store)
	if err != nil {
		return err
	}
	after, err := change(before)
	if err != nil {
		return err
	}
	maps.DeleteFunc(after, func(name string, value *tensors.Tensor) bool { return before[name] == value })
	return SetValues(store, after)
}

// pathsIn lists the paths of the selected variables.
func pathsIn(store *model.Store, selector Selector) ([]string, error) {
	if err := LoadVariables(store); err != nil {
		return nil, err
	}
	picked, err := selector.Pick(slices.Collect(store.IterVariables()))
	if err != nil {
		return nil, err
	}
	paths := make([]string, len(picked))
	for i, v := range picked {
		paths[i] = v.Path()
	}
	return paths, nil
}
