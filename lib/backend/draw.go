package backend

import (
	"errors"
	"fmt"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// Draw gives each variable of the store that has no value its initial one, drawn by seed. They are drawn by the
// interpreter, so a seed means the same weights on every backend, and no backend compiles a program for them: XLA takes
// about as long for its random numbers as for a small network's training. Those of bfloat16 and float16 are drawn in float32
// and rounded: in so few digits a uniform number is now and then 0, and the normal one that is made of it infinite.
//
// The error says that the seed or an initializer cannot be used.
func Draw(store *model.Store, seed int64) (err error) {
	drawer, err := Interpreter()
	if err != nil {
		return err
	}
	if err := store.SetRNGStateFromSeed(seed); err != nil {
		return fmt.Errorf("seed %d: %w", seed, err)
	}
	var narrow []*model.Variable
	var own []shapes.Shape
	for v := range store.IterVariables() {
		if d := v.DType(); !v.HasValue() && (d == dtypes.Float16 || d == dtypes.BFloat16) {
			narrow, own = append(narrow, v), append(own, v.Shape())
			if err := reshape(v, shapes.Make(dtypes.Float32, v.Shape().Dimensions...)); err != nil {
				return err
			}
		}
	}
	defer func() {
		for i, v := range narrow {
			err = errors.Join(err, round(v, own[i]))
		}
	}()
	return Try("drawing the initial weights", func() {
		if err := store.InitializeVariables(drawer, nil); err != nil {
			panic(err)
		}
	})
}

// reshape gives a variable without a value another shape, in which it is then drawn.
func reshape(v *model.Variable, shape shapes.Shape) error {
	if err := v.SetValue(tensors.FromShape(shape)); err != nil {
		return fmt.Errorf("preparing %s: %w", v.Path(), err)
	}
	return v.Reset()
}

// round gives a variable its own shape again, and what was drawn for it, if anything was, rounded to it.
func round(v *model.Variable, shape shapes.Shape) error {
	if !v.HasValue() {
		return reshape(v, shape)
	}
	drawn, err := v.Value()
	if err != nil {
		return fmt.Errorf("reading what was drawn for %s: %w", v.Path(), err)
	}
	flat, err := Floats(drawn)
	if err != nil {
		return fmt.Errorf("reading what was drawn for %s: %w", v.Path(), err)
	}
	rounded, err := Tensor(flat, shape)
	if err != nil {
		return fmt.Errorf("rounding what was drawn for %s: %w", v.Path(), err)
	}
	return v.SetValue(rounded)
}
