package plots

import (
	"fmt"
	"math"

	"alphascale/lib/result"

	"gonum.org/v1/plot/vg"
)

// Sharpness draws the largest Hessian eigenvalue against the step, or a spectrum of eigenvalues against their rank, on a
// logarithmic axis, with the threshold beyond which a step of the given learning rate diverges: a dashed line in the colour
// of its run. There is one threshold for each run, one for all, or none (nil).
//
// An error comes back if there are no runs, if a series fails its Check or shows other quantities than the first, if the
// number of thresholds is another, if a threshold is not positive, or if no value is.
func Sharpness(runs []result.Series, thresholds []float64, opts ...Option) (*Figure, error) {
	o := apply("Sharpness and its threshold", opts)
	if n := len(thresholds); n > 1 && n != len(runs) {
		return nil, fmt.Errorf("sharpness: %d thresholds for %d runs: give one for each, one for all, or none", n, len(runs))
	}
	for i, v := range thresholds {
		if !(v > 0) || math.IsInf(v, 0) {
			return nil, fmt.Errorf("sharpness: threshold %d is %v: give a positive, finite one such as 2/(α²η)", i, v)
		}
	}
	p, err := overTime(runs, o, wholeAxis)
	if err != nil {
		return nil, fmt.Errorf("sharpness: %w", err)
	}
	if len(thresholds) == 1 {
		p.addThreshold(thresholds[0], "threshold")
	} else if len(thresholds) > 1 {
		p.addThresholds(thresholds)
	}
	return newFigure(o, profileAlt(p.shown[0].curves, p.labelInText(), p.x.quantity.Label(), o.title)+sharpnessAlt(runs, thresholds), p, dataset{series: runs}), nil
}

// addThresholds adds a dashed line for each curve drawn, in its colour.
func (p *panel) addThresholds(thresholds []float64) {
	indices := p.shown[0].indices
	for _, at := range indices {
		p.y = p.y.including(thresholds[at])
	}
	p.painters = append(p.painters, func(colours family, d *drawing) {
		for i, at := range indices {
			style := predictedLine
			style.Color, style.Width = colours.style(p.curves[i]).Color, vg.Length(1)
			d.add(across{thresholds[at], style})
		}
		d.explain("threshold", across{style: predictedLine})
	})
}

func sharpnessAlt(runs []result.Series, thresholds []float64) string {
	if len(thresholds) == 0 {
		return ""
	}
	beyond := 0
	for i, s := range runs {
		for _, y := range s.Ys {
			if y > thresholds[min(i, len(thresholds)-1)] {
				beyond++
				break
			}
		}
	}
	return fmt.Sprintf(" %d of %s exceed the threshold.", beyond, count(len(runs), "curve"))
}
