package plots_test

import (
	"fmt"
	"math"

	"alphascale/lib/result"
	"alphascale/plots"
)

func ExampleMonitor() {
	watch := func(title string, low, high float64, y result.Quantity, at func(layer, step float64) float64) result.Gauge {
		w := result.Gauge{Title: title, Low: low, High: high, Steps: 500}
		for layer := 1.0; layer <= 4; layer++ {
			s := result.Series{Label: fmt.Sprintf("layer %g", layer), X: result.Step(), Y: y}
			for step := range 320 { // the run has 180 steps to go
				s.Xs, s.Ys = append(s.Xs, float64(step)), append(s.Ys, at(layer, float64(step)))
			}
			w.Series = append(w.Series, s)
		}
		return w
	}
	figure, err := plots.Monitor([]result.Gauge{
		watch("Gradient", 1e-6, 1e2, result.Quantity{Name: "gradient norm"}, func(layer, step float64) float64 {
			return math.Pow(10, -layer) * math.Exp(-step/(400-80*layer)) * (1 + 0.1*math.Sin(step/9+layer))
		}),
		watch("Update to weight", 1e-5, 1e-1, result.Quantity{Name: "update-to-weight ratio"}, func(layer, step float64) float64 {
			return 1e-3 * layer * math.Exp(-step/200) * (1 + 0.1*math.Sin(step/7))
		}),
		watch("Angle per step", 0, 0.3, result.Quantity{Name: "angle", Unit: "rad"}, func(layer, step float64) float64 {
			return 0.06 * layer * math.Exp(-step/150) * (1 + 0.1*math.Sin(step/11))
		}),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := plots.Show("monitor", figure); err != nil {
		fmt.Println(err)
	}
	fmt.Println(figure.Alt)
	// Output:
	// Gradient: 4 curves, lowest 2.04·10⁻⁶ (layer 4) at step 319, 0 now beyond the thresholds. Update to weight: 4 curves, lowest 0.000203 (layer 1) at step 299, 0 now beyond the thresholds. Angle per step: 4 curves, lowest 0.00668 (layer 1) at step 319, 0 now beyond the thresholds.
}
