package plots

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"alphascale/lib/result"
)

// Why a value is not drawn.
type reason int

const (
	drawn reason = iota
	notPositive
	atNoX
	notFinite
	reasons = int(notFinite) + 1
)

// findLeftOut says in the panel what it was given and does not show: every chart passes here.
func (p *panel) findLeftOut() {
	p.leftOut = nil
	var missing []string
	for _, s := range p.shown {
		if n := len(s.curves); n < s.given {
			p.leftOut = append(p.leftOut, fmt.Sprintf("%d of %s drawn", n, count(s.given, s.noun)))
		}
		missing = append(missing, p.missingOf(s)...)
	}
	if missing = append(missing, p.unplaced...); len(missing) > 0 {
		p.leftOut = append(p.leftOut, "not shown: "+strings.Join(missing, "; "))
	}
}

// leftOutSentence is the same for those who cannot see the figure, with a space before it; empty where all is shown.
func (p *panel) leftOutSentence() string {
	text := ""
	for _, note := range p.leftOut {
		text += " " + sentence(note, "")
	}
	return text
}

// missingOf names the curves of which nothing is drawn, and counts the values that are not, by the reason.
func (p *panel) missingOf(s selection) (phrases []string) {
	var tallies [reasons]int
	var names [reasons][]string
	var empty, without []string
	for _, c := range s.curves {
		name := strings.TrimSpace(strings.TrimSuffix(s.noun, "curve") + c.Name())
		counts := p.reasons(c, s.showsEnding)
		if _, ended := end(c); len(c.Ys) == 0 {
			empty = append(empty, name)
		} else if counts[drawn] == 0 && !(s.showsEnding && ended) {
			without = append(without, name)
		}
		for why := notPositive; int(why) < reasons; why++ {
			if counts[why] > 0 {
				tallies[why] += counts[why]
				names[why] = append(names[why], name)
			}
		}
	}
	if len(empty) > 0 {
		phrases = append(phrases, listed(empty, s.noun)+", without any value")
	}
	if len(without) > 0 {
		phrases = append(phrases, "all of "+listed(without, s.noun))
	}
	for why := notPositive; int(why) < reasons; why++ {
		if n := tallies[why]; n > 0 {
			text := count(n, "value")
			if len(names[why]) > 1 || names[why][0] != "" {
				text += " of " + listed(names[why], s.noun)
			}
			phrases = append(phrases, text+p.because(why, n))
		}
	}
	if !s.showsIntervals && slices.ContainsFunc(s.unsmoothed, func(c result.Series) bool { return c.Lower != nil }) {
		phrases = append(phrases, "the intervals")
	}
	return phrases
}

// reasons counts the values of a curve that are drawn, and that are not, by the reason.
func (p *panel) reasons(s result.Series, showsEnding bool) (counts [reasons]int) {
	last, ended := end(s)
	ended = ended && showsEnding
	for i, y := range s.Ys {
		switch {
		case math.IsNaN(y) || math.IsInf(y, 0):
			if !ended || i < last { // else a cross stands for it
				counts[notFinite]++
			}
		case p.x.base != 0 && s.Xs[i] <= 0:
			counts[atNoX]++
		case p.y.base != 0 && y <= 0:
			counts[notPositive]++
		default:
			counts[drawn]++
		}
	}
	return counts
}

func (p *panel) because(why reason, n int) string {
	are := "are"
	if n == 1 {
		are = "is"
	}
	switch why {
	case notPositive:
		return fmt.Sprintf(" that %s zero or negative (▾)", are)
	case atNoX:
		return fmt.Sprintf(" where %s is zero or negative", short(p.x.quantity))
	default:
		return fmt.Sprintf(" that %s not finite", are)
	}
}

// listed writes up to three names, and counts more, or such as have none.
func listed(names []string, noun string) string {
	if len(names) > 3 || slices.Contains(names, "") {
		return count(len(names), noun)
	}
	last := len(names) - 1
	if last == 0 {
		return names[0]
	}
	return strings.Join(names[:last], ", ") + " and " + names[last]
}
