package quantise_test

import (
	"math"
	"strings"
	"testing"

	"alphascale/lib/backend"
	"alphascale/lib/dataset"
	"alphascale/lib/internal/testkit"
	"alphascale/lib/quantise"
	"alphascale/lib/subject"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/layers/activation"
)

func small(t testing.TB) map[string]*tensors.Tensor {
	return map[string]*tensors.Tensor{
		"/a": normal(t, 1, 3, 4), "/bias": normal(t, 2, 4), "/b": normal(t, 3, 4, 2), "/wide": normal(t, 4, 5, 2),
		"/dead": tensor(t, []int{1, 4}, 1, 0, 2, 3), "/deaf": tensor(t, []int{4, 2}, 1, 1, 1, 1, 0, 0, 1, 1),
		"/lost": tensor(t, []int{1, 4}, 1, 2, math.Inf(1), 3),
	}
}

// What lets no factor through is refused by what it does, whatever it is called.
func TestActivationsAreTried(t *testing.T) {
	within := func(f func(*Node) *Node) quantise.Pair {
		return quantise.Pair{First: "/a", Second: "/b", Activation: f}
	}
	for name, f := range map[string]func(*Node) *Node{"ReLU": relu, "linear": quantise.Linear, "leaky": activation.LeakyRelu, "abs": Abs} {
		if _, err := quantise.Equalise(small(t), within(f)); err != nil {
			t.Errorf("%s is refused: %v", name, err)
		}
	}
	for name, f := range map[string]func(*Node) *Node{
		"GELU": activation.Gelu, "ReLU6": relu6, "tanh": Tanh, "swish": activation.Swish, "hard swish": activation.HardSwish, "square": Square,
		"ReLU that ends at 1000": func(x *Node) *Node { return ClipScalar(x, 0, 1000) },
		"softmax":                func(x *Node) *Node { return Softmax(x) },
		"layer norm": func(x *Node) *Node {
			return Div(x, Sqrt(ReduceAndKeep(Square(x), ReduceMean, -1)))
		},
	} {
		_, err := quantise.Equalise(small(t), within(f))
		if err == nil || !strings.Contains(err.Error(), "not positively homogeneous") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: error %v", name, err)
		}
		if _, err := quantise.Smooth(small(t), within(f), []float64{1, 1, 1, 1}, 0.5); err == nil {
			t.Errorf("%s passes through Smooth", name)
		}
	}
}

