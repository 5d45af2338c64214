package plots

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"alphascale/lib/result"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
)

// Figure is a finished chart. Chart functions return it; Show, Save, PNG, SVG and PDF draw it at the width asked for, with
// text of the same size at every width.
type Figure struct {
	// Alt says in a sentence or two what the figure shows, for those who cannot see it.
	Alt string

	name    string // of its files; empty where the chart was given none
	panels  []*panel
	columns int           // the most panels side by side, as many as the width allows if 0
	table   *tableDrawing // in place of panels
	page    string        // shown in place of the picture of the table, if there is one
	data    []dataset
}

// dataset is the data behind a figure: one CSV file.
type dataset struct {
	series []result.Series
	grid   *result.Grid
	table  *result.Table
}

// Option changes how a chart is drawn.
type Option func(*options)

type options struct {
	name   string
	title  string
	smooth int
	ends   ends
}

// Name names the figure for its Show method: see the function Show for what a name may be.
func Name(name string) Option { return func(o *options) { o.name = name } }

// Title replaces the chart's own title; an empty one leaves it out.
func Title(title string) Option { return func(o *options) { o.title = title } }

// Smooth draws each curve as the mean over a window of the given number of points that ends at the point; the axis says so, and
// the curve begins where its first window is whole. It is for losses of small batches, whose noise hides the curves behind one
// another: a window of one round through the data, or of several, has each example equally often.
func Smooth(points int) Option { return func(o *options) { o.smooth = points } }

func apply(defaultTitle string, opts []Option) options {
	o := options{title: defaultTitle}
	for _, opt := range opts {
		if opt != nil {
			opt(&o)
		}
	}
	return o
}

// panel is one pair of axes with a title above it and a key beside it.
type panel struct {
	title    string
	x, y     axis
	yLabel   string     // replaces y's label
	height   vg.Length  // of the axes with their labels; 0: bodyHeight
	curves   []identity // what has a colour of its own
	painters []painter  // what draws the layers, from the lowest to the topmost
	notes    []string   // short remarks under the title
	reserve  int        // lines that are kept for them, so that a figure that is drawn again and again does not change its height
	shown    []selection
	ends     ends     // where the y axis was told to end
	unplaced []string // what a chart that is not of curves has no place for
	leftOut  []string // notes on what the panel was given and does not show
	grey     bool     // dashes tell α apart, for print
	still    bool     // it keeps its height while it is drawn again and again: its key says what is left out
	drawing
}

// drawing is what a panel shows in the colours that its figure gives it: each figure that takes the panel draws it anew.
type drawing struct {
	layers []plot.Plotter
	key    *key
}

// painter adds to a drawing.
type painter func(colours family, d *drawing)

func (d *drawing) add(layers ...plot.Plotter) { d.layers = append(d.layers, layers...) }

// explain adds an entry to the key, unless it has one.
func (d *drawing) explain(label string, thumbs ...plot.Thumbnailer) {
	if d.key == nil {
		d.key = &key{}
	}
	if !slices.ContainsFunc(d.key.entries, func(e keyEntry) bool { return e.label == label }) {
		d.key.entries = append(d.key.entries, keyEntry{label: label, thumbs: thumbs})
	}
}

// newFigure is the figure of one panel, which is finished. The sentence for those who cannot see it also says what is left
// out of the panel.
func newFigure(o options, alt string, p *panel, data dataset) *Figure {
	p.findLeftOut()
	paint([]*panel{p})
	return &Figure{Alt: alt + p.leftOutSentence(), name: o.name, panels: []*panel{p}, data: []dataset{data}}
}

const (
	margin = vg.Length(5)
	gap    = vg.Length(14)
	// bodyHeight is that of a panel's axes with their tick labels and the x label.
	bodyHeight = vg.Length(130)
	// minPanelWidth is the least width at which panels stand side by side; narrower, they stand one above the other.
	minPanelWidth = vg.Length(150)
	// screenPanel is the width of a lone panel and its key in a notebook.
	screenPanel = vg.Length(330)
)

// SideBySide sets the panels of several figures beside one another, in the order given, on common axes where they show the
// same quantities. The same α or the same name has the same colour and sign in all of them, and one key beside the last
// explains them; where there are more names than colours, or the keys say different things, each panel keeps its own. On a
// narrow page the panels stand one above the other. Its name is that of the first figure which has one.
func SideBySide(figures ...*Figure) (*Figure, error) {
	if len(figures) == 0 {
		return nil, fmt.Errorf("there are no figures to set side by side: give at least one")
	}
	all := &Figure{}
	var alts []string
	for i, f := range figures {
		if f == nil || len(f.panels) == 0 {
			return nil, fmt.Errorf("figure %d of %d has no axes: check the error of the function that returned it; "+
				"a table stands alone", i+1, len(figures))
		}
		all.name = cmp.Or(all.name, f.name)
		for _, p := range f.panels {
			own := *p // the figure given stays as it is
			all.panels = append(all.panels, &own)
		}
		all.data = append(all.data, titled(f)...)
		alts = append(alts, f.Alt)
	}
	all.Alt = strings.Join(alts, " ")
	shareAxes(all.panels)
	paint(all.panels)
	shareKeys(all.panels)
	return all, nil
}

// titled names the figure in the labels of its series, so that the panels stay apart in one file of data.
func titled(f *Figure) []dataset {
	title := f.panels[0].title
	data := make([]dataset, len(f.data))
	for i, d := range f.data {
		data[i] = d
		data[i].series = make([]result.Series, len(d.series))
		for j, s := range d.series {
			if title != "" && s.Label != "" {
				s.Label = title + ": " + s.Label
			} else if title != "" {
				s.Label = title
			}
			data[i].series[j] = s
		}
	}
	return data
}

// screenWidth is the width at which Show draws the figure.
func (f *Figure) screenWidth() vg.Length {
	if len(f.panels) == 1 {
		return screenPanel
	}
	return TwoColumns
}
