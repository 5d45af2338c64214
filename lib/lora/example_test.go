package lora_test

import (
	"context"
	"fmt"

	"alphascale/lib/dataset"
	"alphascale/lib/lora"
	"alphascale/lib/network"
	"alphascale/lib/optim"
	"alphascale/lib/scaling"
	"alphascale/lib/subject"
	"alphascale/lib/training"
)

// A perceptron with adapters of rank 4 on its hidden layers is trained, and what was learned put into plain weights. From before a run is
// what the model has learned elsewhere; here it has learned nothing.
func ExampleAdapter() {
	of := subject.Of(network.MLP{Hidden: []int{64, 64}, Outputs: 10}.Model, dataset.Digits())
	adapter, err := lora.New(of, lora.Config{Weights: scaling.Select("/layer_*/dense/weights"), Rank: 4, Scale: lora.Hu(8)})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("alpha =", adapter.Alpha(), "on", adapter.Adapted())
	program, err := training.Compile(adapter.Training(training.Config{Subject: of, Optimizer: optim.New(optim.Adam), Steps: 20}))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer program.Finalize()
	settings := adapter.Settings(optim.Values{optim.LearningRate: 0.01}, nil, 1)
	settings.Keep = true
	run, err := program.Run(settings)
	if err != nil {
		fmt.Println(err)
		return
	}
	merged, rounding, err := adapter.Merge(run.Final)
	fmt.Println(merged["/layer_0/dense/weights"].Shape().Dimensions, rounding.Elements, "elements,", rounding.Lost, "updates lost", err)
	// Output:
	// alpha = 2 on [/layer_0/dense/weights /layer_1/dense/weights]
	// [64 64] 8192 elements, 0 updates lost <nil>
}

// A multiplier of 4 in front of A·B is, with Adam, twice the learning rate from an A that is twice as large, or four times that of B.
func ExampleMove_Hyper() {
	h := optim.Values{optim.LearningRate: 0.001}
	for _, m := range []lora.Move{{Alpha: 1. / 4, A: 2}, {Alpha: 1. / 4, A: 1}} {
		a, b, err := m.Hyper(optim.Adam, h)
		fmt.Println(a[optim.LearningRate], b[optim.LearningRate], err)
	}
	// Output:
	// 0.002 0.002 <nil>
	// 0.001 0.004 <nil>
}

// Which scale has the first step do as much at every rank hangs on the optimizer.
func ExampleScale_FirstStep() {
	for _, scale := range []lora.Scale{lora.Hu(16), lora.Kalajdzievski(16)} {
		for _, family := range []optim.Family{optim.SGD, optim.Adam} {
			power, err := scale.FirstStep(family)
			fmt.Printf("%s with %s: r^%g %v\n", scale.Name, family, power, err)
		}
	}
	// Output:
	// α/r with sgd: r^-1 <nil>
	// α/r with adam: r^0 <nil>
	// α/√r with sgd: r^0 <nil>
	// α/√r with adam: r^0.5 <nil>
}

// The power is measured on a model of one's own, here without adapters on more than its first layer.
func ExampleRanks() {
	fit, err := lora.Ranks{
		Subject: subject.Of(network.MLP{Hidden: []int{64}, Outputs: 10}.Model, dataset.Digits().First(200)),
		Weights: scaling.Select("/layer_0/dense/weights"), Scale: lora.Hu(8), Optimizer: optim.Adam, Ranks: []int{4, 8, 16, 32},
	}.Run(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("r⁰:", lora.Check(fit).Holds())
	// Output: r⁰: true
}
