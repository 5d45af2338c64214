package network

import (
	"fmt"
	"math"
	"testing"

	"alphascale/lib/backend"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/layers"
	"github.com/gomlx/gomlx/ml/layers/activation"
	"github.com/gomlx/gomlx/ml/model"
)

// TestLinear holds linear and columns against GoMLX's own layer: value, gradients, and a product with the Hessian, which goes
// through the gradients once more. In float64 they agree but for rounding; an odd batch takes linear GoMLX's way.
func TestLinear(t *testing.T) {
	b, err := backend.Open()
	if err != nil {
		t.Fatal(err)
	}
	for _, batch := range []int{2, 7, 8} {
		t.Run(fmt.Sprint(batch), func(t *testing.T) {
			dense := func(scope *model.Scope, x *Node, width int) *Node { return layers.Dense(scope, x, true, width) }
			want := derivatives(t, b, batch, dense)
			for name, own := range map[string]func(scope *model.Scope, x *Node, width int) *Node{
				"linear": func(scope *model.Scope, x *Node, width int) *Node { return linear(scope, x, true, width) },
				"columns": func(scope *model.Scope, x *Node, width int) *Node {
					return turned(columns(scope, turned(x), true, width))
				},
			} {
				got := derivatives(t, b, batch, own)
				for i := range want {
					if diff := math.Abs(got[i] - want[i]); diff > 1e-12*(1+math.Abs(want[i])) {
						t.Errorf("%s: number %d is %v, GoMLX's layer gives %v", name, i, got[i], want[i])
					}
				}
			}
		})
	}
}

// TestReLU holds the activation at its corner and where it must not hide a failure.
func TestReLU(t *testing.T) {
	b, err := backend.Open()
	if err != nil {
		t.Fatal(err)
	}
	x := []float64{-1, 0, math.Copysign(0, -1), 2, math.NaN(), math.Inf(1), math.Inf(-1)}
	out := MustNewExec(b, func(x *Node) []*Node {
		y := apply(activation.TypeRelu, x)
		return []*Node{y, Gradient(ReduceAllSum(y), x)[0]}
	}).MustCall(x)
	value, slope := out[0].Value().([]float64), out[1].Value().([]float64)
	for i, want := range []float64{0, 0, 0, 2, math.NaN(), math.Inf(1), 0} {
		if value[i] != want && !(math.IsNaN(want) && math.IsNaN(value[i])) {
			t.Errorf("relu(%v) = %v, want %v", x[i], value[i], want)
		}
	}
	for i, want := range []float64{0, 0, 0, 1} {
		if slope[i] != want {
			t.Errorf("relu'(%v) = %v, want %v", x[i], slope[i], want)
		}
	}
}

// derivatives returns the loss of a network of two such layers, its gradients with respect to weights and inputs, and the
// product of its Hessian by all of them with a direction.
func derivatives(t *testing.T, b compute.Backend, batch int, layer func(*model.Scope, *Node, int) *Node) []float64 {
	t.Helper()
	waves := func(g *Graph, shape shapes.Shape) *Node {
		return Reshape(Sin(MulScalar(Iota(g, shapes.Make(shape.DType, shape.Size()), 0), 1.7)), shape.Dimensions...)
	}
	store := model.NewStore()
	out, err := model.CallOnceN(b, store, func(scope *model.Scope, g *Graph) []*Node {
		scope = scope.WithInitializer(waves)
		x := waves(g, shapes.Make(dtypes.Float64, batch, 3))
		y := layer(scope.In("b"), Tanh(layer(scope.In("a"), x, 4)), 2) // an odd and an even number of inputs
		loss := ReduceAllSum(Mul(Square(y), waves(g, y.Shape())))
		at := []*Node{x}
		for v := range store.IterVariables() {
			at = append(at, v.NodeValue(g))
		}
		gradients, slope := Gradient(loss, at...), ScalarZero(g, dtypes.Float64)
		for _, d := range gradients {
			slope = Add(slope, ReduceAllSum(Mul(d, waves(g, d.Shape()))))
		}
		all := append(gradients, Gradient(slope, at...)...)
		for i, n := range all {
			all[i] = Reshape(n, -1)
		}
		return []*Node{Concatenate(append(all, Reshape(loss, 1)), 0)}
	})
	if err != nil {
		t.Fatal(err)
	}
	return out[0].Value().([]float64)
}
