package plots

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"html"
	"strings"
	"time"

	"github.com/janpfeifer/gonb/gonbui"
	"github.com/janpfeifer/gonb/gonbui/comms"
	"github.com/janpfeifer/gonb/gonbui/dom"
	"gonum.org/v1/plot/vg"
)

const (
	// idleAfter is how long an explorer waits for a reader, so that the cells behind it get their turn.
	idleAfter = 3 * time.Minute
	// connectWithin is how long a browser may take to show the knobs, and connectTries how often it is asked to.
	connectWithin = 6 * time.Second
	connectTries  = 3
	// goneAfter is how long a page may be silent, which says every second that it is there.
	goneAfter = 5 * time.Second
	// sayBusyAfter is how long a figure may take before the page says why.
	sayBusyAfter = 300 * time.Millisecond
)

// explorer is one that runs in a browser.
type explorer struct {
	knobs   []Knob
	draw    func(at []int) (*Figure, string, error)
	figure  string // id of the place where the figure is shown
	busy    string // id of the place that says that the figure is being computed
	answers string // address where the page hears that a move has arrived
	page    string // address where the page says how it is
	state   pageState
	last    *Figure // that whose axes the next one keeps
}

func newExplorer(knobs []Knob, draw func(at []int) (*Figure, string, error)) *explorer {
	id := gonbui.UniqueId()
	start := make([]int, len(knobs))
	for i, k := range knobs {
		start[i] = k.Start
	}
	return &explorer{
		knobs: knobs, draw: draw, figure: "alphascale-figure-" + id, busy: "alphascale-busy-" + id,
		answers: "/alphascale/answers/" + id, page: "/alphascale/page/" + id,
		state: pageState{changed: make(chan struct{}, 1), said: said{At: start}},
	}
}

// What stands beside the knobs where there are none, as in a page that was loaded again, and where they get no answer.
const (
	noKnobs  = "Knobs stand here while the cell runs: run it again to move them."
	noAnswer = "No answer: the cell has ended or the connection is lost. Run the cell again; after a restart of the kernel, run those above it first."
)

//go:embed knobs.js
var knobsScript string

// show returns false if no browser shows the knobs.
func (e *explorer) show() (shown bool, err error) {
	row := "alphascale-knobs-" + gonbui.UniqueId()
	gonbui.DisplayHtml(fmt.Sprintf(`<div id="%s" data-lm-suppress-shortcuts="true" style="display:flex;flex-wrap:wrap;gap:4px 18px;align-items:center"></div>`+
		`<p id="%s-note"><b>%s</b></p>`, row, row, noKnobs))
	for try := 1; !e.connect(row); try++ {
		if try == connectTries {
			return false, nil
		}
	}
	defer func() { comms.Send(e.answers, -1) }() // the page need say no more that it is there
	return true, e.serve()
}

// connect has the page build the knobs and waits for what it says, for which gonb has to reach the page first. It returns false where
// nothing is heard: no browser shows the cell, or gonb gave the page up, for which it takes three seconds, and is to be asked again.
func (e *explorer) connect(row string) bool {
	id := comms.Subscribe(e.page, func(_, text string) {
		if number := e.state.hear(text, e.knobs); number > 0 {
			comms.Send(e.answers, number)
		}
	})
	go dom.TransientJavascript(e.script(row)) // blocks where there is no browser
	select {
	case <-e.state.changed:
		return true
	case <-time.After(connectWithin):
		comms.Unsubscribe(id)
		return false
	}
}

// script is what builds the knobs in the page and speaks for them.
func (e *explorer) script(row string) string {
	specs, _ := json.Marshal(e.knobs) // strings and numbers are never an error
	return strings.NewReplacer("'ROW'", "'"+row+"'", "'NOTE'", "'"+row+"-note'", "SENTENCE", noAnswer, "'ANSWERS'", "'"+e.answers+"'",
		"'PAGE'", "'"+e.page+"'", "KNOBS", string(specs)).Replace(knobsScript)
}

// serve draws what the knobs ask for until they are at rest or the page is gone.
func (e *explorer) serve() error {
	look := time.NewTicker(time.Second)
	defer look.Stop()
	fits := 0
	for {
		now := e.state.now()
		if now.Fits != fits {
			e.last, fits = nil, now.Fits
		}
		if err := e.redraw(now, "Move a knob."); err != nil {
			return err
		}
	waiting:
		for {
			select {
			case <-e.state.changed:
				break waiting
			case at := <-look.C:
				moved, heard := e.state.times()
				if at.Sub(moved) > idleAfter {
					return e.redraw(now, "The knobs are at rest: run the cell again to wake them.")
				}
				if at.Sub(heard) > goneAfter {
					return e.redraw(now, "The page was closed or loaded again: run the cell again to move the knobs.")
				}
			}
		}
	}
}

// redraw shows the figure at the positions, or why there is none.
func (e *explorer) redraw(now said, hint string) error {
	said := make(chan struct{})
	slow := time.AfterFunc(sayBusyAfter, func() {
		defer close(said)
		gonbui.UpdateHTML(e.busy, `<p style="margin:4px 0"><i>A new network is compiled and trained …</i></p>`)
	})
	f, text, err := e.draw(now.At)
	if !slow.Stop() {
		<-said
		gonbui.UpdateHTML(e.busy, "")
	}
	if err != nil {
		return err
	}
	f.keepAxes(e.last)
	for _, p := range f.panels {
		p.reserve = 1
	}
	e.last = f
	image, err := f.imageWithin(now.Width)
	if err != nil {
		return err
	}
	var where []string
	for i, k := range e.knobs {
		where = append(where, k.Label+" = "+k.Values[now.At[i]])
	}
	gonbui.UpdateHTML(e.figure, fmt.Sprintf(`<p style="margin:4px 0"><b>%s</b><br>%s <i>%s</i></p>%s`,
		html.EscapeString(strings.Join(where, " · ")), html.EscapeString(text), html.EscapeString(hint), image))
	if err := gonbui.Error(); err != nil {
		return fmt.Errorf("the figure did not reach the notebook: %w", err)
	}
	return nil
}

// keepAxes has the panels keep the axes of those of an earlier figure, wider where they have to be: what moves is then the curve that
// something was done to. Panels of other quantities, and of another scale, have their own.
func (f *Figure) keepAxes(earlier *Figure) {
	if earlier == nil || len(f.panels) != len(earlier.panels) {
		return
	}
	keep := func(now, before axis) axis {
		if now.quantity != before.quantity || now.base != before.base {
			return now
		}
		now.min, now.max = min(now.min, before.min), max(now.max, before.max)
		return now
	}
	for i, p := range f.panels {
		p.x, p.y = keep(p.x, earlier.panels[i].x), keep(p.y, earlier.panels[i].y)
	}
}

// imageWithin is image for a page of that many pixels: panels stand one below the other where side by side they could not be read. Of a
// page whose width is not known it is the image.
func (f *Figure) imageWithin(pixels int) (string, error) {
	width := f.screenWidth()
	if whole := float64(width) * f.pixelsPerPoint(); pixels <= 0 || float64(pixels) >= whole || len(f.panels) == 1 {
		return f.image()
	}
	stacked := *f
	stacked.columns = 1
	return stacked.imageAt(min(screenPanel, max(minPanelWidth, vg.Length(float64(pixels)/screenPixels))), screenPixels)
}
