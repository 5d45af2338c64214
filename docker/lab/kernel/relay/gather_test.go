package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// printing is a message of text.
func printing(cell, name, text string) *message {
	return execution(cell, "").answer(nil, "stream", stream{name, text})
}

// collected runs messages through a gatherer and returns the texts that it publishes, each with its stream.
func collected(messages ...*message) (texts []string) {
	g := newGatherer(func(m *message) {
		var s stream
		if m.header.Type == "stream" && m.content(&s) == nil {
			texts = append(texts, s.Name+": "+s.Text)
		} else {
			texts = append(texts, m.header.Type)
		}
	})
	for _, m := range messages {
		g.take(m)
	}
	return texts
}

func idleOf(cell string) *message {
	return execution(cell, "").answer(nil, "status", map[string]string{"execution_state": "idle"})
}

// Text is gathered within a stream and a cell, and nothing changes its place among the rest.
func TestGather(t *testing.T) {
	got := collected(printing("1", "stdout", "a\n"), printing("1", "stdout", "b"), printing("1", "stderr", "c"),
		execution("1", "").answer(nil, "display_data", nil), printing("1", "stdout", "d"), idleOf("1"), printing("2", "stdout", "e"), idleOf("2"))
	want := []string{"stdout: a\nb", "stderr: c", "display_data", "stdout: d", "status", "stdout: e", "status"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// What is printed and followed by nothing is shown soon.
func TestGatherWaitsNotLong(t *testing.T) {
	shown := make(chan *message, 1)
	g := newGatherer(func(m *message) { shown <- m })
	g.take(printing("1", "stdout", "a"))
	select {
	case <-shown:
	case <-time.After(time.Minute):
		t.Error("text is held for ever")
	}
}

// Of a hundred thousand lines the first and the last are shown, and how many are not; of the next cell all.
func TestGatherLimits(t *testing.T) {
	var messages []*message
	for i := range 100_000 {
		messages = append(messages, printing("1", "stdout", fmt.Sprintf("line %d\n", i)))
	}
	messages = append(messages, idleOf("1"), printing("2", "stdout", "two"), idleOf("2"))
	all := strings.Join(collected(messages...), "")
	if lines := strings.Count(all, "line "); lines != maxLines+tailLines {
		t.Errorf("%d lines are shown, want %d and the last %d", lines, maxLines, tailLines)
	}
	for _, want := range []string{"line 9999\n", fmt.Sprintf("… %d lines are left out", 100_000-maxLines-tailLines), "line 99999\n", "two"} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is not shown", want)
		}
	}
	endless := collected(printing("1", "stdout", strings.Repeat("x", 3*maxBytes)), idleOf("1"))
	if n := len(strings.Join(endless, "")); n > maxBytes {
		t.Errorf("%d bytes of one line are shown", n)
	}
}
