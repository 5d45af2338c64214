package quantise_test

import (
	"math"
	"math/rand/v2"
	"sync"
	"testing"

	"alphascale/lib/backend"
	"alphascale/lib/dataset"
	"alphascale/lib/internal/testkit"
	"alphascale/lib/optim"
	"alphascale/lib/quantise"
	"alphascale/lib/subject"
	"alphascale/lib/training"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/layers"
	"github.com/gomlx/gomlx/ml/layers/activation"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/ml/train"
)

const (
	first  = "/layer_0/dense/weights"
	second = "/output/dense/weights"
	units  = 64
)

// pair is the two layers of perceptron.
func pair(between func(*Node) *Node) quantise.Pair {
	return quantise.Pair{First: first, Bias: "/layer_0/dense/biases", Second: second, Activation: between}
}

// perceptron is the oracle's network with an activation of one's choice.
func perceptron(between func(*Node) *Node) train.ModelFn {
	return func(scope *model.Scope, _ any, inputs []*Node) []*Node {
		x := between(layers.Dense(scope.In("layer_0"), inputs[0], true, units))
		x.WithAlias("/layer_0/relu")
		return []*Node{layers.Dense(scope.In("output"), x, true, 10)}
	}
}

func relu6(x *Node) *Node { return ClipScalar(x, 0, 6) }

// rows of the digits: the oracle trains on the first 1200 and tests on the others.
const trained = 1200

func testRows(t testing.TB) dataset.Set {
	t.Helper()
	digits := dataset.Digits()
	return testkit.Must[dataset.Set](t)(digits.Slice(trained, digits.Rows()))
}

// learned are the weights of three perceptrons with ReLU, each after as many steps as the oracle's takes at most.
func learned(t testing.TB) []map[string]*tensors.Tensor {
	t.Helper()
	return testkit.Must[[]map[string]*tensors.Tensor](t)(threeRuns())
}

var threeRuns = sync.OnceValues(func() (out []map[string]*tensors.Tensor, err error) {
	program, err := training.Compile(training.Config{
		Subject: subject.Of(perceptron(relu), dataset.Digits().First(trained)), Optimizer: optim.New(optim.Adam), Batch: 200, Steps: 1800,
	})
	if err != nil {
		return nil, err
	}
	defer program.Finalize()
	for seed := range int64(3) {
		run, err := program.Run(training.Settings{Alpha: 1, Hyper: optim.Values{optim.LearningRate: 0.001}, Seed: seed + 1, Keep: true})
		if err != nil {
			return nil, err
		}
		out = append(out, run.Final)
	}
	return out, nil
})

// imbalance are factors 2^−4 to 2^4, one for each unit.
func imbalance(seed uint64) []float64 {
	random, out := rand.New(rand.NewPCG(seed, 0xba1)), make([]float64, units)
	for j := range out {
		out[j] = math.Ldexp(1, random.IntN(9)-4)
	}
	return out
}

func permuted(factors []float64, seed uint64) []float64 {
	out := make([]float64, len(factors))
	for i, j := range rand.New(rand.NewPCG(seed, 0x9e4)).Perm(len(factors)) {
		out[i] = factors[j]
	}
	return out
}

func tensor(t testing.TB, dims []int, flat ...float64) *tensors.Tensor {
	t.Helper()
	return testkit.Must[*tensors.Tensor](t)(backend.Tensor(flat, shapes.Make(dtypes.Float64, dims...)))
}

func floats(t testing.TB, x *tensors.Tensor) []float64 {
	t.Helper()
	return testkit.Must[[]float64](t)(backend.Floats(x))
}

// normal are numbers of a standard normal distribution.
func normal(t testing.TB, seed uint64, dims ...int) *tensors.Tensor {
	t.Helper()
	random, size := rand.New(rand.NewPCG(seed, 0xd)), 1
	for _, n := range dims {
		size *= n
	}
	flat := make([]float64, size)
	for i := range flat {
		flat[i] = random.NormFloat64()
	}
	return tensor(t, dims, flat...)
}

// measured is a perceptron on the test rows.
func measured(t testing.TB, between func(*Node) *Node, dtype dtypes.DType, at map[string]*tensors.Tensor) *quantise.Network {
	t.Helper()
	s := subject.Of(perceptron(between), testRows(t))
	s.DType = dtype
	n := testkit.Must[*quantise.Network](t)(quantise.NewNetwork(s, at))
	t.Cleanup(n.Finalize)
	return n
}

var relu = activation.Relu
