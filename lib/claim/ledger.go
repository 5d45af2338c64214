package claim

import (
	"fmt"
	"strings"

	"alphascale/lib/judge"
	"alphascale/lib/result"
)

// Ledger is the table of verdicts: over all settings that count by the [Rule], in the article's own setting, and what changes it.
func Ledger(entries []Entry) result.Table {
	return ledger("The ledger", "the article says", entries, func(e Entry) string { return e.Says })
}

// SecondLedger is the table for the second part, with who says it.
func SecondLedger(entries []Entry) result.Table {
	return ledger("The ledger, part two", "what is said", entries, func(e Entry) string { return e.Says + " (" + e.By + ")" })
}

func ledger(title, said string, entries []Entry, says func(Entry) string) result.Table {
	t := result.Table{Title: title, Columns: []result.Quantity{
		{Name: "id"},
		{Name: said},
		{Name: "verdict"},
		{Name: "in its own setting"},
		{Name: "what changes it"},
		{Name: "what is so"},
		{Name: "checks held and controls refuted"},
	}}
	for _, e := range entries {
		found, changes := e.Found, strings.Join(e.Changes(), "; ")
		if e.Reason != "" {
			found, changes = e.Reason, ""
		}
		t.Rows = append(t.Rows, []string{e.ID, says(e), string(e.Verdict), string(e.Own), changes, found, e.counted()})
	}
	return t
}

// counted is how many checks hold and how many controls are refuted, each out of how many, in all settings.
func (e Entry) counted() string {
	hold, checks, refuted, controls := 0, 0, 0, 0
	for _, c := range e.Cases {
		checks, controls = checks+len(c.Checks), controls+len(c.Controls)
		hold += count(c.Checks, judge.Check.Holds)
		refuted += count(c.Controls, judge.Check.Refuted)
	}
	return fmt.Sprintf("%d/%d, %d/%d", hold, checks, refuted, controls)
}

func count(checks []judge.Check, which func(judge.Check) bool) (n int) {
	for _, c := range checks {
		if which(c) {
			n++
		}
	}
	return n
}

// Links leads from the id of each entry, as the first column of its table has it, to the notebook that is about it.
func Links(entries []Entry) map[string]string {
	out := map[string]string{}
	for _, e := range entries {
		out[e.ID] = e.Chapter + ".ipynb"
	}
	return out
}
