package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// request is a message of a client.
func request(id, kind string, content any) *message {
	m := &message{identities: [][]byte{[]byte("client")}, header: header{ID: id, Type: kind}}
	m.raw[partHeader], _ = json.Marshal(m.header)
	m.raw[partParent], m.raw[partMetadata] = []byte("{}"), []byte("{}")
	m.raw[partContent], _ = json.Marshal(content)
	return m
}

func execution(id, code string) *message {
	return request(id, "execute_request", map[string]any{"code": code, "stop_on_error": true})
}

// recorder notes what a queue sends, as "gonb: 1" and "reply: 2 aborted".
type recorder struct{ said []string }

func (r *recorder) wires() wires {
	return wires{
		toGonb: func(m *message) { r.said = append(r.said, "gonb: "+m.header.ID) },
		toJupyter: func(m *message) {
			var c struct{ Status string }
			_ = m.content(&c)
			r.said = append(r.said, fmt.Sprintf("reply: %s %s", m.parent.ID, c.Status))
		},
		publish: func(m *message) {
			if m.header.Type == "error" {
				r.said = append(r.said, "error: "+m.parent.ID)
			}
		},
	}
}

func (r *recorder) want(t *testing.T, want ...string) {
	t.Helper()
	if !slices.Equal(r.said, want) {
		t.Errorf("%q, want %q", r.said, want)
	}
	r.said = nil
}

// What waits behind a cell that fails is refused, and what comes later is executed.
func TestQueueStopsAtAnError(t *testing.T) {
	r := &recorder{}
	q := &queue{wires: r.wires()}
	one, two := execution("1", "one"), execution("2", "two")
	q.request(one)
	q.request(two)
	q.request(execution("3", "three"))
	q.reply(one.answer(nil, "execute_reply", map[string]string{"status": "ok"}))
	q.reply(two.answer(nil, "execute_reply", map[string]string{"status": "error"}))
	q.request(execution("4", "four"))
	r.want(t, "gonb: 1", "reply: 1 ok", "gonb: 2", "reply: 2 error", "reply: 3 aborted", "gonb: 4")
}

// A client may ask for the next execution as soon as it has the answer to one that failed: it is executed.
func TestQueueGoesOnAfterAnAnswer(t *testing.T) {
	r := &recorder{}
	wires, q, asked := r.wires(), &queue{}, make(chan bool)
	record := wires.toJupyter
	wires.toJupyter = func(m *message) {
		record(m)
		go func() {
			q.request(execution("2", "two"))
			close(asked)
		}()
		select { // gives the client all the time that it takes, were it let in
		case <-asked:
		case <-time.After(20 * time.Millisecond):
		}
	}
	q.wires = wires
	one := execution("1", "one")
	q.request(one)
	q.reply(one.answer(nil, "execute_reply", map[string]string{"status": "error"}))
	<-asked
	r.want(t, "gonb: 1", "reply: 1 error", "gonb: 2")
}

// A client that goes on after errors, as nbclient does where it is told to, gets all that it asked for.
func TestQueueGoesOnWhereItIsTold(t *testing.T) {
	r := &recorder{}
	q := &queue{wires: r.wires()}
	one := request("1", "execute_request", map[string]any{"code": "", "stop_on_error": false})
	q.request(one)
	q.request(execution("2", ""))
	q.reply(one.answer(nil, "execute_reply", map[string]string{"status": "error"}))
	r.want(t, "gonb: 1", "reply: 1 error", "gonb: 2")
}

func TestQueueInterrupted(t *testing.T) {
	r := &recorder{}
	q := &queue{wires: r.wires()}
	one := execution("1", "")
	q.interrupt()
	q.request(one)
	q.request(request("i", "inspect_request", nil)) // is no execution, and waits for none
	q.request(execution("2", ""))
	q.interrupt()
	q.reply(one.answer(nil, "execute_reply", map[string]string{"status": "error"}))
	r.want(t, "gonb: 1", "gonb: i", "reply: 2 aborted", "reply: 1 error")
}

// A cell that reads standard input is refused when its turn comes, and ends what is behind it.
func TestQueueRefusesInput(t *testing.T) {
	r := &recorder{}
	q := &queue{wires: r.wires()}
	one := execution("1", "")
	q.request(one)
	q.request(execution("2", "fmt.Scanln(&x)"))
	q.request(execution("3", ""))
	r.want(t, "gonb: 1")
	q.reply(one.answer(nil, "execute_reply", map[string]string{"status": "ok"}))
	r.want(t, "reply: 1 ok", "error: 2", "reply: 2 error", "reply: 3 aborted")
}

