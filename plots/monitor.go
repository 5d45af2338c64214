package plots

import (
	"fmt"
	"math"

	"alphascale/lib/result"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Monitor draws small charts of a run, three abreast where the width allows, on logarithmic axes, with what lies beyond a
// threshold shaded. It can be drawn before there are values, for a cell that shows a run while it runs (see Live). What has
// no place on a logarithmic axis, or is too much, is said in the key.
//
// An error comes back if there is nothing to watch, if a series fails its Check or the series of one chart show different
// quantities, or if thresholds are negative or upside down.
func Monitor(watches []result.Gauge, opts ...Option) (*Figure, error) {
	o := apply("", opts)
	if len(watches) == 0 {
		return nil, fmt.Errorf("monitor: there is nothing to watch: give at least one chart")
	}
	f := &Figure{Alt: o.title, name: o.name}
	for i, w := range watches {
		p, err := watchPanel(w, o)
		if err != nil {
			return nil, fmt.Errorf("monitor: chart %d, %q: %w", i, w.Title, err)
		}
		f.panels = append(f.panels, p)
		if len(w.Series) > 0 {
			f.data = append(f.data, dataset{series: w.Series})
		}
		f.Alt += " " + watchAlt(w) + p.leftOutSentence()
	}
	paint(f.panels)
	shareKeys(f.panels)
	return f, nil
}

const monitorHeight = vg.Length(78)

func watchPanel(w result.Gauge, o options) (*panel, error) {
	if !(w.Low >= 0) || !(w.High >= 0) || math.IsInf(w.Low, 0) || math.IsInf(w.High, 0) || w.High > 0 && w.Low >= w.High {
		return nil, fmt.Errorf("thresholds %v and %v: give 0 < Low < High, or 0 where there is none", w.Low, w.High)
	}
	p := &panel{title: w.Title, height: monitorHeight, still: true}
	y := w.Y
	if len(w.Series) > 0 {
		if err := checkSeries(w.Series); err != nil {
			return nil, err
		}
		y = w.Series[0].Y
	} else if err := y.Check(); err != nil {
		return nil, fmt.Errorf("there are no series and Y: %w", err)
	}
	drawn := selectionOf(w.Series, o.smooth)
	p.x, p.y = watchAxes(w, y, drawn.curves)
	p.painters = append(p.painters, func(_ family, d *drawing) { d.add(forbidden{w.Low, w.High}) })
	if len(drawn.curves) > 0 {
		p.addCurves(drawn)
		p.notes = nil // coming and going they would move the axes: the charts of a monitor stay of one height while it runs
	}
	p.findLeftOut()
	return p, nil
}

// watchAxes are those of the values, or, while there are none, of the thresholds.
func watchAxes(w result.Gauge, q result.Quantity, curves []result.Series) (x, y axis) {
	step := result.Step()
	if len(curves) > 0 {
		step = curves[0].X
	}
	steps := columns(curves, func(s result.Series) []float64 { return s.Xs })
	x, err := newAxis(step, 0, append(steps, []float64{0, math.Max(w.Steps, 1)})...)
	if err != nil { // it has two finite values
		x = axis{quantity: step, max: 1}
	}
	x.whole = true
	x.min, x.max = 0, math.Max(w.Steps, x.max/1.04)

	values := columns(curves, func(s result.Series) []float64 { return s.Ys })
	y, err = newAxis(q, 10, append(values, []float64{w.Low, w.High})...) // leaves out a threshold of 0
	if err != nil {                                                      // nothing positive yet
		y = axis{quantity: q, base: 10, min: 0.1, max: 10}
	}
	return x, y
}

func watchAlt(w result.Gauge) string {
	text := w.Title
	if text == "" && len(w.Series) > 0 {
		text = w.Series[0].Y.Label()
	}
	beyond := 0
	for _, s := range w.Series {
		last, diverged := end(s)
		if diverged || last >= 0 && (w.Low > 0 && s.Ys[last] < w.Low || w.High > 0 && s.Ys[last] > w.High) {
			beyond++
		}
	}
	least := lowestOf(w.Series)
	if least != "" {
		least = ", " + least
	}
	return fmt.Sprintf("%s: %s%s, %d now beyond the thresholds.", text, count(len(w.Series), "curve"), least, beyond)
}

// forbidden shades what lies below low and above high and draws the thresholds.
type forbidden struct{ low, high float64 }

func (f forbidden) Plot(c draw.Canvas, p *plot.Plot) {
	_, toY := p.Transforms(&c)
	shade := func(from, to vg.Length) {
		from, to = max(from, c.Min.Y), min(to, c.Max.Y)
		if from < to {
			c.FillPolygon(alarm, []vg.Point{{X: c.Min.X, Y: from}, {X: c.Max.X, Y: from}, {X: c.Max.X, Y: to}, {X: c.Min.X, Y: to}})
		}
	}
	if f.low > 0 {
		shade(c.Min.Y, toY(f.low))
		across{f.low, predictedLine}.Plot(c, p)
	}
	if f.high > 0 {
		shade(toY(f.high), c.Max.Y)
		across{f.high, predictedLine}.Plot(c, p)
	}
}
