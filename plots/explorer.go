package plots

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"html"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/janpfeifer/gonb/gonbui"
	"github.com/janpfeifer/gonb/gonbui/comms"
	"github.com/janpfeifer/gonb/gonbui/dom"
	"github.com/janpfeifer/gonb/gonbui/widgets"
	"gonum.org/v1/plot/vg"
)

const (
	// idleAfter is how long an explorer waits for a reader, so that the cells behind it get their turn.
	idleAfter = 3 * time.Minute
	// connectWithin is how long a browser may take to show the knobs.
	connectWithin = 10 * time.Second
	// goneAfter is how long a page may be silent, which says every second that it is there.
	goneAfter = 5 * time.Second
	// sayBusyAfter is how long a figure may take before the page says why.
	sayBusyAfter = 300 * time.Millisecond
)

// explorer is one that runs in a browser.
type explorer struct {
	knobs    []Knob
	draw     func(at []int) (*Figure, string, error)
	figure   string // id of the place where the figure is shown
	busy     string // id of the place that says that the figure is being computed
	answers  string // address where the page hears that a move has arrived
	page     string // address where the page says that it is there, how wide it is, and that axes are to fit
	answered atomic.Int64
	heard    atomic.Int64 // when the page was last heard, in nanoseconds
	width    atomic.Int64 // of the page, in pixels
	last     *Figure      // that whose axes the next one keeps
}

func newExplorer(knobs []Knob, draw func(at []int) (*Figure, string, error)) *explorer {
	id := gonbui.UniqueId()
	return &explorer{
		knobs: knobs, draw: draw, figure: "alphascale-figure-" + id, busy: "alphascale-busy-" + id,
		answers: "/alphascale/answers/" + id, page: "/alphascale/page/" + id,
	}
}

// What stands beside the knobs where there are none, as in a page that was loaded again, and where they get no answer.
const (
	noKnobs  = "Knobs stand here while the cell runs: run it again to move them."
	noAnswer = "No answer: the cell has ended or the connection is lost. Run the cell again; after a restart of the kernel, run those above it first."
)

//go:embed answers.js
var answersScript string

// move is a knob's new position.
type move struct{ knob, position int }

// show returns false if no browser shows the knobs.
func (e *explorer) show() (shown bool, err error) {
	moves, fits := make(chan move, 1024), make(chan bool, 16)
	ready := make(chan struct{})
	row := "alphascale-knobs-" + gonbui.UniqueId()
	gonbui.DisplayHtml(fmt.Sprintf(`<div id="%s" data-lm-suppress-shortcuts="true" style="display:flex;flex-wrap:wrap;gap:4px 18px;align-items:center"></div>`+
		`<p id="%s-note"><b>%s</b></p>`, row, row, noKnobs))
	comms.Subscribe(e.page, func(_, said string) { e.hear(said, fits) })
	go func() { // blocks where there is no browser
		for i, k := range e.knobs {
			e.build(row, i, k, moves)
		}
		dom.TransientJavascript(e.script(row))
		close(ready)
	}()
	select {
	case <-ready:
	case <-time.After(connectWithin):
		return false, nil
	}
	e.heard.Store(time.Now().UnixNano())
	defer func() { comms.Send(e.answers, -1) }() // the page need say no more that it is there
	return true, e.serve(moves, fits)
}

// script is what watches the knobs in the page.
func (e *explorer) script(row string) string {
	var values [][]string
	for _, k := range e.knobs {
		values = append(values, k.Values)
	}
	text, _ := json.Marshal(values) // strings are never an error
	return strings.NewReplacer("ROW", row, "NOTE", row+"-note", "SENTENCE", noAnswer, "ADDRESS", e.answers, "PAGE", e.page,
		"VALUES", string(text)).Replace(answersScript)
}

// hear takes what the page says of itself: "here 3", "width 812", "fit 1".
func (e *explorer) hear(said string, fits chan<- bool) {
	e.heard.Store(time.Now().UnixNano())
	what, number, _ := strings.Cut(said, " ")
	switch pixels, err := strconv.Atoi(number); {
	case err != nil:
	case what == "width":
		e.width.Store(int64(pixels))
		fits <- false
	case what == "fit":
		fits <- true
	}
}

// serve draws what the knobs ask for until they are at rest or the page is gone.
func (e *explorer) serve(moves <-chan move, fits <-chan bool) error {
	at := make([]int, len(e.knobs))
	for i, k := range e.knobs {
		at[i] = k.Start
	}
	look := time.NewTicker(time.Second)
	defer look.Stop()
	for moved := time.Now(); ; {
		if err := e.redraw(at, "Move a knob."); err != nil {
			return err
		}
	waiting:
		for {
			select {
			case m := <-moves:
				at[m.knob], moved = m.position, time.Now()
				for len(moves) > 0 { // only the last position of each counts
					m := <-moves
					at[m.knob] = m.position
				}
				break waiting
			case fit := <-fits:
				if fit {
					e.last = nil
				}
				break waiting
			case now := <-look.C:
				if now.Sub(moved) > idleAfter {
					return e.redraw(at, "The knobs are at rest: run the cell again to wake them.")
				}
				if now.Sub(time.Unix(0, e.heard.Load())) > goneAfter {
					return e.redraw(at, "The page was closed or loaded again: run the cell again to move the knobs.")
				}
			}
		}
	}
}

// build adds a knob to the row and sends its moves on.
func (e *explorer) build(row string, i int, k Knob, moves chan<- move) {
	cell := fmt.Sprintf("%s-%d", row, i)
	dom.Append(row, fmt.Sprintf(`<label id="%s" style="display:inline-flex;gap:6px;align-items:center">%s</label>`, cell, html.EscapeString(k.Label)))
	var changes *comms.AddressChan[int]
	if k.Choice {
		s := widgets.Select(k.Values).SetDefault(k.Start).AppendTo(cell).Done()
		changes = s.Listen()
	} else {
		s := widgets.Slider(0, len(k.Values)-1, k.Start).AppendTo(cell).Done()
		changes = s.Listen()
	}
	go func() {
		for position := range changes.C {
			comms.Send(e.answers, int(e.answered.Add(1))) // a new value each time, and none that the page takes for nothing
			moves <- move{i, min(max(position, 0), len(k.Values)-1)}
		}
	}()
}

// redraw shows the figure at the positions, or why there is none.
func (e *explorer) redraw(at []int, hint string) error {
	said := make(chan struct{})
	slow := time.AfterFunc(sayBusyAfter, func() {
		defer close(said)
		gonbui.UpdateHTML(e.busy, `<p style="margin:4px 0"><i>A new network is compiled and trained …</i></p>`)
	})
	f, text, err := e.draw(at)
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
	image, err := f.imageWithin(int(e.width.Load()))
	if err != nil {
		return err
	}
	var where []string
	for i, k := range e.knobs {
		where = append(where, k.Label+" = "+k.Values[at[i]])
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