func TestReadsInput(t *testing.T) {
	for code, want := range map[string]string{
		"fmt.Scan(&x)":                                    "fmt.Scan",
		"r := bufio.NewReader(os.Stdin)":                  "os.Stdin",
		`%%` + "\nfmt.Scanln(&x)":                         "fmt.Scanln",
		`fmt.Println("os.Stdin") // fmt.Scan`:             "",
		"fmt.Sscan(text, &x)":                             "",
		"my.os.Stdin":                                     "os.Stdin", // rather one too many than a notebook that hangs
		"!echo it's fine":                                 "",
		"gonbui.RequestInput(\"x\", false); fmt.Scan(&x)": "fmt.Scan",
	} {
		if got := readsInput(code); got != want {
			t.Errorf("%q reads %q, want %q", code, got, want)
		}
	}
	if why := unreadable(execution("1", `gonbui.RequestInput("x", false); fmt.Scan(&x)`)); why != "" {
		t.Errorf("a cell that asks is refused: %s", why)
	}
}

func TestCompleteImport(t *testing.T) {
	packages := func() []string { return []string{"alphascale/lib/law", "alphascale/lib/scaling", "fmt"} }
	for code, want := range map[string][]string{
		`import "alphascale/lib/s`:                {"alphascale/lib/scaling"},
		"import (\n\t\"fmt\"\n\tl \"alphascale/l": {"alphascale/lib/law", "alphascale/lib/scaling"},
		"α := 1\nimport \"fm":                     {"fmt"},
		`import "nowhere/`:                        {},
		`import "fmt"`:                            nil,
		"import (\n\"fmt\"\n)\n%%\nx := \"al":     nil,
		`fmt.Pri`:                                 nil,
	} {
		reply := completeImport(request("1", "complete_request", map[string]any{"code": code, "cursor_pos": len([]rune(code))}), packages)
		if (reply == nil) != (want == nil) {
			t.Errorf("%q: answered %v, want %v", code, reply != nil, want != nil)
		}
		if reply == nil {
			continue
		}
		var c struct {
			Matches []string
			Start   int `json:"cursor_start"`
		}
		_ = reply.content(&c)
		if !slices.Equal(c.Matches, want) || c.Start != len([]rune(code[:strings.LastIndex(code, `"`)+1])) {
			t.Errorf("%q: %q from %d, want %q", code, c.Matches, c.Start, want)
		}
	}
}

// A message is passed on as it came; one that is not signed with the key is not.
func TestMessageOnTheWire(t *testing.T) {
	key := []byte("key")
	m := execution("1", "α")
	m.buffers = [][]byte{{1, 2}}
	frames := m.frames(key)
	again, err := parse(frames, key)
	if err != nil || again.header.ID != "1" || len(again.buffers) != 1 {
		t.Fatalf("%+v (%v)", again, err)
	}
	for i, frame := range again.frames(key) {
		if string(frame) != string(frames[i]) {
			t.Errorf("frame %d is %q, was %q", i, frame, frames[i])
		}
	}
	if _, err := parse(frames, []byte("other")); err == nil {
		t.Error("another key signs as well")
	}
	if _, err := parse(frames[:4], key); err == nil {
		t.Error("half a message is one")
	}
}

// Jupyter writes the language into the notebooks that it opens, so it is that of the committed ones on every machine.
func TestLanguageIsThatOfTheNotebooks(t *testing.T) {
	var sent *message
	q := &queue{wires: wires{toJupyter: func(m *message) { sent = m }}}
	q.reply(request("1", "kernel_info_request", nil).answer(nil, "kernel_info_reply",
		map[string]any{"banner": "gonb", "language_info": map[string]string{"name": "go", "version": "go1.99"}}))
	var got struct {
		Banner   string
		Language map[string]string `json:"language_info"`
	}
	if err := sent.content(&got); err != nil || got.Banner != "gonb" {
		t.Fatalf("%+v (%v)", got, err)
	}
	committed, err := os.ReadFile("../../../../notebooks/00_start.ipynb")
	if err != nil {
		t.Fatal(err)
	}
	var nb struct {
		Metadata struct {
			Language map[string]string `json:"language_info"`
		}
	}
	if err := json.Unmarshal(committed, &nb); err != nil || !maps.Equal(nb.Metadata.Language, got.Language) {
		t.Errorf("the kernel says %v and the notebook %v (%v)", got.Language, nb.Metadata.Language, err)
	}
}
