package plots_test

import (
	"fmt"
	"math"

	"alphascale/lib/result"
	"alphascale/plots"
)

// A chart that is none of the ready ones: runs with the interval of their seeds, the range in which they should stay, and the
// points at which they were looked at.
func ExampleCompose() {
	ratio := result.Quantity{Name: "update-to-weight ratio"}
	var lines, looked []result.Series
	for _, alpha := range []float64{0.5, 1, 2} {
		s := result.Series{Alpha: alpha, X: result.Step(), Y: ratio}
		few := s
		for step := 0.0; step <= 200; step++ {
			y := 0.02 * alpha * alpha * math.Exp(-step/80)
			s.Xs, s.Ys = append(s.Xs, step), append(s.Ys, y)
			s.Lower, s.Upper = append(s.Lower, 0.7*y), append(s.Upper, 1.4*y)
			if math.Mod(step, 50) == 0 {
				few.Xs, few.Ys = append(few.Xs, step), append(few.Ys, y)
			}
		}
		lines, looked = append(lines, s), append(looked, few)
	}
	figure, err := plots.Compose(plots.Axes{LogY: true}, []plots.Mark{
		plots.Outside(0.0007, 0.14), plots.Ribbon(lines...), plots.Lines(lines...), plots.Dots(looked...), plots.Upright(80, "one decay"),
	}, plots.Title("Pace of three runs"))
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := plots.Show("composed", figure); err != nil {
		fmt.Println(err)
	}
	fmt.Println(figure.Alt)
	// Output:
	// Pace of three runs. Update-to-weight ratio by step for 3 curves; α = 2⁻¹: from 0.00500 to 0.000410; α = 1: from 0.0200 to 0.00164; α = 2¹: from 0.0800 to 0.00657. Shaded below 0.000700 and above 0.140. One decay: 80.0.
}

// A histogram of two layers' activations, by the lower ends of its bins.
func ExampleBars() {
	share := result.Quantity{Name: "share of units"}
	var layers []result.Series
	for k, name := range []string{"first layer", "last layer"} {
		s := result.Series{Label: name, X: result.Quantity{Name: "activation"}, Y: share}
		for x := -1.0; x < 0.95; x += 0.2 {
			s.Xs, s.Ys = append(s.Xs, math.Round(10*x)/10), append(s.Ys, 0.2*math.Exp(-math.Pow((x+0.1)/(0.4+0.3*float64(k)), 2)))
		}
		layers = append(layers, s)
	}
	figure, err := plots.Compose(plots.Axes{}, []plots.Mark{plots.Bars(layers...), plots.Level(0.1, "a tenth")}, plots.Title("Activations"))
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := plots.Show("histogram", figure); err != nil {
		fmt.Println(err)
	}
	fmt.Println(figure.Alt)
	// Output:
	// Activations. Share of units by activation for 2 curves; first layer: from 0.00127 to 0.00127; last layer: from 0.0383 to 0.0383. A tenth: 0.100.
}

// The level lines of a loss, and the steps of a descent through them.
func ExampleContours() {
	x, y := result.Quantity{Name: "first weight"}, result.Quantity{Name: "second weight"}
	var levels []result.Series
	for _, radius := range []float64{0.5, 1, 1.5} {
		level := result.Series{X: x, Y: y}
		for k := range 61 {
			sin, cos := math.Sincos(float64(k) * math.Pi / 30)
			level.Xs, level.Ys = append(level.Xs, radius*cos/2), append(level.Ys, radius*sin)
		}
		levels = append(levels, level)
	}
	path := result.Series{Label: "gradient descent", X: x, Y: y, Xs: []float64{0.6, 0.24, 0.096, 0.038}, Ys: []float64{1.2, 1.02, 0.867, 0.737}}
	marks := []plots.Mark{plots.Contours("contours of the loss", levels...), plots.Lines(path), plots.Dots(path)}
	figure, err := plots.Compose(plots.Axes{Alike: true}, marks, plots.Title("Four steps"))
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := plots.Show("contours", figure); err != nil {
		fmt.Println(err)
	}
	fmt.Println(figure.Alt)
	// Output:
	// Four steps. Second weight by first weight for 1 curve; gradient descent: from 1.20 to 0.737. Contours of the loss: 3 lines.
}
