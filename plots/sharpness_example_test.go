package plots_test

import (
	"fmt"
	"math"

	"alphascale/lib/result"
	"alphascale/plots"
)

func ExampleSharpness() {
	const rate = 0.05
	var runs []result.Series
	var thresholds []float64
	for _, alpha := range []float64{0.5, 1, 2} {
		threshold := 2 / (alpha * alpha * rate)
		s := result.Series{Alpha: alpha, X: result.Step(), Y: result.Quantity{Name: "largest Hessian eigenvalue", Symbol: "h"}}
		for step := 0.0; step <= 600; step += 10 {
			h := threshold * (1 - 0.9*math.Exp(-step*alpha/120) + 0.06*math.Sin(step/7))
			s.Xs, s.Ys = append(s.Xs, step), append(s.Ys, h)
		}
		runs, thresholds = append(runs, s), append(thresholds, threshold)
	}
	figure, err := plots.Sharpness(runs, thresholds, plots.Title("Sharpness and 2/(α²η), full batch, η = 0.05"))
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := plots.Show("sharpness", figure); err != nil {
		fmt.Println(err)
	}
	fmt.Println(figure.Alt)
	// Output:
	// Sharpness and 2/(α²η), full batch, η = 0.05. Largest Hessian eigenvalue h by step for 3 curves; α = 2⁻¹: from 16.0 to 141; α = 1: from 4.00 to 37.9; α = 2¹: from 1.00 to 9.53. 2 of 3 curves exceed the threshold.
}
