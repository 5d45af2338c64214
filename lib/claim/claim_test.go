package claim

import (
	"strings"
	"testing"

	"alphascale/lib/lab"

	"alphascale/lib/judge"
	"alphascale/lib/optim"
	"alphascale/lib/training"
)

// soundCase has a check that holds and a control that is refuted.
func soundCase(setting string) Case {
	return Case{Setting: setting, Checks: []judge.Check{judge.Exact("x", 1, 1, 0)}, Controls: []judge.Check{judge.Exact("x", 2, 1, 0)}}
}

// The verdict counts the settings that are the claim's own, and none at all where a law fails.
func TestDecide(t *testing.T) {
	sound := soundCase("sound")
	agrees, beyond, illPosed, broken := sound, sound, sound, sound
	agrees.Agrees, beyond.Beyond, illPosed.IllPosed = true, true, true
	broken.Checks = broken.Controls
	for _, test := range []struct {
		name  string
		cases []Case
		want  judge.Verdict
		says  string
	}{
		{"all agree", []Case{agrees, agrees}, judge.True, ""},
		{"none agrees", []Case{sound, sound}, judge.False, ""},
		{"some agree", []Case{agrees, sound}, judge.Depends, ""},
		{"what lies beyond does not count", []Case{agrees, beyond}, judge.True, ""},
		{"a sentence against itself", []Case{agrees, illPosed}, judge.IllPosed, ""},
		{"a law fails", []Case{agrees, broken}, judge.NotJudged, "law fails"},
		{"nothing measured", nil, judge.NotJudged, "no case"},
	} {
		got, reason := decide(test.cases)
		if got != test.want || !strings.Contains(reason, test.says) {
			t.Errorf("%s: %s (%s), want %s", test.name, got, reason, test.want)
		}
	}
}

// What is no effective learning rate is an error: a reference with α, without η, or from another function, and runs that
// recorded nothing.
func TestEffectiveLearningRateRefuses(t *testing.T) {
	restored := func(s training.Settings) *training.Run {
		run, err := training.Restore(s, []float64{1}, nil)
		if err != nil {
			t.Fatal(err)
		}
		return run
	}
	eta := optim.Values{optim.LearningRate: 0.1}
	for name, test := range map[string]struct {
		reference training.Settings
		says      string
	}{
		"α":             {training.Settings{Alpha: 2, Hyper: eta}, "α = 1"},
		"no η":          {training.Settings{Alpha: 1}, "learning rate"},
		"same weights":  {training.Settings{Alpha: 1, Hyper: eta, Start: training.KeepWeights}, "KeepFunction"},
		"nothing to go": {training.Settings{Alpha: 1, Hyper: eta}, "UpdateNorm"},
	} {
		if _, err := lab.EffectiveLearningRate(restored(test.reference), nil); err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: %v, want a word on %s", name, err, test.says)
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
