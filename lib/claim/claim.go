// Package claim measures what an article says of weights that are multiplied by α, and lets lib/judge decide each sentence.
package claim

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"alphascale/lib/lab"

	"alphascale/lib/judge"
	"alphascale/lib/result"
	"alphascale/lib/scaling"
)

// Claim is one sentence of the article, or of others in the ledger's second part (see [Beyond]), in a form that a measurement can decide.
type Claim struct {
	ID        string            // "R1"; of the second part two letters and a number, "OS1"
	Chapter   string            // the notebook that is about it, as "04_learning_rate"
	Says      string            // what the article says, in short
	By, Link  string            // who says it, and where; empty for the article
	Setting   []Fact            // the setting that the sentence is about; that of the article is u = α·w on one layer
	Operation scaling.Operation // the operation of which a swap must leave the claim not judged
	Words     []Word            // what the sentence says of its setting, by which [Rule] decides what counts
	Found     string            // what is so, in short; the verdict itself is computed
	// experiments measure the cases, one each.
	experiments []experiment
}

// experiment measures a claim in one setting.
type experiment func(ctx context.Context, l *lab.Lab) (Case, error)

// each is one experiment for each of the settings.
func each[T any](settings []T, measured func(ctx context.Context, l *lab.Lab, setting T) (Case, error)) []experiment {
	var out []experiment
	for _, s := range settings {
		out = append(out, func(ctx context.Context, l *lab.Lab) (Case, error) { return measured(ctx, l, s) })
	}
	return out
}

// Case is a claim in one setting.
type Case struct {
	Setting  string // operation, network, optimizer
	Facts    []Fact // the same as the rule reads it
	Law      string // its number and source
	Checks   []judge.Check
	Controls []judge.Check // the same with a wrong exponent or another operation; each must be refuted
	// Agrees says whether what was measured is what the article says of this setting. It is computed from the measurement.
	Agrees bool
	// Counts and Own say by the rule whether the verdict counts the setting, and whether it is the article's own.
	Counts, Own bool
	Fits        []result.Fit    // the figure's data
	Series      []result.Series // the figure's data, where it is no fit
}

// Entry is a claim with what was found.
type Entry struct {
	Claim
	Verdict judge.Verdict // over the settings that the sentence's words name or leave open
	Own     judge.Verdict // in the sentence's own setting, the article's: u = α·w on one layer
	Cases   []Case
	Reason  string        // why it was not judged; empty where it was
	Took    time.Duration // of the experiment
}

// claims is the ledger in the order of the article.
var claims = []Claim{w1, w2, g1, g2, g3, g4, g5, r1, r2, p1, p2, b1, b2, b3, b4, s1}

// beyond is the second part, in the order of its chapters.
var beyond = []Claim{os1, os2, os3}

// Beyond lists the sentences of the second part, not judged: what others say of factors that are an α under another name.
func Beyond() []Claim { return append([]Claim(nil), beyond...) }

// Claims lists the sentences of the article, not judged.
func Claims() []Claim { return append([]Claim(nil), claims...) }

// ByID returns the claim with the given id, of either part, or an error that lists the ids.
func ByID(id string) (Claim, error) {
	var ids []string
	for _, c := range slices.Concat(claims, beyond) {
		if strings.EqualFold(c.ID, id) {
			return c, nil
		}
		ids = append(ids, c.ID)
	}
	return Claim{}, fmt.Errorf("no claim %q: the ledger has %s", id, strings.Join(ids, ", "))
}

// All judges every claim on the lab's networks, in the order of the article. It calls progress, if not nil, at the start and after
// each experiment, of which every claim has several. A claim that cannot be judged says why in its entry; the error is only that
// of the context.
func All(ctx context.Context, l *lab.Lab, progress func(done, total int)) ([]Entry, error) {
	return judgeAll(ctx, l, progress, claims)
}

// Some judges the claims with the given ids as All does, in the order given. An id that is none is an error that lists them.
func Some(ctx context.Context, l *lab.Lab, progress func(done, total int), ids ...string) ([]Entry, error) {
	var chosen []Claim
	for _, id := range ids {
		c, err := ByID(id)
		if err != nil {
			return nil, err
		}
		chosen = append(chosen, c)
	}
	return judgeAll(ctx, l, progress, chosen)
}

func judgeAll(ctx context.Context, l *lab.Lab, progress func(done, total int), chosen []Claim) ([]Entry, error) {
	if progress == nil {
		progress = func(int, int) {}
	}
	done, total := 0, 0
	for _, c := range chosen {
		total += len(c.experiments)
	}
	progress(0, total)
	entries := make([]Entry, 0, len(chosen))
	for _, c := range chosen {
		if err := ctx.Err(); err != nil {
			return entries, err
		}
		entries = append(entries, c.judge(ctx, l, func(n int) { progress(done+n, total) }))
		done += len(c.experiments)
	}
	return entries, ctx.Err()
}

// Judge runs the claim's experiments and decides.
func (c Claim) Judge(ctx context.Context, l *lab.Lab) Entry { return c.judge(ctx, l, func(int) {}) }

// judge calls progress with the number of experiments that are behind it. The first that fails is the last.
func (c Claim) judge(ctx context.Context, l *lab.Lab, progress func(done int)) Entry {
	start := time.Now()
	entry := Entry{Claim: c, Verdict: judge.NotJudged, Own: judge.NotJudged}
	err := l.Exclusively(func() error {
		for i, measured := range c.experiments {
			if err := ctx.Err(); err != nil {
				return err
			}
			found, err := measured(ctx, l)
			if err != nil {
				return fmt.Errorf("%s: %w", found.Setting, err)
			}
			found.Counts, found.Own = c.counts(found.Facts), c.own(found.Facts)
			entry.Cases = append(entry.Cases, found)
			progress(i + 1)
		}
		return nil
	})
	entry.Took = time.Since(start)
	if err != nil {
		progress(len(c.experiments))
		entry.Reason = err.Error()
		return entry
	}
	if entry.Reason = flaw(entry.Cases); entry.Reason == "" {
		entry.Verdict = decide(entry.Cases, func(c Case) bool { return c.Counts })
		entry.Own = decide(entry.Cases, func(c Case) bool { return c.Own })
	}
	return entry
}

// flaw says what keeps a claim from being judged: the laws must hold in every setting, whether it counts or not.
func flaw(cases []Case) string {
	for _, c := range cases {
		if verdict := judge.Judge(c.Checks, c.Controls); verdict != judge.True {
			return fmt.Sprintf("%s: %s", c.Setting, why(c))
		}
	}
	return ""
}

// decide turns the cases that count into a verdict: the article is true where all agree with it, false where none does, and
// otherwise depends on the setting.
func decide(cases []Case, counts func(Case) bool) judge.Verdict {
	agree, counted := 0, 0
	for _, c := range cases {
		if counts(c) {
			counted++
			if c.Agrees {
				agree++
			}
		}
	}
	switch {
	case counted == 0:
		return judge.NotJudged
	case agree == counted:
		return judge.True
	case agree == 0:
		return judge.False
	}
	return judge.Depends
}

// why names the first check of a case that does not hold, or the first control that is not refuted.
func why(c Case) string {
	for _, check := range c.Checks {
		if !check.Holds() {
			return "the law fails: " + check.String()
		}
	}
	for _, control := range c.Controls {
		if !control.Refuted() {
			return "the experiment cannot tell right from wrong: " + control.String()
		}
	}
	return "there is no check or no control"
}
