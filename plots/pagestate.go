package plots

import (
	"encoding/json"
	"slices"
	"sync"
	"time"
)

// said is what a page says of itself: the number of the message, where its knobs stand, how wide it is in pixels, and how often its
// axes were to be fitted to what is shown.
type said struct {
	Number int
	At     []int
	Width  int
	Fits   int
}

// pageState is the newest that a page has said. Messages may come in another order than they were sent, since gonb delivers each in a
// goroutine of its own, and one may be lost: each holds the whole state, and an older one than the newest is passed over.
type pageState struct {
	mu           sync.Mutex
	said         said
	moved, heard time.Time     // when a knob was last moved, and the page last heard
	changed      chan struct{} // holds one if the state is another than it was, or is the first
}

// hear takes a message. It returns its number, by which the page knows that it has arrived, or 0 for one that is passed over: older than
// the newest, of other knobs, or no message at all.
func (s *pageState) hear(text string, knobs []Knob) int {
	var new said
	if json.Unmarshal([]byte(text), &new) != nil || len(new.At) != len(knobs) {
		return 0
	}
	for i, at := range new.At {
		if at < 0 || at >= len(knobs[i].Values) {
			return 0
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if new.Number <= s.said.Number {
		return 0
	}
	first, old := s.said.Number == 0, s.said
	s.said, s.heard = new, time.Now()
	asked := first || !slices.Equal(new.At, old.At) || new.Fits != old.Fits
	if asked {
		s.moved = s.heard
	}
	if asked || new.Width != old.Width {
		select {
		case s.changed <- struct{}{}:
		default: // what is there stands for this change too
		}
	}
	return new.Number
}

// now is the newest that the page has said.
func (s *pageState) now() said {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.said
}

// times are when a knob was last moved, and when the page was last heard.
func (s *pageState) times() (moved, heard time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.moved, s.heard
}
