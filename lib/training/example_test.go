package training_test

import (
	"context"
	"fmt"
	"log"

	"alphascale/lib/subject"

	"alphascale/lib/dataset"
	"alphascale/lib/instrument"
	"alphascale/lib/network"
	"alphascale/lib/optim"
	"alphascale/lib/scaling"
	"alphascale/lib/training"
)

// One program serves every α. With every weight matrix multiplied by 4, and η and ε compensated, the run is the one without α.
func ExampleProgram_Run() {
	data := dataset.Digits()
	program, err := training.Compile(training.Config{
		Subject:   subject.Of(network.MLP{Hidden: []int{16}, Outputs: data.Classes}.Model, data),
		Optimizer: optim.New(optim.Adam),
		Steps:     50,
	})
	if err != nil {
		log.Fatal(err)
	}
	defer program.Finalize()

	h := optim.Values{optim.LearningRate: 1. / 256, optim.Epsilon: 1e-8}
	compensated, err := scaling.Compensate(optim.Adam, h, 4)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(compensated)
	var runs []*training.Run
	for _, settings := range []training.Settings{
		{Alpha: 1, Hyper: h, Seed: 1},
		{Alpha: 4, Hyper: h, Seed: 1, Scaled: compensated},
		{Alpha: 4, Hyper: h, Seed: 1},
	} {
		run, err := program.Run(settings)
		if err != nil {
			log.Fatal(err)
		}
		runs = append(runs, run)
	}
	for _, run := range runs[1:] {
		same := 0
		for step, loss := range run.Loss {
			if loss == runs[0].Loss[step] {
				same++
			}
		}
		fmt.Printf("%d of %d losses are those without α, to the last bit\n", same, len(run.Loss))
	}
	// Output:
	// beta1=0.9 beta2=0.999 epsilon=4e-08 learning_rate=0.0009765625
	// 50 of 50 losses are those without α, to the last bit
	// 1 of 50 losses are those without α, to the last bit
}

// How the activations of a layer were spread at the first step and at the last: bins are recorded as instruments, and put
// together afterwards. Between −1 and 1 lies all that tanh can give.
func ExampleRun_Histogram() {
	data := dataset.Digits()
	bins := instrument.Histogram{-1.01, -0.5, 0, 0.5, 1.01}
	runs, err := training.Train(context.Background(), training.Config{
		Subject:   subject.Of(network.MLP{Hidden: []int{16}, Outputs: data.Classes, Activation: "tanh"}.Model, data),
		Optimizer: optim.New(optim.SGD), Steps: 50, Instruments: bins.Instruments(),
	}, nil, training.Settings{Alpha: 1, Seed: 1, Hyper: optim.Values{optim.LearningRate: 0.5}})
	if err != nil {
		log.Fatal(err)
	}
	for _, step := range []int{0, 49} {
		s, err := runs[0].Histogram(bins, "/layer_0", step)
		if err != nil {
			log.Fatal(err)
		}
		inner, outer := s.Ys[1]+s.Ys[2], s.Ys[0]+s.Ys[3]
		fmt.Printf("step %d: together %.3f, most between −0.5 and 0.5: %t\n", step, inner+outer, inner > outer)
	}
	// Output:
	// step 0: together 1.000, most between −0.5 and 0.5: true
	// step 49: together 1.000, most between −0.5 and 0.5: false
}
