package claim

import (
	"strings"
	"testing"

	"alphascale/lib/lab"

	"alphascale/lib/judge"
)

// verdictsBeyond are what the measurements of the second part must come to, over all settings that count and in the sentence's own.
var verdictsBeyond = map[string][2]judge.Verdict{
	"OS1": {judge.Depends, judge.True}, "OS2": {judge.Depends, judge.True}, "OS3": {judge.Depends, judge.True},
}

// TestVerdictsBeyond asks of the second part what TestVerdicts does of the first, and who says the sentence.
func TestVerdictsBeyond(t *testing.T) {
	l := lab.New(lab.Quick)
	defer l.Close()
	var ids []string
	for _, c := range Beyond() {
		ids = append(ids, c.ID)
		if c.By == "" || !strings.HasPrefix(c.Link, "https://") || len(c.Setting) == 0 {
			t.Errorf("%s: said by %q at %q of the setting %v: a sentence of the second part says all three", c.ID, c.By, c.Link, c.Setting)
		}
	}
	entries, err := Some(t.Context(), l, nil, ids...)
	if err != nil || len(entries) != len(verdictsBeyond) {
		t.Fatalf("%d entries, %v, want %d", len(entries), err, len(verdictsBeyond))
	}
	altered, err := Some(t.Context(), l.WithError(0.1), nil, ids...)
	if err != nil {
		t.Fatal(err)
	}
	for i, entry := range entries {
		t.Run(entry.ID, func(t *testing.T) { checkEarned(t, l, entry, altered[i]) })
	}
	for i, row := range SecondLedger(entries).Rows {
		if e := entries[i]; row[0] != e.ID || !strings.Contains(row[1], e.By) || row[2] != string(e.Verdict) || row[3] != string(e.Own) {
			t.Errorf("the row of %s is %q", e.ID, row)
		}
	}
}
