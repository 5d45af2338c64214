package scaling

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/gomlx/gomlx/ml/model"
)

// How joined selectors are written, in the text that Select reads.
const (
	orText     = " | "
	exceptText = " except "
	regexpText = "~"
)

// Any selects what one of the selectors selects. Without any it is Nothing.
func Any(selectors ...Selector) Selector {
	out := Nothing()
	var texts []string
	var errs []error
	for _, s := range selectors {
		if s.match == nil && s.err == nil { // the zero selector, and Nothing, add nothing
			continue
		}
		texts, errs = append(texts, s.text), append(errs, s.err)
	}
	if len(texts) == 0 {
		return out
	}
	return Selector{text: strings.Join(texts, orText), err: errors.Join(errs...), match: func(v *model.Variable) bool {
		return slices.ContainsFunc(selectors, func(s Selector) bool { return s.match != nil && s.match(v) })
	}}
}

// Except selects what the first selector selects and none of the others does.
func Except(from Selector, others ...Selector) Selector {
	without := Any(others...)
	out := Selector{err: errors.Join(from.err, without.err), match: func(v *model.Variable) bool {
		return from.match != nil && from.match(v) && !without.match(v)
	}}
	// In the text an exception belongs to one alternative, so that of several has it behind each.
	behind := ""
	if without.text != Nothing().text {
		behind = exceptText + strings.ReplaceAll(without.text, orText, exceptText)
	}
	var texts []string
	for alternative := range strings.SplitSeq(from.text, orText) {
		texts = append(texts, alternative+behind)
	}
	out.text = strings.Join(texts, orText)
	return out
}

// Matching selects the trainable variables whose whole path matches a regular expression in Go's syntax (package regexp):
// Matching("/layer_[0-3]/.*weights"). One that cannot be read, or that has a space in it, selects nothing, and whatever is given the
// selector returns its error.
func Matching(expression string) Selector {
	s := Selector{text: regexpText + expression}
	read, err := regexp.Compile("^(?:" + expression + ")$")
	switch {
	case err != nil:
		s.err = fmt.Errorf("selector %q: %w", s.text, err)
	case strings.Contains(expression, " "):
		s.err = fmt.Errorf("selector %q: no variable's path has a space; leave it out, as in ~/a|/b", s.text)
	default:
		s.match = func(v *model.Variable) bool { return read.MatchString(v.Path()) }
	}
	return s
}

// joined reads a text of several selectors, if it is one.
func joined(text string) (s Selector, isJoined bool) {
	if alternatives := strings.Split(text, orText); len(alternatives) > 1 {
		var parts []Selector
		for _, a := range alternatives {
			parts = append(parts, Select(a))
		}
		return Any(parts...), true
	}
	terms := strings.Split(text, exceptText)
	if len(terms) == 1 {
		return s, false
	}
	var without []Selector
	for _, t := range terms[1:] {
		without = append(without, Select(t))
	}
	return Except(Select(terms[0]), without...), true
}
