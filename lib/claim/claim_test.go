package claim

import (
	"context"
	"strings"
	"testing"

	"alphascale/lib/lab"

	"alphascale/lib/judge"
	"alphascale/lib/scaling"
)

// soundCase has a check that holds and a control that is refuted.
func soundCase(setting string) Case {
	return Case{Setting: setting, Checks: []judge.Check{judge.Exact("x", 1, 1, 0)}, Controls: []judge.Check{judge.Exact("x", 2, 1, 0)}}
}

// The verdict counts the settings that the rule says, and none at all where a law fails, in whichever setting.
func TestDecide(t *testing.T) {
	agrees, not := soundCase("sound"), soundCase("sound")
	agrees.Agrees = true
	broken := soundCase("broken")
	broken.Checks = broken.Controls
	beside := func(c Case) Case { c.Facts = facts(scaling.OpScaleLoss, OneLayer); return c }
	layer := func(c Case) Case { c.Facts = facts(scaling.OpReparameterise, OneLayer); return c }
	network := func(c Case) Case { c.Facts = facts(scaling.OpReparameterise, AllLayers); return c }
	for _, test := range []struct {
		name      string
		cases     []Case
		want, own judge.Verdict
		says      string
	}{
		{"all agree", []Case{layer(agrees), network(agrees)}, judge.True, judge.True, ""},
		{"none agrees", []Case{layer(not), network(not)}, judge.False, judge.False, ""},
		{"some agree", []Case{layer(agrees), network(not)}, judge.Depends, judge.True, ""},
		{"what the words leave out does not count", []Case{layer(agrees), beside(not)}, judge.True, judge.True, ""},
		{"but its law must hold", []Case{layer(agrees), beside(broken)}, judge.NotJudged, judge.NotJudged, "law fails"},
		{"a law fails", []Case{layer(agrees), layer(broken)}, judge.NotJudged, judge.NotJudged, "law fails"},
		{"nothing on one layer", []Case{network(agrees)}, judge.True, judge.NotJudged, ""},
	} {
		c := Claim{}
		for _, found := range test.cases {
			c.experiments = append(c.experiments, func(context.Context, *lab.Lab) (Case, error) { return found, nil })
		}
		l := lab.New(lab.Quick)
		got := c.Judge(t.Context(), l)
		l.Close()
		if got.Verdict != test.want || got.Own != test.own || !strings.Contains(got.Reason, test.says) {
			t.Errorf("%s: %s, in its own setting %s (%s), want %s and %s", test.name, got.Verdict, got.Own, got.Reason, test.want, test.own)
		}
	}
}

// TestChanges names the settings that turn the verdict, by what not all of them share.
func TestChanges(t *testing.T) {
	with := func(agrees bool, setting []Fact) Case { return Case{Facts: setting, Agrees: agrees} }
	relu := with(false, facts(scaling.OpReparameterise, OneLayer, Fact{Behind, "ReLU"}))
	norm := with(true, facts(scaling.OpRescale, OneLayer, Fact{Behind, "a normalisation"}))
	for own, want := range map[judge.Verdict]string{judge.False: "w ← α·w, a normalisation", judge.True: "u = α·w, ReLU"} {
		if got := strings.Join((Entry{Own: own, Cases: []Case{relu, norm}}).Changes(), "; "); got != want {
			t.Errorf("where the own setting is %s, %q changes it, want %q", own, got, want)
		}
	}
}

// TestSome judges the claims that are asked for, in that order, and no other.
func TestSome(t *testing.T) {
	l := lab.New(lab.Quick)
	defer l.Close()
	last := 0
	entries, err := Some(t.Context(), l, func(done, total int) { last = total - done }, "w1", "G5")
	if err != nil || len(entries) != 2 || entries[0].ID != "W1" || entries[1].ID != "G5" || last != 0 {
		t.Errorf("%d entries, %d experiments not reported, %v", len(entries), last, err)
	}
	if _, err := Some(t.Context(), l, nil, "W1", "X9"); err == nil || !strings.Contains(err.Error(), "X9") {
		t.Errorf("a claim that is none: %v", err)
	}
}

// TestSentences leads every other sentence to a claim of the ledger.
func TestSentences(t *testing.T) {
	for _, s := range Sentences() {
		if _, err := ByID(s.Claim); err != nil || s.Says == "" || s.Found == "" {
			t.Errorf("%+v: %v", s, err)
		}
	}
	if rows := SentenceTable().Rows; len(rows) != len(Sentences()) {
		t.Errorf("%d rows for %d sentences", len(rows), len(Sentences()))
	}
}
