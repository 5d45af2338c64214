package backend_test

import (
	"strings"
	"testing"

	"alphascale/lib/backend"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph"
)

// recorded is what is written while a graph of x, [4, 4], is built.
func recorded(t *testing.T, build func(x *Node) []*Node) string {
	t.Helper()
	interpreter, err := backend.Interpreter()
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	g := NewGraph(backend.Recording(interpreter, &text), "recorded")
	defer g.Finalize()
	if err := backend.Try("building", func() {
		outputs := build(Parameter(g, "x", shapes.Make(dtypes.Float32, 4, 4)))
		g.CurrentFunc().Return(outputs, nil)
	}); err != nil {
		t.Fatal(err)
	}
	return text.String()
}

// looped repeats a step on two matrices while a condition on them holds.
func looped(while func(a, b *Node) *Node, step func(a, b *Node) []*Node) func(x *Node) []*Node {
	return func(x *Node) []*Node {
		shape := x.Shape()
		pair := func(g *Graph) (a, b *Node) { return Parameter(g, "a", shape), Parameter(g, "b", shape) }
		condition := NewClosure(x.Graph(), func(g *Graph) []*Node { return []*Node{while(pair(g))} })
		body := NewClosure(x.Graph(), func(g *Graph) []*Node { return step(pair(g)) })
		return While(condition, body, x, Neg(x))
	}
}

// Graphs that differ in one argument are written differently, and each always alike.
func TestRecordingTellsGraphsApart(t *testing.T) {
	less := func(a, b *Node) *Node { return LessThan(ReduceAllSum(a), ReduceAllSum(b)) }
	keep := func(a, b *Node) []*Node { return []*Node{a, b} }
	one := func(of func(x *Node) *Node) func(x *Node) []*Node {
		return func(x *Node) []*Node { return []*Node{of(x)} }
	}
	graphs := []func(x *Node) []*Node{
		one(func(x *Node) *Node { return Transpose(x, 0, 1) }),
		one(func(x *Node) *Node { return Slice(x, AxisRange(0, 2)) }),
		one(func(x *Node) *Node { return Slice(x, AxisRange(1, 3)) }),
		one(func(x *Node) *Node { return ReduceSum(x, 0) }),
		one(func(x *Node) *Node { return ReduceSum(x, 1) }),
		one(func(x *Node) *Node { return Sub(x, Neg(x)) }),
		one(func(x *Node) *Node { return Sub(Neg(x), x) }),
		one(func(x *Node) *Node { return ConvertDType(x, dtypes.Float16) }),
		one(func(x *Node) *Node { return ConvertDType(x, dtypes.BFloat16) }),
		one(func(x *Node) *Node { return Iota(x.Graph(), x.Shape(), 0) }),
		one(func(x *Node) *Node { return Iota(x.Graph(), x.Shape(), 1) }),
		one(func(x *Node) *Node { return Dot(x, x).MatMul() }),
		one(func(x *Node) *Node { return Einsum("ij,kj->ik", x, x) }),
		func(x *Node) []*Node { return []*Node{x, Neg(x)} },
		func(x *Node) []*Node { return []*Node{Neg(x), x} },
		looped(less, keep),
		looped(less, func(a, b *Node) []*Node { return []*Node{b, a} }),
		looped(func(a, b *Node) *Node { return less(b, a) }, keep),
		looped(less, func(a, b *Node) []*Node { return []*Node{Add(a, b), b} }),
	}
	seen := map[string]int{}
	for i, build := range graphs {
		text := recorded(t, build)
		if other, found := seen[text]; found {
			t.Errorf("graphs %d and %d are written alike:\n%s", other, i, text)
		}
		seen[text] = i
		if recorded(t, build) != text {
			t.Errorf("graph %d is written in two ways", i)
		}
	}
}
