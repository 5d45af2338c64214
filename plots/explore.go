package plots

import (
	_ "embed"
	"fmt"
	"html"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"github.com/janpfeifer/gonb/gonbui"
	"github.com/janpfeifer/gonb/gonbui/comms"
	"github.com/janpfeifer/gonb/gonbui/dom"
	"github.com/janpfeifer/gonb/gonbui/widgets"
)

// Knob is what a reader turns: a slider over ordered values, or a choice among others.
type Knob struct {
	Label  string   // "α"
	Values []string // what is shown at each position, "2⁻³"
	Start  int      // the first position
	Choice bool     // a list to choose from instead of a slider
}

const (
	// idleAfter is how long an explorer waits for a reader, so that the cells behind it get their turn.
	idleAfter = 3 * time.Minute
	// connectWithin is how long a browser may take to show the knobs.
	connectWithin = 10 * time.Second
)

// Explore shows knobs above a figure and draws it anew whenever one moves; draw gets their positions and also returns a
// sentence to be shown above the figure. It returns once nobody has moved a knob for three minutes; an interrupt of the
// kernel ends it at once. A knob that is moved after that, or without a connection, says within two seconds that nobody
// answers, and what to do.
//
// Where no knob can work (a notebook that is executed without a browser, an exported page, a test) the strip stands in
// their place: one figure for each of the given positions. Their names are NAME-a, NAME-b and so on; see Show.
//
// An error comes back for knobs that have no such position, if there is no strip, and from draw.
func Explore(name string, knobs []Knob, strip [][]int, draw func(at []int) (*Figure, string, error)) error {
	if err := checkKnobs(knobs, strip); err != nil {
		return fmt.Errorf("explorer %q: %w", name, err)
	}
	if gonbui.IsNotebook && os.Getenv("JPY_SESSION_NAME") != "" {
		e := explorer{
			knobs: knobs, draw: draw, figure: "alphascale-figure-" + gonbui.UniqueId(),
			answers: "/alphascale/answers/" + gonbui.UniqueId(),
		}
		if shown, err := e.show(); shown || err != nil {
			return err
		}
	}
	for i, at := range strip {
		f, _, err := draw(at)
		if err != nil {
			return err
		}
		if err := Show(fmt.Sprintf("%s-%c", name, 'a'+rune(i)), f); err != nil {
			return err
		}
	}
	return nil
}

func checkKnobs(knobs []Knob, strip [][]int) error {
	if len(knobs) == 0 || len(strip) == 0 {
		return fmt.Errorf("%d knobs and a strip of %d figures: give at least one of each", len(knobs), len(strip))
	}
	for _, k := range knobs {
		if k.Start < 0 || k.Start >= len(k.Values) {
			return fmt.Errorf("knob %s starts at position %d of %d", k.Label, k.Start, len(k.Values))
		}
	}
	for _, at := range strip {
		if len(at) != len(knobs) {
			return fmt.Errorf("the strip names positions %v of %d knobs", at, len(knobs))
		}
		for i, k := range knobs {
			if at[i] < 0 || at[i] >= len(k.Values) {
				return fmt.Errorf("the strip asks for position %d of knob %s, which has %d", at[i], k.Label, len(k.Values))
			}
		}
	}
	return nil
}

// explorer is one that runs in a browser.
type explorer struct {
	knobs    []Knob
	draw     func(at []int) (*Figure, string, error)
	figure   string // id of the place where the figure is shown
	answers  string // address where the page hears that a move has arrived
	answered atomic.Int64
}

// What stands beside the knobs where there are none, as in a page that was loaded again, and where they get no answer.
const (
	noKnobs  = "Knobs stand here while the cell runs: run it again to move them."
	noAnswer = "No answer: the cell has ended or the connection is lost. Run the cell again."
)

//go:embed answers.js
var answersScript string

// move is a knob's new position.
type move struct{ knob, position int }

// show returns false if no browser shows the knobs.
func (e *explorer) show() (shown bool, err error) {
	moves := make(chan move, 1024)
	ready := make(chan struct{})
	row := "alphascale-knobs-" + gonbui.UniqueId()
	gonbui.DisplayHtml(fmt.Sprintf(`<div id="%s" style="display:flex;flex-wrap:wrap;gap:4px 18px;align-items:center"></div>`+
		`<p id="%s-note"><b>%s</b></p>`, row, row, noKnobs))
	go func() { // blocks where there is no browser
		for i, k := range e.knobs {
			e.build(row, i, k, moves)
		}
		dom.TransientJavascript(strings.NewReplacer("ROW", row, "NOTE", row+"-note", "SENTENCE", noAnswer,
			"ADDRESS", e.answers).Replace(answersScript))
		close(ready)
	}()
	select {
	case <-ready:
	case <-time.After(connectWithin):
		return false, nil
	}
	at := make([]int, len(e.knobs))
	for i, k := range e.knobs {
		at[i] = k.Start
	}
	for {
		if err := e.redraw(at, "Move a knob."); err != nil {
			return true, err
		}
		select {
		case m := <-moves:
			at[m.knob] = m.position
		case <-time.After(idleAfter):
			return true, e.redraw(at, "The knobs are at rest: run the cell again to wake them.")
		}
		for len(moves) > 0 { // only the last position of each counts
			m := <-moves
			at[m.knob] = m.position
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
	f, text, err := e.draw(at)
	if err != nil {
		return err
	}
	image, err := f.image()
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

// Labels are the values of a knob as text.
func Labels[T any](values []T) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = fmt.Sprint(v)
	}
	return out
}
