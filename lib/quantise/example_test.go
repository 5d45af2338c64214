package quantise_test

import (
	"fmt"
	"math"

	"alphascale/lib/backend"
	"alphascale/lib/dataset"
	"alphascale/lib/network"
	"alphascale/lib/probe"
	"alphascale/lib/quantise"
	"alphascale/lib/subject"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/layers/activation"
)

// Two units, of which the first has large weights into it and small ones out of it. In four bits, Δ is a seventh of the
// largest weight: what the small ones are is lost, until the ranges are the same.
func ExampleEqualise() {
	matrix := func(flat ...float64) *tensors.Tensor {
		t, err := backend.Tensor(flat, shapes.Make(dtypes.Float64, 2, 2))
		if err != nil {
			fmt.Println(err)
		}
		return t
	}
	values := map[string]*tensors.Tensor{"/in/weights": matrix(64, 0.375, -24, 0.75), "/out/weights": matrix(0.25, -1, 16, 32)}
	pair := quantise.Pair{First: "/in/weights", Second: "/out/weights", Activation: activation.Relu, PowersOfTwo: true}
	equal, err := quantise.Equalise(values, pair)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, weights := range []map[string]*tensors.Tensor{values, equal} {
		rounded, err := quantise.Int(4).Weights(weights, pair.First)
		fmt.Printf("%v becomes %.1f (%v)\n", weights[pair.First].Value(), rounded[pair.First].Value(), err)
	}
	pair.Activation = activation.Gelu
	if _, err = quantise.Equalise(values, pair); err != nil {
		fmt.Println("GELU is refused")
	}
	// Output:
	// [[64 0.375] [-24 0.75]] becomes [[64.0 0.0] [-27.4 0.0]] (<nil>)
	// [[8 3] [-3 6]] becomes [[8.0 3.4] [-3.4 5.7]] (<nil>)
	// GELU is refused
}

// What is left of a model at rounded weights: its accuracy, and how far its outputs are from what they were.
func ExampleNetwork() {
	model := subject.Of(network.MLP{Hidden: []int{16}, Outputs: 10}.Model, dataset.Digits().First(200))
	start, err := probe.New(probe.Config{Subject: model, Seed: 1}) // a training would give the values in its Run.Final
	if err != nil {
		fmt.Println(err)
		return
	}
	values, err := start.Values()
	if err != nil {
		fmt.Println(err)
		return
	}
	whole, err := quantise.NewNetwork(model, values)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer whole.Finalize()
	for _, bits := range []int{12, 8, 4} {
		rounded, err := quantise.Int(bits).Weights(values, "/layer_0/dense/weights", "/output/dense/weights")
		if err != nil {
			fmt.Println(err)
			return
		}
		left, err := whole.At(rounded)
		fmt.Printf("%2d bits: error below %.0e (%v)\n", bits, math.Pow(10, math.Ceil(math.Log10(left.Error))), err)
	}
	// Output:
	// 12 bits: error below 1e-06 (<nil>)
	//  8 bits: error below 1e-04 (<nil>)
	//  4 bits: error below 1e-01 (<nil>)
}
