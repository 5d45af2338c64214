package backend

import (
	"fmt"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
)

// The operations of compute.Function are in the files beside this one, each noted with all its arguments and passed on. What
// a new version adds to it does not compile until it is here, so that nothing goes by unnoticed.

type value = compute.Value

func (f *recorder) Name() string                        { return f.in.Name() }
func (f *recorder) Builder() compute.Builder            { return f.builder }
func (f *recorder) Parent() compute.Function            { return f.parent }
func (f *recorder) Shape(v value) (shapes.Shape, error) { return f.in.Shape(v) }

func (f *recorder) Closure() (compute.Function, error) {
	inner, err := f.in.Closure()
	if err != nil {
		return nil, err
	}
	closure := f.builder.function(inner, f)
	f.note("Closure", closure)
	return closure, nil
}

func (f *recorder) Parameter(name string, shape shapes.Shape, sharding *compute.ShardingSpec) (value, error) {
	return f.one("Parameter", name, shape, sharding)(f.in.Parameter(name, shape, sharding))
}

// Constant notes the type of the elements too, which tells a bfloat16 from a float16 of the same bits.
func (f *recorder) Constant(flat any, dims ...int) (value, error) {
	noted := f.one("Constant", fmt.Sprintf("%T", flat), dims)
	if _, err := f.builder.w.Write(dtypes.UnsafeByteSliceFromAny(flat)); err != nil {
		return nil, fmt.Errorf("recording a constant: %w", err)
	}
	return noted(f.in.Constant(flat, dims...))
}

func (f *recorder) Return(outputs []value, shardings []*compute.ShardingSpec) error {
	f.note("Return", outputs, shardings)
	return f.in.Return(outputs, shardings)
}

func (f *recorder) Call(callee compute.Function, inputs ...value) ([]value, error) {
	return f.several("Call", callee, inputs)(f.in.Call(recorded(callee), inputs...))
}

func (f *recorder) Sort(comparator compute.Function, axis int, isStable bool, inputs ...value) ([]value, error) {
	return f.several("Sort", comparator, axis, isStable, inputs)(f.in.Sort(recorded(comparator), axis, isStable, inputs...))
}

func (f *recorder) While(cond, body compute.Function, initialState ...value) ([]value, error) {
	return f.several("While", cond, body, initialState)(f.in.While(recorded(cond), recorded(body), initialState...))
}

func (f *recorder) If(pred value, trueBranch, falseBranch compute.Function) ([]value, error) {
	return f.several("If", pred, trueBranch, falseBranch)(f.in.If(pred, recorded(trueBranch), recorded(falseBranch)))
}

// recorded is the function that the backend itself made.
func recorded(f compute.Function) compute.Function {
	if r, is := f.(*recorder); is {
		return r.in
	}
	return f
}
