package plots_test

import (
	"fmt"
	"math"

	"alphascale/lib/result"
	"alphascale/plots"
)

func ExampleNormAndAngle() {
	const rate, decay = 0.1, 0.01
	equilibrium := math.Sqrt(2 * rate * decay)
	var norms, angles []result.Series
	for _, alpha := range []float64{0.25, 1, 4} {
		norm := result.Series{Alpha: alpha, X: result.Step(), Y: result.Quantity{Name: "weight norm", Symbol: "‖w‖"}}
		angle := result.Series{Alpha: alpha, X: result.Step(), Y: result.Quantity{Name: "angle per step", Unit: "rad"}}
		square := alpha * alpha
		for step := range 4000 {
			gradient := 1 / math.Sqrt(square) // scale invariance
			norm.Xs, norm.Ys = append(norm.Xs, float64(step)), append(norm.Ys, math.Sqrt(square))
			angle.Xs = append(angle.Xs, float64(step))
			angle.Ys = append(angle.Ys, math.Atan(rate*gradient/math.Sqrt(square))*(1+0.05*math.Sin(float64(step*step))))
			square = square*math.Pow(1-rate*decay, 2) + math.Pow(rate*gradient, 2)
		}
		norms, angles = append(norms, norm), append(angles, angle)
	}
	figure, err := plots.NormAndAngle(norms, angles, equilibrium, plots.Title("SGD, η = 0.1, λ = 0.01, rescaled once by α"))
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := plots.Show("norm-and-angle", figure); err != nil {
		fmt.Println(err)
	}
	fmt.Println(figure.Alt)
	// Output:
	// SGD, η = 0.1, λ = 0.01, rescaled once by α. Weight norm ‖w‖ by step for 3 curves; α = 2⁻²: from 0.250 to 1.50; α = 1: from 1.00 to 1.50; α = 2²: from 4.00 to 1.50. Angle per step (rad) by step for 3 curves; α = 2⁻²: from 1.01 to 0.0448, lowest 0.0424 at 3391; α = 1: from 0.0997 to 0.0448, lowest 0.0424 at 3391; α = 2²: from 0.00625 to 0.0448, lowest 0.00601 at 6. The predicted equilibrium is 0.0447.
}
