package network_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"alphascale/lib/backend"
	"alphascale/lib/network"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/layers"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/ml/train"
)

// open returns a backend.
func open(t *testing.T, get func() (compute.Backend, error)) compute.Backend {
	t.Helper()
	b, err := get()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// waves returns a float64 tensor of numbers between −1 and 1 without a pattern that matters.
func waves(t *testing.T, dims ...int) *tensors.Tensor {
	t.Helper()
	shape := shapes.Make(dtypes.Float64, dims...)
	flat := make([]float64, shape.Size())
	for i := range flat {
		flat[i] = math.Sin(1 + 1.7*float64(i) + 0.01*float64(i*i%97))
	}
	out, err := backend.Tensor(flat, shape)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// run executes a graph function once on float64 inputs, on the pure-Go backend.
func run(t *testing.T, store *model.Store, f func(scope *model.Scope, x *Node) []*Node, x *tensors.Tensor) [][]float64 {
	t.Helper()
	return runOn(t, open(t, backend.Interpreter), store, f, x)
}

func runOn(t *testing.T, b compute.Backend, store *model.Store, f func(scope *model.Scope, x *Node) []*Node,
	x *tensors.Tensor,
) [][]float64 {
	t.Helper()
	outputs, err := model.CallOnceN(b, store, f, x)
	if err != nil {
		t.Fatal(err)
	}
	out := make([][]float64, len(outputs))
	for i, o := range outputs {
		if out[i], err = backend.Floats(o); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// models lists one of each architecture, for 8 × 8 images and 10 classes.
var models = map[string]interface {
	Model(scope *model.Scope, spec any, inputs []*Node) []*Node
	String() string
}{
	"mlp":         network.MLP{Hidden: []int{9}, Outputs: 10, Norm: network.BatchNorm},
	"cnn":         network.CNN{Channels: []int{3, 4}, Outputs: 10, Norm: network.LayerNorm},
	"residual":    network.Residual{Width: 8, Blocks: 2, Outputs: 10, Norm: network.RMSNorm},
	"transformer": network.Transformer{Width: 8, Blocks: 2, Outputs: 10, Norm: network.LayerNorm},
	"weight norm": network.MLP{Hidden: []int{9}, Outputs: 10, Norm: network.WeightNorm},
}

func TestModels(t *testing.T) {
	for name, m := range models {
		for _, dims := range [][]int{{5, 64}, {5, 8, 8}} {
			store := model.NewStore()
			if err := store.SetRNGStateFromSeed(1); err != nil { // of some draws all nine units are dead for a row
				t.Fatal(err)
			}
			got := run(t, store, func(scope *model.Scope, x *Node) []*Node { return m.Model(scope, nil, []*Node{x}) }, waves(t, dims...))
			if len(got) != 1 || len(got[0]) != 50 {
				t.Errorf("%s on %v: %d outputs", name, dims, len(got[0]))
			}
			for _, x := range got[0] {
				if math.IsNaN(x) || math.IsInf(x, 0) || x == 0 {
					t.Errorf("%s on %v: output %v", name, dims, x)
				}
			}
			for v := range store.IterVariables() {
				if v.Shape().Rank() >= 2 && !strings.HasSuffix(v.Path(), "/weights") {
					t.Errorf("%s: a matrix is called %s", name, v.Path())
				}
			}
		}
	}
}

// TestUnfold compares the convolution with GoMLX's own, values and gradients, at both strides.
func TestUnfold(t *testing.T) {
	const channels = 3
	c := network.CNN{Channels: []int{channels, 2}, Outputs: 1, Activation: "none", NoBias: true}
	x := waves(t, 2, 7, 7) // odd: the border matters at stride 2
	store := model.NewStore()
	mine := run(t, store, func(scope *model.Scope, x *Node) []*Node {
		y := c.Model(scope, nil, []*Node{x})[0]
		return append([]*Node{y}, Gradient(ReduceAllSum(Square(y)), x)...)
	}, x)

	theirs := run(t, store, func(scope *model.Scope, x *Node) []*Node {
		g := x.Graph()
		kernel := func(path string, in, out int) *Node {
			return Reshape(scope.Store().GetVariable(path).NodeValue(g), 3, 3, in, out)
		}
		y := Convolve(InsertAxes(x, -1), kernel("/layer_0/dense/weights", 1, channels)).PadSame().Done()
		y = Convolve(y, kernel("/layer_1/dense/weights", channels, 2)).PadSame().Strides(2).Done()
		y = layers.Dense(scope.At("output"), Reshape(y, 2, -1), false, 1)
		return append([]*Node{y}, Gradient(ReduceAllSum(Square(y)), x)...)
	}, x)
	compare(t, mine, theirs, 1e-12)
}

// cloneWeights copies the weights of a store, not the running statistics.
func cloneWeights(t *testing.T, store *model.Store) *model.Store {
	t.Helper()
	out := model.NewStore()
	for v := range store.IterVariables() {
		if v.Trainable {
			if _, err := v.CloneToStore(out); err != nil {
				t.Fatal(err)
			}
		}
	}
	return out
}

// compare fails unless all numbers agree to a tolerance, relative to 1.
func compare(t *testing.T, got, want [][]float64, tolerance float64) {
	t.Helper()
	for i := range want {
		if len(got[i]) != len(want[i]) {
			t.Fatalf("output %d has %d numbers, want %d", i, len(got[i]), len(want[i]))
		}
		for j := range want[i] {
			if math.Abs(got[i][j]-want[i][j]) > tolerance {
				t.Fatalf("output %d[%d] = %v, want %v", i, j, got[i][j], want[i][j])
			}
		}
	}
}

func TestActivationsAreMarked(t *testing.T) {
	for name, want := range map[string][]string{
		"mlp":         {"/layer_0/relu"},
		"cnn":         {"/layer_0/relu", "/layer_1/relu"},
		"residual":    {"/block_0/inner/relu", "/block_1/inner/relu"},
		"transformer": {"/block_0/mlp/inner/relu", "/block_1/mlp/inner/relu"},
	} {
		var got []string
		run(t, model.NewStore(), func(scope *model.Scope, x *Node) []*Node {
			out := models[name].Model(scope, nil, []*Node{x})
			out = append(out, models[name].Model(scope.ResetVisited(), nil, []*Node{x})...) // twice in one graph
			for alias := range x.Graph().IterAliasedNodes() {
				got = append(got, alias)
			}
			return out
		}, waves(t, 2, 64))
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s marks %v, want %v", name, got, want)
		}
	}
}

func TestCheckRefuses(t *testing.T) {
	for _, test := range []struct {
		err  error
		says string
	}{
		{network.MLP{Outputs: 10}.Check(), ""},
		{network.MLP{Hidden: []int{4, 0}, Outputs: 10}.Check(), "hidden layer 1"},
		{network.MLP{}.Check(), "Outputs"},
		{network.MLP{Outputs: 1, Activation: "rellu"}.Check(), "rellu"},
		{network.MLP{Outputs: 1, Norm: "bach"}.Check(), "bach"},
		{network.MLP{Outputs: 1, Norm: "batch", NormEpsilon: math.NaN()}.Check(), "NaN"},
		{network.CNN{Outputs: 10}.Check(), "Channels"},
		{network.CNN{Channels: []int{0}, Outputs: 10}.Check(), "convolution 0"},
		{network.CNN{Channels: []int{1}}.Check(), "Outputs"},
		{network.Residual{Width: 4, Blocks: 1}.Check(), "0 outputs"},
		{network.Transformer{Outputs: 10}.Check(), ""},
		{network.Transformer{Outputs: 10, Heads: 3}.Check(), "3 heads"},
		{network.Transformer{Outputs: 10, Heads: -1}.Check(), "at least 1"},
		{network.Transformer{}.Check(), "at least 1"},
	} {
		if (test.says == "") != (test.err == nil) || test.err != nil && !strings.Contains(test.err.Error(), test.says) {
			t.Errorf("error %v should name %q", test.err, test.says)
		}
	}
}

// TestModelsFailAsErrors runs models on inputs that do not fit them: an error comes back, the process lives.
func TestModelsFailAsErrors(t *testing.T) {
	for name, test := range map[string]struct {
		model train.ModelFn
		dims  []int
	}{
		"not a square":   {network.CNN{Channels: []int{1}, Outputs: 1}.Model, []int{2, 60}},
		"not divisible":  {network.Transformer{Outputs: 1}.Model, []int{2, 60}},
		"not a network":  {network.MLP{}.Model, []int{2, 60}},
		"no norm so far": {network.Residual{Width: 1, Blocks: 1, Outputs: 1, Norm: "none"}.Model, []int{2, 60}},
	} {
		_, err := model.CallOnceN(open(t, backend.Interpreter), model.NewStore(), func(scope *model.Scope, x *Node) []*Node {
			return test.model(scope, nil, []*Node{x})
		}, waves(t, test.dims...))
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func ExampleMLP() {
	fmt.Println(network.MLP{Hidden: []int{64, 64}, Outputs: 10})
	fmt.Println(network.MLP{Hidden: []int{64}, Outputs: 10, Activation: "tanh", Norm: network.BatchNorm, NoBias: true})
	// Output:
	// MLP [64 64]-10 relu
	// MLP [64]-10 tanh batch-norm(ε=0.001) no-bias
}

func ExampleTransformer() {
	fmt.Println(network.Transformer{Outputs: 10, Norm: network.LayerNorm})
	fmt.Println(network.Transformer{Width: 48, Heads: 3, Blocks: 2, Outputs: 10, LogitScale: 1. / 16})
	// Output:
	// transformer 8×32, 1 block of 2 heads, logits × 0.25, 10 outputs, relu layer-norm(ε=0.001)
	// transformer 8×48, 2 blocks of 3 heads, logits × 0.0625, 10 outputs, relu
}
