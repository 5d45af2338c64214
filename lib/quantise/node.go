package quantise

import (
	. "github.com/gomlx/gomlx/core/graph"
	. "github.com/gomlx/gomlx/support/exceptions"
)

// Activations rounds a node of a model function as Round rounds a tensor, with a grid fitted to the batch that it is given, so
// that a model can be looked at whose activations are rounded as well. The gradient passes as if nothing were rounded (Bengio et
// al. 2013, the straight-through estimator). A graph-building function: it panics for a bit width that leaves no grid, and for
// floating-point formats, which it does not have.
func (q Quantiser) Activations(x *Node) *Node {
	if err := q.Check(); err != nil {
		Panicf("%v", err)
	}
	if !q.isInt() {
		Panicf("activations cannot be rounded to %s within a model: use quantise.Int", q.Name())
	}
	var axes []int // none reduces over all
	if q.perChannel {
		for axis := range x.Rank() - 1 {
			axes = append(axes, axis)
		}
	}
	largest := StopGradient(Abs(x))
	if !q.perChannel || len(axes) > 0 {
		largest = ReduceAndKeep(largest, ReduceMax, axes...)
	}
	step := DivScalar(largest, q.levels())
	step = Where(Equal(step, ZerosLike(step)), OnesLike(step), step) // what is all zero stays zero
	return Add(x, StopGradient(Sub(Mul(Round(Div(x, step)), step), x)))
}
