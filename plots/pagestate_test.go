package plots

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestPageStateIsTheNewest has messages come in any order, some of them never: what counts is the last that the page sent, and the
// program is told of every change.
func TestPageStateIsTheNewest(t *testing.T) {
	knobs := []Knob{{Label: "α", Values: make([]string, 9)}, {Label: "depth", Values: make([]string, 3)}}
	source := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		s := pageState{changed: make(chan struct{}, 1), said: said{At: []int{0, 0}}}
		var sent []said
		for number := 1; number <= 12; number++ {
			sent = append(sent, said{Number: number, At: []int{source.IntN(9), source.IntN(3)}, Width: 800 + source.IntN(3), Fits: number / 4})
		}
		last := sent[len(sent)-1]
		for i := range sent {
			if source.IntN(4) == 0 && i < len(sent)-1 {
				sent[i].Number = -1 // lost
			}
		}
		source.Shuffle(len(sent), func(i, j int) { sent[i], sent[j] = sent[j], sent[i] })
		shown := s.now()
		for _, m := range sent {
			text, _ := json.Marshal(m)
			if m.Number < 0 {
				continue
			}
			answered := s.hear(string(text), knobs)
			if now := s.now(); answered != 0 && (answered != m.Number || now.Number != m.Number) {
				t.Fatalf("message %d was answered by %d and is followed by %+v", m.Number, answered, now)
			}
			select {
			case <-s.changed:
				shown = s.now()
			default:
			}
		}
		if !slices.Equal(shown.At, last.At) || shown.Fits != last.Fits || shown.Width != last.Width {
			t.Fatalf("%+v is shown, and the page last said %+v", shown, last)
		}
	}
}

// TestPageStateOfOtherMessages passes over what is not of these knobs, with no answer.
func TestPageStateOfOtherMessages(t *testing.T) {
	s := pageState{changed: make(chan struct{}, 1), said: said{At: []int{1}}}
	for _, text := range []string{"", "here 3", `{"Number":1}`, `{"Number":1,"At":[3]}`, `{"Number":1,"At":[-1]}`, `{"Number":1,"At":[0,0]}`, `{"Number":0,"At":[0]}`} {
		if got := s.hear(text, []Knob{{Label: "α", Values: make([]string, 3)}}); got != 0 || len(s.changed) != 0 || s.now().At[0] != 1 {
			t.Errorf("%q is answered by %d", text, got)
		}
	}
}
