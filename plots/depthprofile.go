package plots

import (
	"fmt"
	"slices"

	"alphascale/lib/result"

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
	if len(measured) == 0 {
		return nil, fmt.Errorf("there are no measured series: give at least one")
	}
	if err := checkSeries(slices.Concat(measured, predicted)); err != nil {
		return nil, err
	}
	drawn, laws := selectionOf(measured, 0), selectionOf(predicted, 0)
	drawn.showsIntervals, laws.noun = true, "predicted curve"
	xs, ys := slices.Concat(drawn.xs(), laws.xs()), slices.Concat(drawn.ys(), laws.ys())
	x, err := newAxis(measured[0].X, base(xs...), xs...)
	if err != nil {
		return nil, err
	}
	y, err := newAxis(measured[0].Y, 10, ys...)
	if err != nil {
		return nil, err
	}
	if y, err = o.ends.of(y, ys); err != nil {
		return nil, err
	}
	p := &panel{title: o.title, x: x, y: y, ends: o.ends}
	p.addMarked(drawn)
	p.addPredicted(laws)
	return newFigure(o, profileAlt(drawn.curves, p.labelInText(), p.x.quantity.Label(), o.title)+p.notesSentence(), p, dataset{series: measuredAndPredicted(measured, predicted)}), nil
}

// addMarked adds curves with a marker at each point, while the markers can be told apart.
func (p *panel) addMarked(drawn selection) {
	p.curves = identitiesOf(drawn.curves)
	groups := p.noteOneLine(drawn.curves)
	p.show(drawn, func(colours family, d *drawing) {
		d.key = colours.key(p.curves, colours.thumbs)
		for i, s := range drawn.curves {
			style := colours.style(p.curves[i])
			if group := groups[i]; len(group) > 1 {
				style.Dashes, style.DashOffs = turns(slices.Index(group, i), len(group))
			}
			d.add(curve{xs: s.Xs, ys: s.Ys, style: style})
			if len(s.Xs) <= 40 && len(drawn.curves) <= 2*maxEntries {
				sign := colours.sign(p.curves[i])
				sign.xs, sign.ys, sign.radius = s.Xs, s.Ys, vg.Length(1.3)+style.Width/2
				if sign.shape != disc {
					sign.radius += 0.6 // corners take away from it
				}
				sign.radius += around(groups[i], i)
				d.add(sign)
			}
			if s.Lower != nil {
				d.add(whiskers{s.Xs, s.Lower, s.Upper, style})
			}
		}
	})
}

func (p *panel) addPredicted(laws selection) {
	if len(laws.curves) == 0 {
		return
	}
	p.show(laws, func(_ family, d *drawing) {
		for _, s := range laws.curves {
			d.add(curve{xs: s.Xs, ys: s.Ys, style: predictedLine})
		}
		d.explain("as predicted", curve{style: predictedLine})
	})
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
