package lora

import (
	"fmt"
	"math"

	"github.com/gomlx/gomlx/core/tensors"
	"gonum.org/v1/gonum/mat"
)

// Parts are what the two factors of an adapted matrix add to x·alpha·A·B between two points of a run: root mean squares over the
// rows of x and the outputs.
type Parts struct{ A, B float64 }

// Parts returns them for inputs x of the matrix, rows one after the other: x·alpha·(A₁−A₀)·B₁ and x·alpha·A₀·(B₁−B₀), whose sum is
// the whole change. A path that is not adapted, inputs that are not rows for it and a value that is missing are errors.
func (a *Adapter) Parts(weight string, x []float64, before, after map[string]*tensors.Tensor) (p Parts, err error) {
	mixed := map[string]*tensors.Tensor{PathA(weight): before[PathA(weight)], PathB(weight): after[PathB(weight)], PathAlpha(weight): after[PathAlpha(weight)]}
	var u [3]*mat.Dense
	for i, values := range []map[string]*tensors.Tensor{before, mixed, after} {
		if u[i], err = a.Update(values, weight); err != nil {
			return Parts{}, err
		}
	}
	inputs, outputs := u[0].Dims()
	if len(x) == 0 || len(x)%inputs != 0 {
		return Parts{}, fmt.Errorf("%d numbers as inputs of %s: give rows of %d", len(x), weight, inputs)
	}
	rows := mat.NewDense(len(x)/inputs, inputs, x)
	size := func(to, from *mat.Dense) float64 {
		var d, y mat.Dense
		d.Sub(to, from)
		y.Mul(rows, &d)
		return mat.Norm(&y, 2) / math.Sqrt(float64(len(x)/inputs*outputs))
	}
	return Parts{A: size(u[2], u[1]), B: size(u[1], u[0])}, nil
}
