package training_test

import (
	"context"
	"fmt"
	"log"
	"slices"

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
		{Alpha: 4, Hyper: h, Seed: 1, ScaledHyper: compensated},
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

// ExampleGroup multiplies two layers by factors of their own and compensates each, so that the network trains as without.
func ExampleGroup() {
	config := training.Config{
		Subject:   subject.Of(network.MLP{Hidden: []int{16, 16}, Outputs: 10}.Model, dataset.Digits()),
		Optimizer: optim.New(optim.Adam), Steps: 20,
		Scaled: scaling.Nothing(), // no layer is multiplied by Settings.Alpha
		Groups: []training.Group{
			{Name: "first", Variables: scaling.Select("/layer_0/dense/weights")},
			{Name: "readout", Variables: scaling.Select("/output/dense/weights")},
		},
	}
	p, err := training.Compile(config)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer p.Finalize()
	plain := training.Settings{Alpha: 1, Hyper: optim.Values{optim.LearningRate: 0.002}, Seed: 1}
	multiplied := plain
	multiplied.Groups = map[string]training.GroupSettings{"first": {Alpha: 8}, "readout": {Alpha: 1. / 64}}
	compensated, err := p.Compensated(multiplied)
	if err != nil {
		fmt.Println(err)
		return
	}
	runs, err := p.RunAll(context.Background(), []training.Settings{plain, compensated, multiplied}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(compensated.Groups["readout"].Hyper)
	fmt.Println("the same with compensation:", slices.Equal(runs[0].Loss, runs[1].Loss))
	fmt.Println("the same without:", slices.Equal(runs[0].Loss, runs[2].Loss))
	// Output:
	// beta1=0.9 beta2=0.999 epsilon=1.5625e-10 learning_rate=0.128
	// the same with compensation: true
	// the same without: false
}
