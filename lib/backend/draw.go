package backend

import (
	"fmt"

	"github.com/gomlx/gomlx/ml/model"
)

// Draw gives each variable of the store that has no value its initial one, drawn by seed. They are drawn by the
// interpreter, so a seed means the same weights on every backend, and no backend compiles a program for them: XLA takes
// about as long for its random numbers as for a small network's training.
//
// The error says that the seed or an initializer cannot be used.
func Draw(store *model.Store, seed int64) error {
	drawer, err := Interpreter()
	if err != nil {
		return err
	}
	if err := store.SetRNGStateFromSeed(seed); err != nil {
		return fmt.Errorf("seed %d: %w", seed, err)
	}
	return Try("drawing the initial weights", func() {
		if err := store.InitializeVariables(drawer, nil); err != nil {
			panic(err)
		}
	})
}
