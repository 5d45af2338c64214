package ownscale_test

import (
	"context"
	"fmt"

	"alphascale/lib/dataset"
	"alphascale/lib/law"
	"alphascale/lib/network"
	"alphascale/lib/optim"
	"alphascale/lib/ownscale"
	"alphascale/lib/subject"
)

// Half the learning rate doubles the memory of AdamW as libraries have it, and not that of AdamW as its authors write it.
func ExampleDecayOf() {
	for _, of := range []struct {
		family optim.Family
		lambda optim.Hyper
	}{{optim.AdamW, optim.WeightDecay}, {ownscale.PaperAdamW, ownscale.IndependentDecay}} {
		decay, err := ownscale.DecayOf(of.family, of.lambda)
		if err != nil {
			fmt.Println(err)
			return
		}
		for _, eta := range []float64{0.002, 0.001} {
			share, err := decay.Share(optim.Values{optim.LearningRate: eta, of.lambda: 0.1})
			if err != nil {
				fmt.Println(err)
				return
			}
			steps, err := law.Memory(share)
			fmt.Printf("%s, η = %g: %.0f steps (%v)\n", of.family, eta, steps, err)
		}
	}
	_, err := ownscale.DecayOf(optim.Adam, optim.L2)
	fmt.Println("Adam with λ in the gradient has none:", err != nil)
	// Output:
	// adamw, η = 0.002: 4999 steps (<nil>)
	// adamw, η = 0.001: 9999 steps (<nil>)
	// adamw_independent_decay, η = 0.002: 9 steps (<nil>)
	// adamw_independent_decay, η = 0.001: 9 steps (<nil>)
	// Adam with λ in the gradient has none: true
}

// An ε above the gradients makes an SGD of Adam: α acts with its square.
func ExampleEpsilon() {
	net := network.MLP{Hidden: []int{16}, Outputs: 10}
	check := ownscale.Epsilon{Subject: subject.Of(net.Model, dataset.Digits().First(64))}
	fits, err := check.Exponents(context.Background(), 1e-12, 1e3)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, fit := range fits {
		fmt.Printf("%s: α^%.2f, predicted α^%.2f\n", fit.Points.Label, fit.Exponent, fit.Predicted)
	}
	// Output:
	// ε = 1e-12: α^1.00, predicted α^1.00
	// ε = 1000: α^2.00, predicted α^2.00
}

// By which power of n does a step of Muon change what a layer puts out, with the factor of the reference implementation? A network's
// last layer is not like its hidden ones.
func ExampleFeatures() {
	for _, shape := range []ownscale.Shape{ownscale.HiddenLayer, ownscale.InputLayer, ownscale.OutputLayer} {
		power, err := ownscale.Features{Optimizer: optim.Muon, Shape: shape}.Power()
		fmt.Printf("%s: n^%g (%v)\n", shape.Name, power, err)
	}
	// Output:
	// n × n: n^0 (<nil>)
	// 64 × n: n^0 (<nil>)
	// n × 16: n^0.5 (<nil>)
}
