package sweep

import (
	"fmt"
	"os"
	"time"

	"golang.org/x/term"
)

const showEvery = 200 * time.Millisecond

// Terminal returns a progress function that keeps one line of the standard error up to date, "sweep: 12 of 46, about 8s
// left", and removes it at the end. Where that is no terminal it shows nothing. In a notebook use plots.Progress.
func Terminal(what string) func(done, total int) {
	if !term.IsTerminal(int(os.Stderr.Fd())) {
		return func(int, int) {}
	}
	start := time.Now()
	var last time.Time
	return func(done, total int) {
		const clear = "\r\x1b[K"
		now := time.Now()
		switch {
		case done >= total:
			fmt.Fprint(os.Stderr, clear)
		case now.Sub(last) >= showEvery:
			last = now
			fmt.Fprintf(os.Stderr, "%s%s: %d of %d, about %s left", clear, what, done, total, timeLeft(now.Sub(start), done, total))
		}
	}
}

// timeLeft supposes that the rest takes as long a run as what is done.
func timeLeft(passed time.Duration, done, total int) time.Duration {
	return time.Duration(float64(passed) / float64(max(done, 1)) * float64(total-done)).Round(time.Second)
}
