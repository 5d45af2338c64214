package plots_test

import (
	"fmt"
	"math"

	"alphascale/lib/result"
	"alphascale/plots"
)

func ExampleExponentFit() {
	var fits []result.Fit
	for _, optimizer := range []struct {
		name      string
		predicted float64
	}{{"SGD", 2}, {"Adam", 1}, {"LARS", 0}} {
		points := result.Series{Label: optimizer.name, X: result.Alpha(), Y: result.EffectiveLearningRate()}
		for k := -3.0; k <= 3; k++ {
			noise := 1 + 0.04*math.Cos(3*k+optimizer.predicted)
			y := 0.05 * math.Pow(2, optimizer.predicted*k) * noise
			points.Xs, points.Ys = append(points.Xs, math.Exp2(k)), append(points.Ys, y)
			points.Lower, points.Upper = append(points.Lower, 0.9*y), append(points.Upper, 1.1*y)
		}
		fit, err := result.FitExponent(points)
		if err != nil {
			fmt.Println(err)
			return
		}
		fit.Predicted = optimizer.predicted
		fits = append(fits, fit)
	}
	figure, err := plots.ExponentFit(fits, plots.Title("Effective learning rate by optimizer, η = 0.05"))
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := plots.Show("effective-learning-rate", figure); err != nil {
		fmt.Println(err)
	}
	fmt.Println(figure.Alt)
	// Output:
	// Effective learning rate by optimizer, η = 0.05. Effective learning rate against weight multiplier α on logarithmic axes; SGD: fitted exponent 2.00 [1.98, 2.01], predicted 2; Adam: fitted exponent 1.00 [0.98, 1.02], predicted 1; LARS: fitted exponent 0.00 [−0.03, 0.03], predicted 0.
}
