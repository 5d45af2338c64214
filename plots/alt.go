package plots

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"alphascale/lib/result"
)

// fanAlt is of the losses as they are drawn: where they end, where the lowest of all lies, which runs diverged, and how many are one.
func fanAlt(p *panel, title string) string {
	drawn := p.shown[0]
	var says, stopped []string
	lowest, highest := math.Inf(1), math.Inf(-1)
	var best, worst string
	for _, s := range drawn.curves {
		last, diverged := end(s)
		if diverged {
			stopped = append(stopped, s.Name())
			continue
		}
		if last >= 0 {
			if v := s.Ys[last]; v < lowest {
				lowest, best = v, s.Name()
			}
			if v := s.Ys[last]; v > highest {
				highest, worst = v, s.Name()
			}
		}
	}
	name := "final " + drawn.curves[0].Y.Name
	switch {
	case math.IsInf(lowest, 0):
	case len(drawn.curves) == 1:
		says = append(says, name+" "+result.Number(lowest, 3))
	case lowest == highest && len(stopped) == 0:
		says = append(says, name+" "+result.Number(lowest, 3)+" in all")
	default:
		says = append(says, fmt.Sprintf("%s from %s%s to %s%s", name, result.Number(lowest, 3), inBrackets(best), result.Number(highest, 3), inBrackets(worst)))
	}
	if least := lowestOf(drawn.curves); least != "" {
		says = append(says, least)
	}
	switch n := len(stopped); {
	case n > 6:
		says = append(says, fmt.Sprintf("%d runs diverged", n))
	case n > 0:
		says = append(says, "diverged: "+strings.Join(stopped, ", "))
	}
	if groups, _ := coincident(drawn.curves, drawn.unsmoothed); largest(groups) > 1 {
		says = append(says, fmt.Sprintf("%d curves are one", largest(groups)))
	}
	return sentence(fmt.Sprintf("%s against %s for %s; %s",
		p.labelInText(), p.x.quantity.Label(), count(drawn.given, "run"), strings.Join(says, "; ")), title)
}

// lowestOf is the least finite value of all curves with its place, and the name of its curve where no other shares it; empty where
// there is none.
func lowestOf(curves []result.Series) string {
	least, at, name, shared := math.Inf(1), 0.0, "", false
	for _, s := range curves {
		for i, y := range s.Ys {
			switch {
			case math.IsInf(y, 0):
			case y < least:
				least, at, name, shared = y, s.Xs[i], s.Name(), false
			case y == least && s.Name() != name:
				shared = true
			}
		}
	}
	if math.IsInf(least, 0) {
		return ""
	}
	if shared || len(curves) == 1 {
		name = ""
	}
	return fmt.Sprintf("lowest %s%s at %s %s", result.Number(least, 3), inBrackets(name), curves[0].X.Name, coordinate(at, 0))
}

// inBrackets is the name of a run in brackets with a space before it, if it has one.
func inBrackets(name string) string {
	if name == "" {
		return ""
	}
	return " (" + name + ")"
}

// profileAlt is of curves as they are drawn, over axes with the given labels: where each begins, ends and is lowest in between.
func profileAlt(profiles []result.Series, y, x, title string) string {
	text := fmt.Sprintf("%s by %s for %s", y, x, count(len(profiles), "curve"))
	for i, s := range profiles {
		first, last, least := math.NaN(), math.NaN(), -1
		for k, y := range s.Ys {
			if !usable(y) {
				continue
			}
			if math.IsNaN(first) {
				first = y
			}
			if last = y; least < 0 || y < s.Ys[least] {
				least = k
			}
		}
		noise := noiseOf(s.Ys)
		if i == 8 {
			text += "; and more"
			break
		}
		text += "; "
		if name := s.Name(); name != "" {
			text += name + ": "
		}
		if math.IsNaN(first) {
			text += "no value"
			continue
		}
		text += fmt.Sprintf("from %s to %s", result.Number(unrounded(first, noise), 3), result.Number(unrounded(last, noise), 3))
		if lowest := s.Ys[least]; lowest < first && lowest < last {
			text += fmt.Sprintf(", lowest %s at %s", result.Number(unrounded(lowest, noise), 3), coordinate(s.Xs[least], noiseOf(s.Xs)))
		}
	}
	return sentence(text, title)
}

// noiseOf is how large a value may be that rounding leaves of the sum of others: nothing where no value is negative, for then the small
// ones are what they are.
func noiseOf(values []float64) (noise float64) {
	negative := false
	for _, v := range values {
		if negative = negative || v < 0; usable(v) {
			noise = math.Max(noise, 1e-15*math.Abs(v))
		}
	}
	if !negative {
		return 0
	}
	return noise
}

// unrounded is v, or 0 where it is no more than the noise.
func unrounded(v, noise float64) float64 {
	if math.Abs(v) <= noise {
		return 0
	}
	return v
}

// coordinate writes a place with as many digits as it has, and not with those that rounding adds.
func coordinate(x, noise float64) string {
	if x = unrounded(x, noise); math.Abs(x) < 1e15 && x == math.Trunc(x) {
		return result.Number(x, -1)
	}
	short, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 6, 64), 64)
	if err != nil { // it is beyond the range of numbers once it is rounded
		short = x
	}
	return result.Number(short, -1)
}

// labelInText is the label of the y axis as a sentence goes on after it.
func (p *panel) labelInText() string {
	if p.yLabel != "" {
		return p.yLabel + ","
	}
	return p.label()
}

// notesSentence says the notes of the panel to those who cannot see it, with a space before each.
func (p *panel) notesSentence() (text string) {
	for _, note := range p.notes {
		text += " " + sentence(note, "")
	}
	return text
}
