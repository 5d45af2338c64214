package plots

import (
	"html"
	"sync"

	"github.com/janpfeifer/gonb/gonbui"
)

// Line returns a function that shows a line of text in the cell that calls it, in place of the one before, and an empty one at the end: how far
// a sweep on a cluster is (cluster.Slurm). Outside a notebook nothing is shown.
func Line() func(text string) {
	if !gonbui.IsNotebook {
		return func(string) {}
	}
	id := "line_" + gonbui.UniqueId()
	return (&textLine{show: func(text string) {
		gonbui.UpdateHtml(id, text)
		gonbui.Sync()
	}}).set
}

// textLine shows what is not shown already.
type textLine struct {
	show func(text string)

	mu  sync.Mutex
	now string
}

func (l *textLine) set(text string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if text != l.now {
		l.now = text
		l.show(html.EscapeString(text))
	}
}
