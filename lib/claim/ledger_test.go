package claim

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"

	"alphascale/lib/lab"

	"alphascale/lib/judge"
	"alphascale/lib/result"
	"alphascale/lib/scaling"
)

// verdicts are what the measurements must come to, over all settings that count and in the article's own.
var verdicts = map[string][2]judge.Verdict{
	"W1": {judge.Depends, judge.True}, "W2": {judge.Depends, judge.Depends},
	"G1": {judge.Depends, judge.Depends}, "G2": {judge.Depends, judge.Depends}, "G3": {judge.Depends, judge.False},
	"G4": {judge.False, judge.False}, "G5": {judge.Depends, judge.False},
	"R1": {judge.Depends, judge.Depends}, "R2": {judge.Depends, judge.Depends},
	"P1": {judge.Depends, judge.False}, "P2": {judge.Depends, judge.True},
	"B1": {judge.Depends, judge.Depends}, "B2": {judge.Depends, judge.False}, "B3": {judge.Depends, judge.Depends},
	"B4": {judge.Depends, judge.Depends}, "S1": {judge.Depends, judge.Depends},
}

// check reports an entry that is judged otherwise.
func check(t *testing.T, entry Entry) {
	t.Helper()
	want, first := verdicts[entry.ID]
	if !first {
		want = verdictsBeyond[entry.ID]
	}
	if got := [2]judge.Verdict{entry.Verdict, entry.Own}; got != want {
		t.Errorf("%s is judged %v, want %v: %s", entry.ID, got, want, entry.Reason)
	}
}

// Every verdict is earned: it comes out as it should, and with the law's exponents wrong by a tenth, or with another
// operation in place of the claim's own, the law is refuted and nothing is judged.
func TestVerdicts(t *testing.T) {
	l := lab.New(lab.Quick)
	defer l.Close()
	var progress steps
	entries, err := All(t.Context(), l, progress.step)
	if err != nil || len(entries) != len(verdicts) {
		t.Fatalf("%d entries and %v, want %d", len(entries), err, len(verdicts))
	}
	progress.check(t, 3*len(verdicts))
	altered, err := All(t.Context(), l.WithError(0.1), nil)
	if err != nil {
		t.Fatal(err)
	}
	for i, entry := range entries {
		t.Run(entry.ID, func(t *testing.T) {
			checkEarned(t, l, entry, altered[i])
		})
	}
	checkLedger(t, Ledger(entries), entries)
	checkMonitors(t, l)
}

// checkEarned reports a verdict that is another one than it should be, or that is no other under either alteration.
func checkEarned(t *testing.T, l *lab.Lab, entry, altered Entry) {
	t.Helper()
	check(t, entry)
	t.Logf("%s, in its own setting %s, in %.2f s. Changed by %s", entry.Verdict, entry.Own, entry.Took.Seconds(), strings.Join(entry.Changes(), "; "))
	checkFigures(t, entry)
	checkSettings(t, entry)
	checkSpoiled(t, entry)
	if altered.Verdict != judge.NotJudged {
		t.Errorf("with the exponents wrong by a tenth it is judged %s all the same", altered.Verdict)
	}
	other := scaling.OpScaleLearningRate
	if entry.Operation == other {
		other = scaling.OpRescale
	}
	if swapped := entry.Judge(t.Context(), l.WithSwap(entry.Operation, other)); swapped.Verdict != judge.NotJudged {
		t.Errorf("with %s in place of %s it is judged %s all the same", other, entry.Operation, swapped.Verdict)
	}
}

// TestVerdictsOfReport judges as make report does, with five seeds. It takes minutes and asks what TestVerdicts asks with
// one seed, so it is run before a release and where a claim changes.
func TestVerdictsOfReport(t *testing.T) {
	if os.Getenv("ALPHASCALE_SLOW") == "" {
		t.Skip("the ledger with the report's five seeds takes minutes: ALPHASCALE_SLOW=1 asks for it")
	}
	l := lab.New(lab.Full)
	defer l.Close()
	entries, err := All(t.Context(), l, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		check(t, entry)
	}
}

// steps follows a progress.
type steps struct {
	done, total []int
}

func (s *steps) step(done, total int) {
	if done == 0 && len(s.done) == 0 { // the announcement
		return
	}
	s.done, s.total = append(s.done, done), append(s.total, total)
}

// check reports a progress that jumps, does not end, or has fewer steps than it should.
func (s *steps) check(t *testing.T, least int) {
	for i, done := range s.done {
		if done != i+1 || s.total[i] != len(s.done) {
			t.Errorf("step %d of %d says %d of %d", i+1, len(s.done), done, s.total[i])
			break
		}
	}
	if len(s.done) < least {
		t.Errorf("the progress has %d steps, want %d or more", len(s.done), least)
	}
}

func checkLedger(t *testing.T, table result.Table, entries []Entry) {
	if len(table.Rows) != len(entries) {
		t.Fatalf("the ledger has %d rows for %d entries", len(table.Rows), len(entries))
	}
	for i, row := range table.Rows {
		e := entries[i]
		if len(row) != len(table.Columns) || row[0] != e.ID || row[2] != string(e.Verdict) || row[3] != string(e.Own) || row[5] != e.Found {
			t.Errorf("the row of %s is %q", e.ID, row)
		}
	}
}

