package explore_test

import (
	"context"
	"fmt"
	"log"

	"alphascale/lib/explore"
	"alphascale/lib/optim"
	"alphascale/lib/training"
)

// From the same function, the gradient with respect to every weight is α times as large.
func ExampleExplorer_At() {
	explorer := explore.New()
	defer explorer.Close()
	view, err := explorer.At(context.Background(), explore.Point{
		Alpha: 4, LearningRate: 0.02, Depth: 2, Activation: "tanh", Optimizer: optim.SGD, Start: training.KeepFunction,
	})
	if err != nil {
		log.Fatal(err)
	}
	without, with := view.Gradients[0], view.Gradients[1]
	for layer := range without.Ys {
		fmt.Printf("layer %d: × %.3f\n", layer+1, with.Ys[layer]/without.Ys[layer])
	}
	// Output:
	// layer 1: × 4.000
	// layer 2: × 4.000
	// layer 3: × 4.000
}
