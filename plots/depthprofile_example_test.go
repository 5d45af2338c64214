package plots_test

import (
	"fmt"
	"math"

	"alphascale/lib/result"
	"alphascale/plots"
)

func ExampleDepthProfile() {
	layer := result.Quantity{Name: "layer"}
	gradient := result.Quantity{Name: "gradient norm", Symbol: "‖∂f/∂W‖"}
	var measured, predicted []result.Series
	for _, alpha := range []float64{0.5, 1, 2} {
		s := result.Series{Alpha: alpha, X: layer, Y: gradient}
		law := s
		for l := 1.0; l <= 8; l++ {
			// All eight layers are multiplied: the other seven scale the gradient of each.
			y := 0.3 * math.Pow(alpha, 7) * (1 + 0.1*l)
			s.Xs, s.Ys = append(s.Xs, l), append(s.Ys, y*(1+0.05*math.Sin(9*l+alpha)))
			law.Xs, law.Ys = append(law.Xs, l), append(law.Ys, y)
		}
		measured, predicted = append(measured, s), append(predicted, law)
	}
	figure, err := plots.DepthProfile(measured, predicted, plots.Title("Gradient by layer, all weights multiplied by α"))
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := plots.Show("depth-profile", figure); err != nil {
		fmt.Println(err)
	}
	fmt.Println(figure.Alt)
	// Output:
	// Gradient by layer, all weights multiplied by α. Gradient norm ‖∂f/∂W‖ by layer for 3 curves; α = 2⁻¹: from 0.00257 to 0.00417; α = 1: from 0.321 to 0.522; α = 2¹: from 40.1 to 65.7.
}
