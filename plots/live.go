package plots

import (
	"encoding/base64"
	"fmt"
	"html"
	"math"
	"time"

	"github.com/janpfeifer/gonb/gonbui"
	"github.com/janpfeifer/gonb/gonbui/protocol"
	"gonum.org/v1/plot/vg"
)

// Live is a place in a running cell's output where a figure is redrawn while the cell computes. Use one Live in a cell run;
// its methods must not be called at the same time. Outside a notebook it draws nothing.
type Live struct {
	id string
	pace
}

const (
	// liveInterval is the least time between two drawings.
	liveInterval = 250 * time.Millisecond
	// liveShare is the part of the time that drawing may take from the computation.
	liveShare = 0.0125
)

// NewLive returns a place for a figure. It shows nothing until the first Update.
func NewLive() *Live { return &Live{id: "alphascale-live-" + gonbui.UniqueId()} }

// Update shows the figure that draw returns in place of the last one, unless one was shown in the last quarter of a second,
// or so lately that drawing would take more than an eightieth of the time: then it returns at once and draw is not called.
// The errors are those of draw and of the drawing.
func (l *Live) Update(draw func() (*Figure, error)) error {
	if !gonbui.IsNotebook {
		return nil
	}
	return l.keep(func() error {
		f, err := draw()
		if err != nil {
			return err
		}
		image, err := f.image()
		if err != nil {
			return err
		}
		gonbui.UpdateHTML(l.id, image)
		if err := gonbui.Error(); err != nil {
			return fmt.Errorf("the figure did not reach the notebook: %w", err)
		}
		return nil
	})
}

// pace keeps drawing from taking more than its share of the time.
type pace struct{ due time.Time }

// keep draws, unless it is too soon. After a drawing that failed the next one may come at once.
func (p *pace) keep(draw func() error) error {
	start := time.Now()
	if start.Before(p.due) {
		return nil
	}
	if err := draw(); err != nil {
		return err
	}
	p.due = time.Now().Add(max(liveInterval, time.Duration(float64(time.Since(start))/liveShare)))
	return nil
}

// image is the figure as HTML, for what is drawn often: an SVG is drawn ten times as fast as a PNG, and within <img> it is
// shown in an untrusted notebook too.
func (f *Figure) image() (string, error) {
	return f.imageAt(f.screenWidth(), f.pixelsPerPoint())
}

// imageAt is image at a width and at a number of pixels per point.
func (f *Figure) imageAt(width vg.Length, pixelsPerPoint float64) (string, error) {
	drawing, err := f.SVG(width)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf(`<img width="%.0f" alt="%s" src="data:image/svg+xml;base64,%s">`,
		math.Round(float64(width)*pixelsPerPoint), html.EscapeString(f.Alt), base64.StdEncoding.EncodeToString(drawing)), nil
}

// Finish shows the last state of the figure in the place of the live one, as Show does: in the notebook that is saved, it
// is the only one. Its errors are those of Show.
func (l *Live) Finish(name string, f *Figure) error {
	return show(name, f, func(data *protocol.DisplayData) { data.DisplayID = l.id })
}
