package plots_test

import (
	"fmt"
	"math"

	"alphascale/lib/result"
	"alphascale/plots"
)

func ExampleHeatMap() {
	grid := result.Grid{X: result.Alpha(), Y: result.LearningRate(), Z: result.Quantity{Name: "final loss", Unit: "nats"}}
	for k := -4.0; k <= 4; k++ {
		grid.Xs = append(grid.Xs, math.Exp2(k))
	}
	for k := -12.0; k <= 2; k++ {
		rate := math.Exp2(k)
		grid.Ys = append(grid.Ys, rate)
		var row []float64
		for _, alpha := range grid.Xs {
			effective := alpha * alpha * rate
			loss := 0.02 + 2.2*math.Exp(-30*effective)
			if effective > 1.5 {
				loss = math.Inf(1)
			}
			row = append(row, loss)
		}
		grid.Zs = append(grid.Zs, row)
	}
	grid.Zs[0][0] = math.NaN() // not run
	figure, err := plots.HeatMap(grid, &plots.Fold{Exponent: 2, Edge: 1.5}, plots.Title("SGD: final loss over α and η"))
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := plots.Show("heat-map", figure); err != nil {
		fmt.Println(err)
	}
	fmt.Println(figure.Alt)
	// Output:
	// SGD: final loss over α and η. Final loss (nats) over 9 values of weight multiplier α and 15 of learning rate η: lowest 0.0200 at α = 2⁴, η = 2⁻⁸, highest 2.22; 30 cells diverged; lines of constant α²η are drawn, and the predicted stability edge at α²η = 1.50. Not shown: 1 of 135 cells, without a value.
}
