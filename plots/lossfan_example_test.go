package plots_test

import (
	"fmt"
	"math"

	"alphascale/lib/result"
	"alphascale/plots"
)

// descent is the loss of gradient descent on a quadratic bowl with some noise, at effective learning rate α²η.
func descent(alpha, rate float64) result.Series {
	s := result.Series{Alpha: alpha, X: result.Step(), Y: result.Loss()}
	effective := rate
	loss, tail := 2.0, 0.3
	for step := range 500 {
		loss *= math.Pow(1-effective, 2)
		tail *= math.Pow(1-effective/40, 2)
		y := loss + tail + 0.004
		y *= 1 + 0.12*math.Sin(float64(step)*1.7) + 0.06*math.Sin(float64(step)*5.3)
		if y > 1e30 {
			y = math.NaN() // float32 would have overflowed
		}
		s.Xs, s.Ys = append(s.Xs, float64(step)), append(s.Ys, y)
	}
	return s
}

func ExampleLossFan() {
	var runs []result.Series
	for _, alpha := range []float64{0.125, 0.25, 0.5, 1, 2, 4, 8} {
		runs = append(runs, descent(alpha, 0.05*alpha*alpha)) // the learning rate stays, so α²η changes
	}
	fan, err := plots.LossFan(runs, plots.Title("SGD, η = 0.05, weights multiplied by α"), plots.Smooth(10))
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := plots.Show("loss-fan", fan); err != nil {
		fmt.Println(err)
	}
	fmt.Println(fan.Alt)
	// Output:
	// SGD, η = 0.05, weights multiplied by α. Loss (nats), mean of 10 steps, against step for 7 runs; final loss from 0.00399 (α = 2²) to 1.22 (α = 2⁻³); lowest 0.00390 (α = 2²) at step 399; diverged: α = 2³.
}

func ExampleSideBySide() {
	var plain, compensated []result.Series
	for _, alpha := range []float64{0.125, 0.25, 0.5, 1, 2, 4, 8} {
		plain = append(plain, descent(alpha, 0.05*alpha*alpha))
		compensated = append(compensated, descent(alpha, 0.05)) // η' = η/α² keeps the trajectory
	}
	left, err := plots.LossFan(plain, plots.Title("η = 0.05 for every α"), plots.Smooth(10))
	if err != nil {
		fmt.Println(err)
		return
	}
	right, err := plots.LossFan(compensated, plots.Title("η = 0.05/α²"), plots.Smooth(10))
	if err != nil {
		fmt.Println(err)
		return
	}
	both, err := plots.SideBySide(left, right)
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := plots.Show("compensation", both); err != nil {
		fmt.Println(err)
	}
}
