package plots

import (
	"fmt"
	"html"
	"sync"
	"time"

	"github.com/janpfeifer/gonb/gonbui"
)

const (
	progressAfter = 500 * time.Millisecond // shorter work shows no bar
	progressEvery = 250 * time.Millisecond
)

// Progress returns a function that shows, in the cell that calls it, a bar of how much of a longer piece of work is done,
// with the time that is left. The bar appears half a second after work of which nothing is done yet has been announced, as
// RunAll and the ledger announce theirs, otherwise with the first part that is done; it is gone when all is done, so that a
// finished notebook does not depend on how fast the machine was. Outside a notebook nothing is shown.
func Progress(what string) func(done, total int) {
	if !gonbui.IsNotebook {
		return func(int, int) {}
	}
	id := "progress_" + gonbui.UniqueId()
	b := &bar{what: what, start: time.Now(), show: func(text string) {
		gonbui.UpdateHtml(id, text)
		gonbui.Sync()
	}}
	return b.set
}

// bar is a bar of progress.
type bar struct {
	what  string
	start time.Time
	show  func(text string)

	mu          sync.Mutex
	done, total int
	shown       time.Time
	waiting     *time.Timer // for the time at which the bar is due
}

// set takes how much is done.
func (b *bar) set(done, total int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.done, b.total = done, total
	now := time.Now()
	switch finished := done >= total; {
	case finished && b.waiting != nil:
		b.waiting.Stop()
		fallthrough
	case finished:
		if !b.shown.IsZero() {
			b.show("")
		}
		b.shown = time.Time{}
	case now.Sub(b.start) < progressAfter:
		if b.waiting == nil {
			b.waiting = time.AfterFunc(progressAfter-now.Sub(b.start), b.due)
		}
	case now.Sub(b.shown) >= progressEvery:
		b.draw(now)
	}
}

// due shows the bar when its time has come, unless all is done by then.
func (b *bar) due() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.done < b.total {
		b.draw(time.Now())
	}
}

func (b *bar) draw(now time.Time) {
	b.shown = now
	left := ""
	if b.done > 0 {
		rest := time.Duration(float64(now.Sub(b.start)) / float64(b.done) * float64(b.total-b.done))
		left = fmt.Sprintf(" about %s left", rest.Round(time.Second))
	}
	b.show(fmt.Sprintf(`%s: %d of %d <progress value="%d" max="%d"></progress>%s`, html.EscapeString(b.what), b.done, b.total, b.done, b.total, left))
}
