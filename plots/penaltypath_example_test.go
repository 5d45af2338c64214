package plots_test

import (
	"fmt"
	"math"

	"alphascale/lib/result"
	"alphascale/plots"
)

func ExamplePenaltyPath() {
	penalty := result.Quantity{Name: "penalty", Symbol: "λ"}
	coefficient := result.Quantity{Name: "coefficient", Symbol: "u"}
	const alpha = 4
	var reference, folded []result.Series
	for i, start := range []float64{1.4, 0.9, 0.3, -0.5, -1.1} {
		line := result.Series{Label: fmt.Sprintf("u%c", '₁'+rune(i)), X: penalty, Y: coefficient}
		points := line
		curvature := 0.5 * float64(i+1)
		for k := -3.0; k <= 3; k += 0.125 {
			lambda := math.Pow(10, k)
			ridge := start * curvature / (curvature + lambda)
			line.Xs, line.Ys = append(line.Xs, lambda), append(line.Ys, ridge)
			if k == math.Trunc(2*k)/2 {
				// The ridge on αX with α²λ, its coefficients multiplied by α.
				w := start * alpha * curvature / (alpha*alpha*curvature + alpha*alpha*lambda)
				points.Xs, points.Ys = append(points.Xs, lambda), append(points.Ys, alpha*w)
			}
		}
		reference, folded = append(reference, line), append(folded, points)
	}
	figure, err := plots.PenaltyPath(reference, folded, plots.Title("Ridge on X (lines) and on 4X with λ folded by 4²"))
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := plots.Show("penalty-path", figure); err != nil {
		fmt.Println(err)
	}
	fmt.Println(figure.Alt)
	// Output:
	// Ridge on X (lines) and on 4X with λ folded by 4². Coefficient u against penalty λ for 5 coefficients; the folded path is the same, bit for bit.
}
