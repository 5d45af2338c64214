package width_test

import (
	"context"
	"fmt"

	"alphascale/lib/dataset"
	"alphascale/lib/network"
	"alphascale/lib/optim"
	"alphascale/lib/width"

	"github.com/gomlx/gomlx/ml/train"
)

// Under SGD a multiplier of n^(−1/2) in front of a hidden layer is a start that is smaller by as much, and a learning rate n times as
// small.
func ExampleABC_Shifted() {
	ntk, err := width.NTK().Of(width.Hidden, optim.SGD)
	if err != nil {
		fmt.Println(err)
		return
	}
	inWeights, err := ntk.Shifted(-ntk.A, optim.SGD)
	fmt.Println(inWeights, err)
	// Output: {0 0.5 1} <nil>
}

// A perceptron in μP, whose author has forgotten that the last layer is drawn smaller: the hidden layer moves more, the wider it is.
func ExampleCheck() {
	recipe := width.MaximalUpdate().With("μP with a bug", func(role width.Role, x *width.ABC) {
		if role == width.Output {
			x.B = 0.5
		}
	})
	models := func(n int) train.ModelFn { return network.MLP{Hidden: []int{n, n}, Outputs: 10, NoBias: true}.Model }
	check := width.Check{
		Family: width.Family{Models: models, Optimizer: optim.Adam, Parametrisation: recipe},
		Data:   dataset.Digits(), Widths: []int{64, 96, 128, 192, 256},
	}
	layers, err := check.Run(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, l := range layers {
		if err := l.Expect(width.MaximalUpdate(), optim.Adam); err != nil {
			fmt.Println(err)
		}
		fmt.Printf("%s as in μP: %v\n", l.Path, l.Check().Holds())
	}
	// Output:
	// /layer_0/dense/weights as in μP: false
	// /layer_1/dense/weights as in μP: false
	// /output/dense/weights as in μP: true
}
