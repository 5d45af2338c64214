package training_test

import (
	"math"
	"slices"
	"testing"

	"alphascale/lib/network"
	"alphascale/lib/optim"
	"alphascale/lib/training"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/dtypes/bfloat16"
	"github.com/gomlx/compute/dtypes/float16"
	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/ml/train"
	"github.com/gomlx/gomlx/ml/train/loss"
)

// describing is a configuration on 16 digits.
func describing(t *testing.T, m train.ModelFn) training.Config {
	t.Helper()
	c := digitsConfig(t, optim.SGD)
	c.Model, c.Batch, c.Backend = m, 16, nil
	return c
}

func digestOf(t *testing.T, c training.Config) string {
	t.Helper()
	d, err := training.Describe(c)
	if err != nil {
		t.Fatal(err)
	}
	return d.Digest
}

// inFront is an MLP with something done to its inputs, [batch, 64].
func inFront(of func(scope *model.Scope, x *Node) *Node) train.ModelFn {
	mlp := network.MLP{Hidden: []int{4}, Outputs: 10, NoBias: true}
	return func(scope *model.Scope, spec any, in []*Node) []*Node {
		return mlp.Model(scope, spec, []*Node{of(scope, in[0])})
	}
}

// with64 multiplies the inputs by 64 numbers, each converted by make, the last of which is the one given.
func with64[T any](last float32, make func(float32) T) train.ModelFn {
	return inFront(func(_ *model.Scope, x *Node) *Node {
		numbers := slices.Repeat([]T{make(1)}, 64)
		numbers[63] = make(last)
		return Mul(x, ConvertDType(Const(x.Graph(), [][]T{numbers}), x.DType()))
	})
}

// repeated runs a loop of two steps over the inputs, the body of which is given.
func repeated(body func(x *Node) *Node) train.ModelFn {
	return inFront(func(_ *model.Scope, x *Node) *Node {
		g := x.Graph()
		state := func(g *Graph) (i, x *Node) {
			return Parameter(g, "i", shapes.Make(dtypes.Int32)), Parameter(g, "x", shapes.Make(dtypes.Float32, 16, 64))
		}
		condition := NewClosure(g, func(g *Graph) []*Node {
			i, _ := state(g)
			return []*Node{LessThan(i, Const(g, int32(2)))}
		})
		loop := NewClosure(g, func(g *Graph) []*Node {
			i, x := state(g)
			return []*Node{Add(i, Const(g, int32(1))), body(x)}
		})
		return StopGradient(While(condition, loop, Const(g, int32(0)), x)[1])
	})
}

// Programs that do not compute the same have different digests; the same program has the same one.
func TestDigestTellsProgramsApart(t *testing.T) {
	identity := func(x float32) float32 { return x }
	permuted := func(a, b int32) train.ModelFn {
		return inFront(func(_ *model.Scope, x *Node) *Node {
			order := make([][]int32, 64)
			for i := range order {
				order[i] = []int32{int32(i)}
			}
			order[40][0], order[50][0] = a, b
			return Transpose(Gather(Transpose(x, 0, 1), Const(x.Graph(), order)), 0, 1)
		})
	}
	initialised := func(last float32) train.ModelFn {
		return inFront(func(scope *model.Scope, x *Node) *Node {
			numbers := slices.Repeat([]float32{1}, 64)
			numbers[63] = last
			scope = scope.WithInitializer(func(g *Graph, _ shapes.Shape) *Node { return Const(g, numbers) })
			return Mul(x, ExpandAxes(scope.VariableWithShape("factors", shapes.Make(dtypes.Float32, 64)).NodeValue(x.Graph()), 0))
		})
	}
	weighted := func(last float32) training.Config {
		c := describing(t, network.MLP{Outputs: 10}.Model)
		c.Loss = func(labels, predictions []*Node) *Node {
			numbers := slices.Repeat([]float32{1}, 40)
			numbers[39] = last
			each := loss.SparseCategoricalCrossEntropyLogits(labels, predictions)
			return Mul(ReduceAllMean(each), ReduceAllMean(Const(each.Graph(), numbers)))
		}
		return c
	}
	branch := func(yes, no float32) train.ModelFn {
		return inFront(func(_ *model.Scope, x *Node) *Node {
			g := x.Graph()
			constant := func(by float32) *Function {
				return NewClosure(g, func(g *Graph) []*Node { return []*Node{Const(g, by)} })
			}
			return Mul(x, If(GreaterThan(ReduceAllSum(StopGradient(x)), ScalarOne(g, x.DType())), constant(yes), constant(no))[0])
		})
	}
	of := func(m train.ModelFn) training.Config { return describing(t, m) }
	for name, configs := range map[string][]training.Config{
		"float32":               {of(with64(1, identity)), of(with64(100, identity)), of(with64(1.0000001, identity)), of(with64(-1, identity))},
		"zero and its negative": {of(with64(0, identity)), of(with64(float32(math.Copysign(0, -1)), identity))},
		"dtypes of the same numbers": {
			of(with64(2, identity)), of(with64(2, func(x float32) float64 { return float64(x) })), of(with64(2, float16.FromFloat32)),
			of(with64(2, bfloat16.FromFloat32)), of(with64(2, func(x float32) int32 { return int32(x) })),
		},
		"integers":       {of(with64(1, func(x float32) int64 { return int64(x) })), of(with64(2, func(x float32) int64 { return int64(x) }))},
		"a permutation":  {of(permuted(40, 50)), of(permuted(50, 40))},
		"an initializer": {of(initialised(1)), of(initialised(2))},
		"a loss":         {weighted(1), weighted(2)},
		"the body of a loop": {
			of(repeated(func(x *Node) *Node { return Add(x, x) })), of(repeated(func(x *Node) *Node { return Mul(x, x) })),
			of(repeated(func(x *Node) *Node { return Add(x, Const(x.Graph(), [][]float32{slices.Repeat([]float32{1}, 64)})) })),
			of(repeated(func(x *Node) *Node { return Add(x, Const(x.Graph(), [][]float32{slices.Repeat([]float32{2}, 64)})) })),
		},
		"the sides of a branch": {of(branch(1, 2)), of(branch(2, 1))},
	} {
		t.Run(name, func(t *testing.T) {
			seen := map[string]int{}
			for i, c := range configs {
				digest := digestOf(t, c)
				if other, found := seen[digest]; found {
					t.Errorf("%d and %d have the same digest", other, i)
				}
				seen[digest] = i
				if again := digestOf(t, c); again != digest {
					t.Errorf("%d has two digests", i)
				}
			}
		})
	}
}

// Each network and each optimizer has one digest, whenever it is asked for.
func TestDigestOfAProgramIsOne(t *testing.T) {
	for name, m := range map[string]train.ModelFn{
		"MLP":         network.MLP{Hidden: []int{4}, Outputs: 10, Norm: network.BatchNorm}.Model,
		"CNN":         network.CNN{Channels: []int{4}, Outputs: 10}.Model,
		"transformer": network.Transformer{Width: 16, Outputs: 10, Norm: network.LayerNorm}.Model,
	} {
		for _, family := range optim.Families() {
			c := describing(t, m)
			c.Optimizer, c.Instruments = optim.New(family, optim.ClipNorm), training.Norms()
			if first, second := digestOf(t, c), digestOf(t, c); first != second {
				t.Errorf("%s with %s has two digests", name, family)
			}
		}
	}
}