// A row counts what held and what was refuted, and says why a claim is not judged.
func TestLedgerCounts(t *testing.T) {
	holds, refuted := judge.Exact("x", 1, 1, 0), judge.Exact("x", 2, 1, 0)
	entry := Entry{
		Claim: Claim{ID: "X1", Says: "says", Found: "found"}, Verdict: judge.NotJudged, Own: judge.NotJudged, Reason: "reason",
		Cases: []Case{{Checks: []judge.Check{holds, refuted}, Controls: []judge.Check{refuted}}, {Checks: []judge.Check{holds}, Controls: []judge.Check{holds}}},
	}
	got := strings.Join(Ledger([]Entry{entry}).Rows[0], "|")
	if want := "X1|says|not judged|not judged||reason|2/3, 1/2"; got != want {
		t.Errorf("row %s, want %s", got, want)
	}
}

// A ledger's links are to the chapters of its own rows: a table refuses a link from a row that it lacks.
func TestLinks(t *testing.T) {
	for _, part := range [][]Claim{Claims(), Beyond()} {
		var entries []Entry
		for _, c := range part {
			entries = append(entries, Entry{Claim: c})
		}
		links := Links(entries)
		if len(links) != len(part) {
			t.Errorf("%d links for %d claims", len(links), len(part))
		}
		for _, row := range Ledger(entries).Rows {
			link, found := links[row[0]]
			if _, err := os.Stat("../../notebooks/" + link); !found || err != nil {
				t.Errorf("%s leads to no notebook: %q, %v", row[0], link, err)
			}
		}
	}
}

func TestByID(t *testing.T) {
	if c, err := ByID("g5"); err != nil || c.ID != "G5" {
		t.Errorf("ByID(g5) is %q, %v", c.ID, err)
	}
	if _, err := ByID("G6"); err == nil || !strings.Contains(err.Error(), "W1, W2, G1") {
		t.Errorf("ByID(G6) says %v, want the list of ids", err)
	}
}

// What cannot be measured is not judged, whatever was measured before, and the progress goes on behind it.
func TestNotJudged(t *testing.T) {
	l := lab.New(lab.Quick)
	defer l.Close()
	sound := soundCase("one")
	c := Claim{experiments: []experiment{
		func(context.Context, *lab.Lab) (Case, error) { return sound, nil },
		func(context.Context, *lab.Lab) (Case, error) {
			return Case{Setting: "two"}, errors.New("no such device")
		},
		func(context.Context, *lab.Lab) (Case, error) { panic("an experiment after one that failed") },
	}}
	var progress steps
	entry := c.judge(t.Context(), l, func(done int) { progress.step(done, 3) })
	if entry.Verdict != judge.NotJudged || entry.Reason != "two: no such device" || len(entry.Cases) != 1 {
		t.Errorf("judged %s with %d cases since %q", entry.Verdict, len(entry.Cases), entry.Reason)
	}
	if last := len(progress.done) - 1; progress.done[last] != 3 {
		t.Errorf("the progress ends at %d of 3", progress.done[last])
	}
}

func TestAllEndsWithItsContext(t *testing.T) {
	l := lab.New(lab.Quick)
	defer l.Close()
	ctx, cancel := context.WithCancel(t.Context())
	entries, err := All(ctx, l, func(done, _ int) {
		if done == 2 {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) || len(entries) != 1 {
		t.Fatalf("%d entries and %v, want the first claim's and that it was cancelled", len(entries), err)
	}
	if e := entries[0]; e.Verdict != judge.NotJudged || len(e.Cases) != 2 || !strings.Contains(e.Reason, "canceled") {
		t.Errorf("the first claim is judged %s with %d cases: %q", e.Verdict, len(e.Cases), e.Reason)
	}
	if entries, err = All(ctx, l, nil); len(entries) != 0 || !errors.Is(err, context.Canceled) {
		t.Errorf("%d entries and %v under a context that has ended", len(entries), err)
	}
}

// On a backend that cannot run it no claim is judged, and each says why. The backend is opened once per process, so this
// takes another one.
func TestBackendThatCannotRun(t *testing.T) {
	const missing, inside = "xla:no-such-plugin", "ALPHASCALE_CLAIM_CHILD"
	if os.Getenv(inside) == "" {
		child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestBackendThatCannotRun$")
		child.Env = append(os.Environ(), inside+"=1", "GOMLX_BACKEND="+missing)
		if out, err := child.CombinedOutput(); err != nil {
			t.Errorf("%v:\n%s", err, out)
		}
		return
	}
	l := lab.New(lab.Quick)
	defer l.Close()
	entries, err := All(t.Context(), l, nil)
	if err != nil || len(entries) != len(verdicts) {
		t.Fatalf("%d entries and %v", len(entries), err)
	}
	for _, e := range entries {
		if e.Verdict != judge.NotJudged || !strings.Contains(e.Reason, missing) {
			t.Errorf("%s is judged %s: %q", e.ID, e.Verdict, e.Reason)
		}
	}
}
