package lora_test

import (
	"math/rand/v2"
	"sync"
	"testing"

	"alphascale/lib/backend"
	"alphascale/lib/dataset"
	"alphascale/lib/internal/testkit"
	"alphascale/lib/lora"
	"alphascale/lib/network"
	"alphascale/lib/optim"
	"alphascale/lib/scaling"
	"alphascale/lib/subject"
	"alphascale/lib/training"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/tensors"
)

const (
	first  = "/layer_0/dense/weights"
	second = "/layer_1/dense/weights"
)

type values = map[string]*tensors.Tensor

var mlp = network.MLP{Hidden: []int{32, 32}, Outputs: 10}

// odd and even are the digits of half of the classes each.
func half(t testing.TB, parity int) dataset.Set {
	t.Helper()
	digits := dataset.Digits()
	var rows []int
	for i, label := range digits.Labels {
		if label%2 == parity {
			rows = append(rows, i)
		}
	}
	return testkit.Must[dataset.Set](t)(digits.Pick(rows))
}

// pretrained are the weights of a perceptron that knows the even digits.
func pretrained(t testing.TB) values {
	t.Helper()
	return testkit.Must[values](t)(onceTrained())
}

var onceTrained = sync.OnceValues(func() (values, error) {
	digits := dataset.Digits()
	var even []int
	for i, label := range digits.Labels {
		if label%2 == 0 {
			even = append(even, i)
		}
	}
	data, err := digits.Pick(even)
	if err != nil {
		return nil, err
	}
	p, err := training.Compile(training.Config{Subject: subject.Of(mlp.Model, data), Optimizer: optim.New(optim.Adam), Batch: 64, Steps: 200})
	if err != nil {
		return nil, err
	}
	defer p.Finalize()
	run, err := p.Run(training.Settings{Alpha: 1, Hyper: optim.Values{optim.LearningRate: 0.003}, Seed: 1, Keep: true})
	if err != nil {
		return nil, err
	}
	return run.Final, nil
})

// adapter adapts both hidden matrices of mlp.
func adapter(t testing.TB, rank int, scale lora.Scale) *lora.Adapter {
	t.Helper()
	return testkit.Must[*lora.Adapter](t)(lora.New(subject.Of(mlp.Model, half(t, 1)), lora.Config{
		Weights: scaling.Select("/layer_*/dense/weights"), Rank: rank, Scale: scale,
	}))
}

// compiled is the training of an adapter on the odd digits.
func compiled(t testing.TB, a *lora.Adapter, family optim.Family, steps int, dtype dtypes.DType) *training.Program {
	t.Helper()
	p := testkit.Must[*training.Program](t)(training.Compile(a.Training(training.Config{
		Subject: subject.Subject{Data: half(t, 1), DType: dtype}, Optimizer: optim.New(family), Batch: 64, Steps: steps,
	})))
	t.Cleanup(p.Finalize)
	return p
}

func run(t testing.TB, p *training.Program, s training.Settings) *training.Run {
	t.Helper()
	return testkit.Must[*training.Run](t)(p.Run(s))
}

func rate(eta float64) optim.Values { return optim.Values{optim.LearningRate: eta} }

func floats(t testing.TB, x *tensors.Tensor) []float64 {
	t.Helper()
	return testkit.Must[[]float64](t)(backend.Floats(x))
}

func tensor(t testing.TB, dtype dtypes.DType, dims []int, flat ...float64) *tensors.Tensor {
	t.Helper()
	return testkit.Must[*tensors.Tensor](t)(backend.Tensor(flat, shapes.Make(dtype, dims...)))
}

// drawn are numbers by a function of a random one.
func drawn(t testing.TB, seed uint64, dtype dtypes.DType, of func(*rand.Rand) float64, dims ...int) *tensors.Tensor {
	t.Helper()
	random, flat := rand.New(rand.NewPCG(seed, 0x10a)), make([]float64, shapes.Make(dtype, dims...).Size())
	for i := range flat {
		flat[i] = of(random)
	}
	return tensor(t, dtype, dims, flat...)
}
