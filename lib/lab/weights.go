package lab

import (
	"fmt"
	"maps"
	"slices"

	"alphascale/lib/backend"

	"github.com/gomlx/gomlx/core/tensors"
	"gonum.org/v1/gonum/floats"
)

// FlatWeights lists all values of the weights with the given paths, multiplied by a factor.
func FlatWeights(values map[string]*tensors.Tensor, paths []string, factor float64) ([]float64, error) {
	var out []float64
	for _, path := range paths {
		if values[path] == nil {
			return nil, fmt.Errorf("no weight %q was kept: there are %v", path, slices.Sorted(maps.Keys(values)))
		}
		flat, err := backend.Floats(values[path])
		if err != nil {
			return nil, err
		}
		out = append(out, flat...)
	}
	floats.Scale(factor, out)
	return out, nil
}
