package lab_test

import (
	"context"
	"fmt"

	"alphascale/lib/lab"
	"alphascale/lib/optim"
	"alphascale/lib/training"
)

// An experiment asks the lab for settings, runs and predictions. In a lab with an error the prediction is another, and so are
// the compensated settings.
func ExampleLab() {
	right := lab.New(lab.Quick)
	defer right.Close()
	for _, l := range []*lab.Lab{right, right.WithError(0.5)} {
		p, err := l.LearningRateExponent(optim.SGD)
		if err != nil {
			fmt.Println(err)
			return
		}
		h := optim.Values{optim.LearningRate: 0.01}
		s, err := l.Compensate(optim.SGD, h, 4, 1)
		if err != nil {
			fmt.Println(err)
			return
		}
		s.Steps = 5
		without := training.Settings{Alpha: 1, Hyper: h, Seed: 1, Steps: 5}
		config := func() (training.Config, error) { return lab.Perceptron(optim.SGD), nil }
		runs, err := l.Run(context.Background(), "perceptron", config, without, s)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println("exponent", p, "the same losses:", runs[0].Loss[4] == runs[1].Loss[4])
	}
	// Output:
	// exponent 2 the same losses: true
	// exponent 2.5 the same losses: false
}
