package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"time"
)

// What a page of a notebook holds without becoming slow.
const (
	maxLines  = 10_000
	maxBytes  = 1 << 20
	tailLines = 20 // the last ones, which are shown in any case
	pause     = 50 * time.Millisecond
)

// gatherer publishes what gonb publishes, with the text of a cell gathered: gonb sends a message for each write of the cell's
// program, and a browser that is sent a hundred thousand of them stands still for half a minute.
type gatherer struct {
	publish func(m *message)

	mu    sync.Mutex
	held  *message // the first message of text that is not published yet
	text  strings.Builder
	name  string // of its stream
	cells map[string]*printed
	timer *time.Timer
}

// printed is what a cell has printed so far.
type printed struct {
	lines, bytes int
	left         int // lines left out
	tail         []string
}

func newGatherer(publish func(m *message)) *gatherer {
	return &gatherer{publish: publish, cells: map[string]*printed{}}
}

// stream is the content of a message of text.
type stream struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

// take takes a message that gonb publishes.
func (g *gatherer) take(m *message) {
	g.mu.Lock()
	defer g.mu.Unlock()
	var s stream
	if m.header.Type != "stream" || m.content(&s) != nil {
		g.flush()
		if idle(m) {
			g.finish(m)
		}
		g.publish(m)
		return
	}
	if g.held != nil && (g.name != s.Name || g.held.parent.ID != m.parent.ID) {
		g.flush()
	}
	text := g.cell(m).take(s.Text)
	if text == "" {
		return
	}
	if g.held == nil {
		g.held, g.name = m, s.Name
		g.timer = time.AfterFunc(pause, func() {
			g.mu.Lock()
			defer g.mu.Unlock()
			g.flush()
		})
	}
	g.text.WriteString(text)
}

// flush publishes the text that is held.
func (g *gatherer) flush() {
	if g.held == nil {
		return
	}
	g.timer.Stop()
	g.send(g.held, g.name, g.text.String())
	g.held = nil
	g.text.Reset()
}

// send publishes text as one message, in place of the one given.
func (g *gatherer) send(m *message, name, text string) {
	whole := *m
	whole.raw[partContent], _ = json.Marshal(stream{name, text})
	g.publish(&whole)
}

// cell is what the cell of a message has printed.
func (g *gatherer) cell(m *message) *printed {
	p := g.cells[m.parent.ID]
	if p == nil {
		p = &printed{}
		g.cells[m.parent.ID] = p
	}
	return p
}

// finish says what was left out of a cell's text, and shows its end.
func (g *gatherer) finish(m *message) {
	p := g.cells[m.parent.ID]
	delete(g.cells, m.parent.ID)
	if p == nil || p.left == 0 {
		return
	}
	p.left -= strings.Count(strings.Join(p.tail, ""), "\n")
	text := fmt.Sprintf("\n… %d lines are left out here, for a page of a notebook holds about %d: print fewer, or write them to a file …\n",
		max(p.left, 0), maxLines)
	said := *m
	said.header.Type = "stream"
	said.raw[partHeader], _ = json.Marshal(said.header)
	g.send(&said, "stdout", text+strings.Join(p.tail, ""))
}

// take returns what is shown of further text.
func (p *printed) take(text string) (shown string) {
	for text != "" {
		line, rest, ended := strings.Cut(text, "\n")
		if ended {
			line += "\n"
		}
		text = rest
		if p.lines < maxLines && p.bytes+len(line) <= maxBytes && p.left == 0 {
			p.lines += strings.Count(line, "\n")
			p.bytes += len(line)
			shown += line
			continue
		}
		p.keep(line)
	}
	return shown
}

// keep counts a line, or a piece of one, that is not shown, and holds it while it is among the last.
func (p *printed) keep(line string) {
	p.left++
	const longest = maxBytes / tailLines
	if n := len(p.tail); n > 0 && !strings.HasSuffix(p.tail[n-1], "\n") {
		p.left--
		line, p.tail = p.tail[n-1]+line, p.tail[:n-1]
	}
	if len(line) > longest {
		line = line[len(line)-longest:]
	}
	if p.tail = append(p.tail, line); len(p.tail) > tailLines {
		p.tail = p.tail[1:]
	}
}

// idle reports whether the message says that a request is done with.
func idle(m *message) bool {
	var s struct {
		State string `json:"execution_state"`
	}
	return m.header.Type == "status" && m.content(&s) == nil && s.State == "idle"
}
