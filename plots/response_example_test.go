package plots_test

import (
	"fmt"
	"math"

	"alphascale/lib/result"
	"alphascale/plots"
)

func ExampleResponse() {
	gradient := result.Quantity{Name: "gradient norm", Symbol: "‖∂φ/∂w‖"}
	var measured, predicted []result.Series
	for _, steep := range []float64{1, 0.5} {
		s := result.Series{Label: fmt.Sprintf("x = %g", steep), X: result.Alpha(), Y: gradient}
		law := s
		for k := -6.0; k <= 3; k += 0.25 {
			alpha := math.Pow(2, k)
			y := alpha * steep / math.Pow(math.Cosh(steep*alpha), 2)
			law.Xs, law.Ys = append(law.Xs, alpha), append(law.Ys, y)
			if k == math.Trunc(k) {
				s.Xs, s.Ys = append(s.Xs, alpha), append(s.Ys, y*(1+0.02*math.Sin(9*k)))
			}
		}
		measured, predicted = append(measured, s), append(predicted, law)
	}
	figure, err := plots.Response(measured, predicted, plots.Title("Gradient of one tanh unit"))
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := plots.Show("response", figure); err != nil {
		fmt.Println(err)
	}
	fmt.Println(figure.Alt)
	// Output:
	// Gradient of one tanh unit. Gradient norm ‖∂φ/∂w‖ by weight multiplier α for 2 curves; x = 1: from 0.0158 to 3.67·10⁻⁶; x = 0.5: from 0.00790 to 0.00547.
}
