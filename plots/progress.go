package plots

import (
	"fmt"
	"html"
	"time"

	"github.com/janpfeifer/gonb/gonbui"
)

const (
	progressAfter = 500 * time.Millisecond // shorter work shows no bar
	progressEvery = 250 * time.Millisecond
)

// Progress returns a function that shows, in the cell that calls it, a bar of how much of a longer piece of work is done,
// with the time that is left. The bar appears after half a second and is gone when all is done, so that a finished
// notebook does not depend on how fast the machine was. Outside a notebook nothing is shown.
func Progress(what string) func(done, total int) {
	if !gonbui.IsNotebook {
		return func(int, int) {}
	}
	id, start := "progress_"+gonbui.UniqueId(), time.Now()
	var last time.Time
	return func(done, total int) {
		now := time.Now()
		finished := done >= total
		if now.Sub(start) < progressAfter || (finished && last.IsZero()) || (!finished && now.Sub(last) < progressEvery) {
			return
		}
		last = now
		text := ""
		if !finished {
			left := time.Duration(float64(now.Sub(start)) / float64(max(done, 1)) * float64(total-done))
			text = fmt.Sprintf(`%s: %d of %d <progress value="%d" max="%d"></progress> about %s left`,
				html.EscapeString(what), done, total, done, total, left.Round(time.Second))
		}
		gonbui.UpdateHtml(id, text)
		gonbui.Sync()
	}
}
