// A program of another module, which trains a small network with α = 2, compensated, and without.
package main

import (
	"fmt"
	"log"

	"alphascale/lib/backend"
	"alphascale/lib/dataset"
	"alphascale/lib/network"
	"alphascale/lib/optim"
	"alphascale/lib/scaling"
	"alphascale/lib/subject"
	"alphascale/lib/training"
)

func main() {
	opened, err := backend.Open()
	if err != nil {
		log.Fatal(err)
	}
	identity, err := backend.Identity()
	if err != nil {
		log.Fatal(err)
	}
	data := dataset.Digits()
	program, err := training.Compile(training.Config{
		Subject: subject.Of(network.MLP{Hidden: []int{8}, Outputs: 10}.Model, data), Optimizer: optim.New(optim.SGD), Steps: 20,
	})
	if err != nil {
		log.Fatal(err)
	}
	h := optim.Values{optim.LearningRate: 0.1}
	scaled, err := scaling.Compensate(optim.SGD, h, 2)
	if err != nil {
		log.Fatal(err)
	}
	for _, s := range []training.Settings{{Alpha: 1, Hyper: h}, {Alpha: 2, Hyper: h, ScaledHyper: scaled}} {
		run, err := program.Run(s)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println("loss", run.Loss[0], run.Loss[19])
	}
	fmt.Println("backend", opened.Name(), identity)
}
