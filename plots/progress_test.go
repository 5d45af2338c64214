package plots

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// TestBar: a bar appears half a second after work was announced, whether or not a part of it is done by then, is drawn four times a
// second at most, and goes when all is done; work that is done before shows none.
func TestBar(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var shown []string
		b := &bar{what: "a < b", start: time.Now(), show: func(text string) { shown = append(shown, text) }}
		want := func(texts ...string) {
			t.Helper()
			synctest.Wait()
			if !slices.Equal(shown, texts) {
				t.Errorf("%v after the start %q is shown, want %q", time.Since(b.start), shown, texts)
			}
			shown = nil
		}
		b.set(0, 4)
		time.Sleep(progressAfter - time.Millisecond)
		want()
		time.Sleep(2 * time.Millisecond)
		want(`a &lt; b: 0 of 4 <progress value="0" max="4"></progress>`)
		b.set(1, 4)
		want() // too soon
		time.Sleep(1500*time.Millisecond - time.Since(b.start))
		b.set(3, 4)
		want(`a &lt; b: 3 of 4 <progress value="3" max="4"></progress> about 1s left`)
		b.set(4, 4)
		want("")

		quick := &bar{what: "quick", start: time.Now(), show: b.show}
		quick.set(0, 2)
		quick.set(2, 2)
		time.Sleep(time.Second)
		want()

		late := &bar{what: "late", start: time.Now(), show: b.show}
		time.Sleep(time.Second)
		late.set(1, 2) // whose work was not announced
		want(`late: 1 of 2 <progress value="1" max="2"></progress> about 1s left`)
	})
}
