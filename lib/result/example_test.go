package result_test

import (
	"fmt"
	"log"

	"alphascale/lib/result"
)

// Points on a power law have its exponent, with an interval of no width.
func ExampleFitExponent() {
	points := result.Series{
		Label: "learning rate", X: result.Alpha(), Y: result.Quantity{Name: "effective learning rate", Symbol: "αᵖη"},
		Xs: []float64{0.5, 1, 2, 4}, Ys: []float64{0.025, 0.1, 0.4, 1.6},
	}
	fit, err := result.FitExponent(points)
	if err != nil {
		log.Fatal(err)
	}
	fit.Predicted = 2
	fmt.Println(fit)
	fmt.Printf("%.3f\n", fit.At(8))
	// Output:
	// 2.000, predicted 2
	// 6.400
}
