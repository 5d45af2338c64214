package plots

import (
	"fmt"
	"math"

	"alphascale/lib/result"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
)

// DepthProfile draws a quantity by layer, usually the gradient's norm, on a logarithmic axis: a line with a marker at each
// layer for each α, and dashed what a law predicts, where predicted is not empty. X holds the layers' numbers.
//
// An error comes back if there are no profiles, if a series fails its Check or shows other quantities than the first, or if
// no value is positive.
func DepthProfile(measured, predicted []result.Series, opts ...Option) (*Figure, error) {
	f, err := markedFigure(measured, predicted, apply("By layer", opts), func(...[]float64) float64 { return 0 })
	if err != nil {
		return nil, fmt.Errorf("depth profile: %w", err)
	}
	f.panels[0].x.whole = true
	return f, nil
}

// markedFigure is a panel of measured curves with markers, and of predicted ones, on a logarithmic y axis. The x axis is
// linear or logarithmic as the base that is found for its values says.
func markedFigure(measured, predicted []result.Series, o options, base func(xs ...[]float64) float64) (*Figure, error) {
	all := measuredFirst(measured, predicted)
	if len(measured) == 0 {
		return nil, fmt.Errorf("there are no measured series: give at least one")
	}
	if err := checkSeries(all); err != nil {
		return nil, err
	}
	xs := columns(all, func(s result.Series) []float64 { return s.Xs })
	x, err := newAxis(all[0].X, base(xs...), xs...)
	if err != nil {
		return nil, err
	}
	y, err := newAxis(all[0].Y, 10, columns(all, func(s result.Series) []float64 { return s.Ys })...)
	if err != nil {
		return nil, err
	}
	p := &panel{title: o.title, x: x, y: y}
	drawn := spread(measured, maxCurves)
	if len(drawn) < len(measured) {
		p.notes = append(p.notes, fmt.Sprintf("%d of %d curves drawn", len(drawn), len(measured)))
	}
	addMarked(p, drawn)
	addPredicted(p, spread(predicted, maxCurves))
	return &Figure{
		Alt: profileAlt(measured, o.title), panels: []*panel{p},
		data: []dataset{{series: measuredAndPredicted(measured, predicted)}},
	}, nil
}

func measuredFirst(measured, predicted []result.Series) []result.Series {
	return append(append([]result.Series{}, measured...), predicted...)
}

// addMarked adds curves with a marker at each point, while the markers can be told apart.
func addMarked(p *panel, curves []result.Series) {
	colours := familyOf(curves)
	p.key = colours.marked(colours.key(curves), curves)
	for i, s := range curves {
		style := colours.style(i)
		p.layers = append(p.layers, curve{xs: s.Xs, ys: s.Ys, style: style})
		if len(s.Xs) <= 40 && len(curves) <= 2*maxEntries {
			sign := colours.sign(i)
			sign.xs, sign.ys, sign.radius = s.Xs, s.Ys, vg.Length(1.3)+style.Width/2
			if sign.shape != disc {
				sign.radius += 0.6 // corners take away from it
			}
			p.layers = append(p.layers, sign)
		}
		if s.Lower != nil {
			p.layers = append(p.layers, whiskers{s.Xs, s.Lower, s.Upper, style})
		}
	}
}

func addPredicted(p *panel, predicted []result.Series) {
	if len(predicted) == 0 {
		return
	}
	for _, s := range predicted {
		p.layers = append(p.layers, curve{xs: s.Xs, ys: s.Ys, style: predictedLine})
	}
	if p.key == nil {
		p.key = &key{}
	}
	p.key.entries = append(p.key.entries, keyEntry{"as predicted", []plot.Thumbnailer{curve{style: predictedLine}}})
}

// measuredAndPredicted marks predicted series as such in the file of the data.
func measuredAndPredicted(measured, predicted []result.Series) []result.Series {
	all := append([]result.Series{}, measured...)
	for _, s := range predicted {
		if s.Label != "" {
			s.Label += ", "
		}
		s.Label += "predicted"
		all = append(all, s)
	}
	return all
}

func profileAlt(profiles []result.Series, title string) string {
	text := fmt.Sprintf("%s by %s for %s", profiles[0].Y.Label(), profiles[0].X.Label(), count(len(profiles), "curve"))
	for i, s := range profiles {
		first, last := math.NaN(), math.NaN()
		for _, y := range s.Ys {
			if math.IsNaN(y) || math.IsInf(y, 0) {
				continue
			}
			if math.IsNaN(first) {
				first = y
			}
			last = y
		}
		if i == 8 {
			text += "; and more"
			break
		}
		text += fmt.Sprintf("; %s: from %s to %s", s.Name(), result.Number(first, 3), result.Number(last, 3))
	}
	return sentence(text, title)
}
