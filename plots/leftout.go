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
	beyond
	notFinite
	reasons = int(notFinite) + 1
)

// findLeftOut says in the panel what it was given and does not show: every chart passes here.
func (p *panel) findLeftOut() {
	var missing []string
	var lacking [reasons][]string // "3 values of SGD", by the reason
	var number [reasons]int
	p.leftOut = nil
	for _, s := range p.shown {
		if n := len(s.curves); n < s.given {
			p.leftOut = append(p.leftOut, fmt.Sprintf("%d of %s drawn", n, count(s.given, s.noun)))
		}
		missing = append(missing, p.missingOf(s)...)
		for why, n := range p.lackingOf(s, &lacking) {
			number[why] += n
		}
	}
	for why := notPositive; int(why) < reasons; why++ {
		if number[why] > 0 {
			missing = append(missing, strings.Join(lacking[why], " and ")+p.because(why, number[why]))
		}
	}
	if missing = append(missing, p.unplaced...); len(missing) > 0 {
		p.leftOut = append(p.leftOut, "not shown: "+strings.Join(missing, "; "))
	}
	if p.still {
		p.painters = append(p.painters, func(_ family, d *drawing) { p.explainLeftOut(d, number) })
	}
}

// explainLeftOut says it in the key, in words that stay the same while the panel is drawn again and again: a note with
// counts would come, go and grow, and move the axes.
func (p *panel) explainLeftOut(d *drawing, number [reasons]int) {
	if number[notPositive] > 0 {
		d.explain("zero or negative", marker{shape: drop, colour: softInk, radius: dropRadius})
	}
	for _, s := range p.shown {
		if n := len(s.curves); n < s.given {
			d.explain(fmt.Sprintf("%d of %d drawn", n, s.given))
		}
		if len(p.missingOf(s)) > 0 {
			d.explain("some not shown")
		}
	}
	if number[notFinite] > 0 {
		d.explain("gaps: not finite")
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

// missingOf names the curves of which nothing is drawn.
func (p *panel) missingOf(s selection) (phrases []string) {
	var empty, brief, without []string
	for i, c := range s.curves {
		if _, ended := end(c); len(c.Ys) == 0 && len(s.unsmoothed[i].Ys) > 0 {
			brief = append(brief, c.Name())
		} else if len(c.Ys) == 0 {
			empty = append(empty, c.Name())
		} else if p.reasons(c, s.showsEnding)[drawn] == 0 && !(s.showsEnding && ended) {
			without = append(without, c.Name())
		}
	}
	if len(empty) > 0 {
		phrases = append(phrases, listed(empty, s.noun)+", without any value")
	}
	if len(brief) > 0 {
		phrases = append(phrases, fmt.Sprintf("%s, with fewer than %d values", listed(brief, s.noun), s.smooth))
	}
	if len(without) > 0 {
		phrases = append(phrases, "all of "+listed(without, s.noun))
	}
	if !s.showsIntervals && slices.ContainsFunc(s.unsmoothed, func(c result.Series) bool { return c.Lower != nil }) {
		phrases = append(phrases, "the intervals")
	}
	return phrases
}

// lackingOf counts the values of a selection that are not drawn, by the reason, and adds the counts in words.
func (p *panel) lackingOf(s selection, words *[reasons][]string) (number [reasons]int) {
	var names [reasons][]string
	for _, c := range s.curves {
		for why, n := range p.reasons(c, s.showsEnding) {
			if n > 0 {
				number[why] += n
				names[why] = append(names[why], c.Name())
			}
		}
	}
	for why, n := range number {
		if n == 0 {
			continue
		}
		text := count(n, "value")
		if len(s.curves) > 1 || names[why][0] != "" {
			text += " of " + listed(names[why], s.noun)
		}
		words[why] = append(words[why], text)
	}
	return number
}

// reasons counts the values of a curve that are drawn, and that are not, by the reason.
func (p *panel) reasons(s result.Series, showsEnding bool) (counts [reasons]int) {
	last, ended := end(s)
	ended = ended && showsEnding
	for i, y := range s.Ys {
		switch {
		case math.IsNaN(y) || math.IsInf(y, 0):
			if !ended || i < last { // otherwise a cross stands for it
				counts[notFinite]++
			}
		case p.x.base != 0 && s.Xs[i] <= 0:
			counts[atNoX]++
		case p.y.base != 0 && y <= 0:
			counts[notPositive]++
		case p.ends.beyond(y):
			counts[beyond]++
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
	case beyond:
		return fmt.Sprintf(" that %s %v", are, p.ends)
	case atNoX:
		return fmt.Sprintf(" where %s is zero or negative", short(p.x.quantity))
	default:
		return fmt.Sprintf(" that %s not finite", are)
	}
}

// listed writes up to three names of measured curves, and counts others.
func listed(names []string, noun string) string {
	last := len(names) - 1
	switch {
	case last == 0 && (noun != "curve" || names[0] == ""):
		return "a " + noun
	case last > 2 || noun != "curve" || slices.Contains(names, ""):
		return count(len(names), noun)
	case last == 0:
		return names[0]
	}
	return strings.Join(names[:last], ", ") + " and " + names[last]
}
