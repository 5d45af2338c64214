package plots

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"alphascale/lib/result"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// ExponentFit draws what was measured against what it should follow a power of, on logarithmic axes: the points with their
// intervals where the series has them, the fitted line, and dashed the line whose exponent the law predicts. The key gives
// the fitted exponent p, with its 95 % interval where something is random, and the predicted one. It is the chart for an effective learning rate
// against α, a gradient norm against depth's α, and every other exponent.
//
// An error comes back if there are no fits, if a fit's points fail their Check or show other quantities than the first
// one's, or if no point is positive.
func ExponentFit(fits []result.Fit, opts ...Option) (*Figure, error) {
	if len(fits) == 0 {
		return nil, fmt.Errorf("exponent fit: there are no fits: give at least one")
	}
	points := make([]result.Series, len(fits))
	for i, f := range fits {
		points[i] = f.Points
		if math.IsNaN(f.Exponent) || math.IsInf(f.Exponent, 0) {
			return nil, fmt.Errorf("exponent fit: the exponent of %q is %v: take the fit from result.FitExponent",
				f.Points.Name(), f.Exponent)
		}
	}
	if err := checkSeries(points); err != nil {
		return nil, fmt.Errorf("exponent fit: %w", err)
	}
	o := apply("Measured exponents", opts)
	xs := columns(points, func(s result.Series) []float64 { return s.Xs })
	x, err := newAxis(points[0].X, logBase(xs...), xs...)
	if err != nil {
		return nil, fmt.Errorf("exponent fit: %w", err)
	}
	y, err := exponentAxis(fits, x)
	if err != nil {
		return nil, fmt.Errorf("exponent fit: %w", err)
	}
	p := &panel{title: o.title, x: x, y: y}
	p.addFits(fits, points)
	return newFigure(o, exponentAlt(fits, o.title)+p.notesSentence(), p, dataset{series: points}), nil
}

// predictedLine is the style of whatever a law predicts, in every chart.
var predictedLine = draw.LineStyle{Color: ink, Width: 0.9, Dashes: []vg.Length{2, 2.5}}

// exponentAxis spans the points with their intervals, where those stay within a factor of ten of the points.
func exponentAxis(fits []result.Fit, x axis) (axis, error) {
	var values [][]float64
	for _, f := range fits {
		values = append(values, f.Points.Ys)
	}
	a, err := newAxis(fits[0].Points.Y, 10, values...)
	if err != nil {
		return a, err
	}
	low, high := a.min/10, a.max*10
	for _, f := range fits {
		for i := range f.Points.Lower {
			if lo := f.Points.Lower[i]; lo > 0 {
				a.min = math.Min(a.min, math.Max(lo, low))
			}
			if hi := f.Points.Upper[i]; hi > 0 {
				a.max = math.Max(a.max, math.Min(math.Min(hi, high), math.MaxFloat64))
			}
		}
	}
	if powers := logBase(values...); powers == 2 && a.max/a.min < 1e3 {
		a.base = 2
	}
	return a, nil
}

// addFits adds the fits, each in the colour of its points' name.
func (p *panel) addFits(fits []result.Fit, points []result.Series) {
	shown := everyOne(points)
	shown.showsIntervals = true
	p.curves = fitIdentities(points)
	groups := p.noteOneLine(points)
	p.show(shown, func(colours family, d *drawing) {
		d.key = &key{heading: "exponent p", fixed: true}
		if slices.ContainsFunc(fits, result.Fit.Random) {
			d.key.heading += ", 95 % interval"
		}
		for i, f := range fits {
			id := p.curves[i]
			fitted := law{f.At, draw.LineStyle{Color: colours.style(id).Color, Width: 0.9}}
			sign := colours.sign(id)
			sign.xs, sign.ys, sign.radius = f.Points.Xs, f.Points.Ys, 2.8+around(groups[i], i)
			d.add(fitted, law{f.PredictedAt, predictedLine})
			if f.Points.Lower != nil {
				d.add(whiskers{f.Points.Xs, f.Points.Lower, f.Points.Upper, draw.LineStyle{Color: sign.colour, Width: 0.8}})
			}
			d.add(drops{f.Points.Xs, f.Points.Ys, sign.colour}, sign)
			inKey := sign
			inKey.radius = 2.8
			d.key.curves = append(d.key.curves, keyEntry{fitLabel(f), []plot.Thumbnailer{fitted, inKey}, i})
		}
		if slices.ContainsFunc(fits, func(f result.Fit) bool { return !math.IsNaN(f.Predicted) }) {
			d.explain("as predicted", law{style: predictedLine})
		}
	})
}

// fitIdentities go by the names of the points, even where each has an α: fits have no order. Fits of one name are told apart.
func fitIdentities(points []result.Series) []identity {
	ids := make([]identity, len(points))
	for i, s := range points {
		ids[i] = identity{name: cmp.Or(s.Name(), "one without a name")}
		for slices.Contains(ids[:i], ids[i]) {
			ids[i].unnamed++
		}
	}
	return ids
}

func fitLabel(f result.Fit) string {
	label := strings.NewReplacer(", predicted", "\npredicted", ", points up to", "\npoints up to").Replace(f.String())
	if name := f.Points.Name(); name != "" {
		label = name + "\n" + label
	}
	return label
}

func exponentAlt(fits []result.Fit, title string) string {
	text := fmt.Sprintf("%s against %s on logarithmic axes", fits[0].Points.Y.Label(), fits[0].Points.X.Label())
	for _, f := range fits {
		text += "; "
		if name := f.Points.Name(); name != "" {
			text += name + ": "
		}
		text += "fitted exponent " + f.String()
	}
	return sentence(text, title)
}