func TestPairsRefuse(t *testing.T) {
	good := quantise.Pair{First: "/a", Bias: "/bias", Second: "/b", Activation: relu}
	with := func(change func(*quantise.Pair)) quantise.Pair {
		p := good
		change(&p)
		return p
	}
	for says, p := range map[string]quantise.Pair{
		"do not pair: the last axis":             with(func(p *quantise.Pair) { p.Second = "/wide" }),
		"no variable \"/c\"":                     with(func(p *quantise.Pair) { p.First = "/c" }),
		"no variable \"/d\"":                     with(func(p *quantise.Pair) { p.Second = "/d" }),
		"no variable \"/e\"":                     with(func(p *quantise.Pair) { p.Bias = "/e" }),
		"they do not belong to one layer":        with(func(p *quantise.Pair) { p.Bias = "/b" }),
		"/a is both layers":                      with(func(p *quantise.Pair) { p.Second = "/a" }),
		"channel 1 of /dead is all zero":         with(func(p *quantise.Pair) { p.First, p.Bias = "/dead", "" }),
		"channel 2 of /deaf is all zero":         with(func(p *quantise.Pair) { p.Second = "/deaf" }),
		"channel 2 of /lost has the weight +Inf": with(func(p *quantise.Pair) { p.First = "/lost" }),
		"set the pair's Activation":              with(func(p *quantise.Pair) { p.Activation = nil }),
		"keeps every channel":                    with(func(p *quantise.Pair) { p.Activation = func(x *Node) *Node { return ReduceMax(x, 1) } }),
		"trying the activation":                  with(func(p *quantise.Pair) { p.Activation = func(*Node) *Node { panic("broken") } }),
	} {
		if _, err := quantise.Equalise(small(t), p); err == nil || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "\n") {
			t.Errorf("error %v does not say %q", err, says)
		}
	}
	if _, err := quantise.Equalise(small(t)); err == nil {
		t.Error("no pair is no error")
	}
	for says, factors := range map[string][]float64{
		"3 factors for the 4 channels": {1, 1, 1}, "factor 0 for channel 1": {1, 0, 1, 1}, "factor -1": {-1, 1, 1, 1}, "factor +Inf": {1, 1, 1, math.Inf(1)},
		"factor NaN": {1, 1, math.NaN(), 1},
	} {
		if out, err := good.Multiply(small(t), factors); err == nil || out != nil || !strings.Contains(err.Error(), says) {
			t.Errorf("error %v does not say %q", err, says)
		}
	}
	for says, try := range map[string]struct {
		x []float64
		a float64
	}{
		"strength of 2":           {[]float64{1, 1, 1, 1}, 2},
		"strength of NaN":         {[]float64{1, 1, 1, 1}, math.NaN()},
		"1 ranges of activations": {[]float64{1}, 0.5},
		"channel 3 of /b is NaN":  {[]float64{1, 1, 1, math.NaN()}, 0.5},
		"channel 0 of /b is -1":   {[]float64{-1, 1, 1, 1}, 0.5},
	} {
		if _, err := quantise.Smooth(small(t), good, try.x, try.a); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("error %v does not say %q", err, says)
		}
	}
}

func TestMultiplySaysWhatTheDTypeCannotHold(t *testing.T) {
	half := func(flat ...float64) *tensors.Tensor {
		return testkit.Must[*tensors.Tensor](t)(backend.Tensor(flat, shapes.Make(dtypes.Float16, 1, 1)))
	}
	values := map[string]*tensors.Tensor{"/a": half(4), "/b": half(1)}
	_, err := quantise.Pair{First: "/a", Second: "/b"}.Multiply(values, []float64{0x1p14})
	if err == nil || !strings.Contains(err.Error(), "an element of /a = 65536 becomes +Inf in Float16") {
		t.Errorf("error %v", err)
	}
}

func TestNetworksRefuse(t *testing.T) {
	digits := dataset.Digits().First(20)
	values := learned(t)[0]
	targets := digits
	targets.Labels, targets.Targets = nil, make([]float64, 20)
	without := map[string]*tensors.Tensor{first: values[first]}
	short := map[string]*tensors.Tensor{first: normal(t, 1, 2, 2)}
	for says, try := range map[string]struct {
		data dataset.Set
		at   map[string]*tensors.Tensor
	}{
		"has no labels": {targets, values}, "no variable \"/": {digits, without}, "the same architecture": {digits, short},
	} {
		if _, err := quantise.NewNetwork(subject.Of(perceptron(relu), try.data), try.at); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("error %v does not say %q", err, says)
		}
	}
	many := digits
	many.Classes = 11
	if _, err := quantise.NewNetwork(subject.Of(perceptron(relu), many), values); err == nil || !strings.Contains(err.Error(), "one a class") {
		t.Errorf("11 classes: error %v", err)
	}
	n := measured(t, relu, dtypes.Float64, values)
	if _, err := n.At(short); err == nil || !strings.Contains(err.Error(), first) {
		t.Errorf("a value of another shape: error %v", err)
	}
	_, err := quantise.InputRanges(subject.Of(perceptron(relu), digits), values, "/layer_1/relu")
	if err == nil || !strings.Contains(err.Error(), `"/layer_1/relu": there are [/layer_0/relu]`) {
		t.Errorf("an alias that there is not: error %v", err)
	}
}
