package claim

import (
	"bytes"
	"fmt"
	"runtime"
	"testing"

	"alphascale/lib/lab"

	"alphascale/lib/judge"
	"alphascale/lib/result"
)

// TestSameOnOneWorker judges a claim with one run at a time and with as many as there are devices: the ledger, the checks
// and the figures' files are the same, byte for byte.
func TestSameOnOneWorker(t *testing.T) {
	all := runtime.GOMAXPROCS(0)
	defer runtime.GOMAXPROCS(all)
	var want string
	for i, workers := range []int{1, max(2, all)} {
		runtime.GOMAXPROCS(workers)
		got := written(t, "R1")
		if i == 0 {
			want = got
		} else if at := firstDifference(got, want); at >= 0 {
			t.Fatalf("with %d workers it is %q and with one %q", workers, around(got, at), around(want, at))
		}
	}
}

// written is all that a new lab finds of claims, as it is shown and kept in files.
func written(t *testing.T, ids ...string) string {
	t.Helper()
	l := lab.New(lab.Quick)
	defer l.Close()
	var out bytes.Buffer
	var entries []Entry
	for _, id := range ids {
		c, err := ByID(id)
		if err != nil {
			t.Fatal(err)
		}
		entry := c.Judge(t.Context(), l)
		if entry.Verdict == judge.NotJudged {
			t.Fatalf("%s: %s", id, entry.Reason)
		}
		entries = append(entries, entry)
		for _, found := range entry.Cases {
			fmt.Fprintf(&out, "%+v\n", found)
			for _, series := range found.Series {
				if err := result.WriteSeries(&out, []result.Series{series}); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	if err := result.WriteTable(&out, Ledger(entries)); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func firstDifference(a, b string) int {
	for i := range max(len(a), len(b)) {
		if i >= len(a) || i >= len(b) || a[i] != b[i] {
			return i
		}
	}
	return -1
}

// around is a text near a place.
func around(text string, at int) string {
	return text[max(0, min(at, len(text))-100):min(len(text), at+100)]
}
