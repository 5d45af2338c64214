package lora

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"alphascale/lib/backend"

	"github.com/gomlx/gomlx/core/tensors"
	"gonum.org/v1/gonum/mat"
)

// Merge returns a copy of the values in which each adapted matrix is W₀ + alpha·A·B, computed in float64 and rounded once to its dtype,
// without the A, the B and the multiplier: the values of the model as it was, at no cost when it runs. Merged and adapted model give the
// same outputs up to that rounding.
//
// Values in which an adapted matrix lacks something are errors, and so is an element that the dtype cannot hold.
func (a *Adapter) Merge(values map[string]*tensors.Tensor) (map[string]*tensors.Tensor, Rounding, error) {
	out := maps.Clone(values)
	var r Rounding
	for _, weight := range a.Adapted() {
		before, delta, err := a.update(values, values, weight)
		if err != nil {
			return nil, Rounding{}, err
		}
		merged, err := added(weight, values[weight], before, delta, 1)
		if err != nil {
			return nil, Rounding{}, err
		}
		if err := r.add(weight, merged, before, delta); err != nil {
			return nil, Rounding{}, err
		}
		out[weight] = merged
		for _, path := range []string{PathA(weight), PathB(weight), PathAlpha(weight)} {
			delete(out, path)
		}
	}
	return out, r, nil
}

// Unmerge is the way back: with the A, B and multipliers that were merged, each adapted matrix is merged − alpha·A·B, and they stand beside
// it again. Elements come back bit for bit but for those that Rounding.OneWay counts, which are off by a last place. Who has kept W₀ needs no Unmerge. Errors are those of Merge.
func (a *Adapter) Unmerge(merged, adapters map[string]*tensors.Tensor) (map[string]*tensors.Tensor, error) {
	out := maps.Clone(merged)
	for _, weight := range a.Adapted() {
		is, delta, err := a.update(merged, adapters, weight)
		if err != nil {
			return nil, err
		}
		if out[weight], err = added(weight, merged[weight], is, delta, -1); err != nil {
			return nil, err
		}
		for _, path := range []string{PathA(weight), PathB(weight), PathAlpha(weight)} {
			out[path] = adapters[path]
		}
	}
	return out, nil
}

// Update is alpha·A·B of one adapted matrix, [inputs, outputs], in float64. A path that is not adapted is an error, and a value that
// is missing.
func (a *Adapter) Update(values map[string]*tensors.Tensor, weight string) (*mat.Dense, error) {
	if !slices.Contains(a.Adapted(), weight) {
		return nil, fmt.Errorf("%s is not adapted: there are %v", weight, a.Adapted())
	}
	first, err := matrixAt(values, PathA(weight))
	if err != nil {
		return nil, err
	}
	second, err := matrixAt(values, PathB(weight))
	if err != nil {
		return nil, err
	}
	alpha, err := valueAt(values, PathAlpha(weight))
	if err != nil {
		return nil, err
	}
	flat, err := backend.Floats(alpha)
	if err != nil {
		return nil, err
	}
	var u mat.Dense
	u.Mul(first, second)
	u.Scale(flat[0], &u)
	return &u, nil
}

// update returns the elements of a matrix and of what the adapters add to it.
func (a *Adapter) update(values, adapters map[string]*tensors.Tensor, weight string) (w, delta []float64, err error) {
	t, err := valueAt(values, weight)
	if err != nil {
		return nil, nil, err
	}
	if w, err = backend.Floats(t); err != nil {
		return nil, nil, err
	}
	u, err := a.Update(adapters, weight)
	if err != nil {
		return nil, nil, err
	}
	if delta = u.RawMatrix().Data; len(delta) != len(w) {
		return nil, nil, fmt.Errorf("%s has shape %s and A·B %d elements: give the values of one model", weight, t.Shape(), len(delta))
	}
	return w, delta, nil
}

// added is a tensor of the shape and dtype of like with the elements w + sign·delta, each rounded once.
func added(path string, like *tensors.Tensor, w, delta []float64, sign float64) (*tensors.Tensor, error) {
	sum := make([]float64, len(w))
	for i := range w {
		sum[i] = w[i] + sign*delta[i]
		// One that becomes zero is off by less than any other rounding.
		var beyond *backend.RangeError
		if _, err := backend.Hold("an element of "+path, sum[i], like.DType()); err != nil && !(errors.As(err, &beyond) && beyond.Holds == 0) {
			return nil, err
		}
	}
	return backend.Tensor(sum, like.Shape())
}

// matrixAt reads a matrix.
func matrixAt(values map[string]*tensors.Tensor, path string) (*mat.Dense, error) {
	t, err := valueAt(values, path)
	if err != nil {
		return nil, err
	}
	flat, err := backend.Floats(t)
	if err != nil {
		return nil, err
	}
	return mat.NewDense(t.Shape().Dim(0), t.Shape().Dim(1), flat), nil
}

func valueAt(values map[string]*tensors.Tensor, path string) (*tensors.Tensor, error) {
	if values[path] == nil {
		return nil, fmt.Errorf("no value of %s: pass those of the adapted model, such as the Final of its run", path)
	}
	return values[path], nil
}
