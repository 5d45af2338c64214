package notebooks_test

import (
	"encoding/base64"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const (
	// tolerance is the relative difference allowed between a committed number and a fresh one: another processor rounds
	// differently.
	tolerance = 0.02
	// chaoticTolerance lets a number be four times another. Final losses of chaotic runs differ by up to two between
	// processors.
	chaoticTolerance = 0.75
	// svgTolerance is in the figure's own units, half a point.
	svgTolerance = 0.5
)

var (
	numbers = regexp.MustCompile(`[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?`)
	spaces  = regexp.MustCompile(`[^\S\n]+`)
	inlined = regexp.MustCompile(`data:image/(svg\+xml|png);base64,([A-Za-z0-9+/=]+)`)
	power   = regexp.MustCompile(`·10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)`)
)

// What chaos decides beside the numbers: which run ends lowest, at which step one is, whether it was lower than where it ends,
// and a percentage of what two numbers differ by.
var (
	winner  = regexp.MustCompile(`(\d) \([^()]*\)|(lowest \S+) at .*?, highest`)
	percent = regexp.MustCompile(`[-+]?\d+ %`)
	reached = regexp.MustCompile(`(lowest \S+?)(?: at some α)? at step \d+`)
	dipped  = regexp.MustCompile(`(from \S+ to \S+?), lowest \S+ at \d+(?:\.\d+)?`)
)

// A law, or the chapter itself, fixes what stands after the one and before the other, also where the runs are chaotic.
var (
	fixedAfter  = regexp.MustCompile(`(?:predicted|exponent|law) $`)
	fixedBefore = regexp.MustCompile(`^ (?:runs?|curves?|values|trainings|cells,|of) ?`)
)

// sameOutputs compares what a cell showed when it was committed with what it shows now: all that it printed, by stream, and
// its figures in their order. Where the text stood among the figures, in how many outputs, and what was left empty depends on
// who executed and saved the chapter, JupyterLab or make notebooks.
func sameOutputs(committed, fresh cell) error {
	set := fresh.Metadata.Project
	for _, stream := range []string{"stdout", "stderr"} {
		if err := sameText(committed.stream(stream), fresh.stream(stream), set); err != nil {
			return fmt.Errorf("%s: %w", stream, err)
		}
	}
	was, is := committed.figures(), fresh.figures()
	if len(was) != len(is) {
		return fmt.Errorf("%d figures committed, %d now", len(was), len(is))
	}
	for i := range was {
		if was[i].Type != is[i].Type || !slices.Equal(kinds(was[i]), kinds(is[i])) {
			return fmt.Errorf("figure %d was %s %v and is %s %v", i, was[i].Type, kinds(was[i]), is[i].Type, kinds(is[i]))
		}
		for kind, data := range was[i].Data {
			if err := sameData(kind, string(data), string(is[i].Data[kind]), set); err != nil {
				return fmt.Errorf("figure %d, %s: %w", i, kind, err)
			}
		}
	}
	return nil
}

// passing is what differs in each run: gonb's identifiers, and the folder in which it builds.
var passing = regexp.MustCompile(`gonb_id_\w+|\S*/gonb(?:_[0-9a-f]{8})?\b`)

// stream is all that a cell printed to a stream, without what a progress bar or a cleared output left empty.
func (c cell) stream(name string) string {
	var all strings.Builder
	for _, out := range c.Outputs {
		if out.Type == "stream" && out.Name == name {
			all.WriteString(string(out.Text))
		}
	}
	return strings.TrimRight(passing.ReplaceAllString(all.String(), "gonb"), "\n")
}

// figures are the outputs that hold more than text of a stream, each without the kinds that are empty, in their order.
func (c cell) figures() (all []output) {
	for _, out := range c.Outputs {
		if out.Type == "stream" {
			continue
		}
		shown := output{Type: out.Type, Data: map[string]text{}}
		for kind, data := range out.Data {
			if strings.TrimSpace(string(data)) != "" {
				shown.Data[kind] = text(passing.ReplaceAllString(string(data), "gonb"))
			}
		}
		if len(shown.Data) > 0 || out.Type == "error" {
			all = append(all, shown)
		}
	}
	return all
}

func kinds(o output) []string {
	var all []string
	for kind := range o.Data {
		all = append(all, kind)
	}
	slices.Sort(all)
	return all
}

// sameData compares two outputs of one MIME type.
func sameData(kind, was, is string, set settings) error {
	switch {
	case was == is:
		return nil
	case kind == "image/png":
		return samePNG(was, is, set)
	case kind == "image/svg+xml":
		return sameNumbers(was, is, svgTolerance, set)
	}
	// Pictures in the HTML are compared as pictures, and taken out of the text that is then compared as text.
	wasPictures, isPictures := inlined.FindAllStringSubmatch(was, -1), inlined.FindAllStringSubmatch(is, -1)
	if len(wasPictures) != len(isPictures) {
		return fmt.Errorf("%d pictures committed, %d now", len(wasPictures), len(isPictures))
	}
	for i, p := range wasPictures {
		if err := samePicture(p, isPictures[i], set); err != nil {
			return fmt.Errorf("picture %d: %w", i, err)
		}
	}
	return sameText(inlined.ReplaceAllString(was, ""), inlined.ReplaceAllString(is, ""), set)
}

// samePicture compares two matches of the expression inlined.
func samePicture(was, is []string, set settings) error {
	if was[1] != is[1] {
		return fmt.Errorf("was %s and is %s", was[1], is[1])
	}
	if was[1] == "png" {
		return sameData("image/png", was[2], is[2], set)
	}
	a, err := base64.StdEncoding.DecodeString(was[2])
	if err != nil {
		return fmt.Errorf("the committed picture: %w", err)
	}
	b, err := base64.StdEncoding.DecodeString(is[2])
	if err != nil {
		return fmt.Errorf("the fresh picture: %w", err)
	}
	return sameNumbers(string(a), string(b), svgTolerance, set)
}

// sameText compares words exactly and numbers within the tolerance; blanks only separate, since a column's
// width follows its numbers.
func sameText(was, is string, set settings) error {
	return sameNumbers(spaces.ReplaceAllString(was, " "), spaces.ReplaceAllString(is, " "), 0, set)
}

func sameNumbers(was, is string, absolute float64, set settings) error {
	was, is = plain(was, set), plain(is, set)
	if was == is {
		return nil
	}
	if a, b := numbers.ReplaceAllString(was, "#"), numbers.ReplaceAllString(is, "#"); a != b {
		return fmt.Errorf("the text was\n%s\nand is\n%s", shorten(was), shorten(is))
	}
	if set.Volatile {
		return nil
	}
	news := numbers.FindAllString(is, -1)
	for i, place := range numbers.FindAllStringIndex(was, -1) {
		old := was[place[0]:place[1]]
		a, errA := strconv.ParseFloat(old, 64)
		b, errB := strconv.ParseFloat(news[i], 64)
		relative := toleranceOf(was, place, set)
		if errA != nil || errB != nil || math.Abs(a-b) > absolute+relative*max(math.Abs(a), math.Abs(b)) {
			return fmt.Errorf("number %d was %s and is %s in\n%s", i, old, news[i], shorten(is))
		}
	}
	return nil
}

// plain spells powers of ten as strconv reads them, and takes out of a chaotic cell's text what chaos decides.
func plain(text string, set settings) string {
	text = power.ReplaceAllStringFunc(text, func(p string) string {
		return "e" + strings.NewReplacer("·10", "", "⁻", "-", "⁰", "0", "¹", "1", "²", "2", "³", "3", "⁴", "4", "⁵", "5", "⁶", "6", "⁷", "7", "⁸", "8", "⁹", "9").Replace(p)
	})
	if set.Chaotic {
		text = reached.ReplaceAllString(winner.ReplaceAllString(text, "$1$2 at some α"), "$1 at some step")
		text = dipped.ReplaceAllString(text, "$1")
		text = percent.ReplaceAllString(text, "some %")
	}
	return text
}

// toleranceOf is the relative difference allowed to the number at a place of the text.
func toleranceOf(text string, place []int, set settings) float64 {
	if set.Chaotic && !fixedAfter.MatchString(text[:place[0]]) && !fixedBefore.MatchString(text[place[1]:]) {
		return chaoticTolerance
	}
	return tolerance
}

func shorten(s string) string {
	const most = 1500
	if len(s) > most {
		return strings.ToValidUTF8(s[:most], "") + " …"
	}
	return s
}

// TestSame holds the comparison itself to what it must accept and refuse.
func TestSame(t *testing.T) {
	tests := []struct {
		name    string
		was, is string
		set     settings
		same    bool
	}{
		{"equal", "loss 0.125", "loss 0.125", settings{}, true},
		{"another rounding", "loss 0.125", "loss 0.1251", settings{}, true},
		{"another width", "a   1.00\nb 100.00", "a  1.01\nb 100.01", settings{}, true},
		{"another number", "loss 0.125", "loss 0.25", settings{}, false},
		{"another sign", "slope 2", "slope -2", settings{}, false},
		{"another power of ten", "from 9.99·10⁵ to 1", "from 1000000 to 1", settings{}, true},
		{"another magnitude", "from 9.99·10⁵ to 1", "from 9.99·10⁶ to 1", settings{}, false},
		{"another exponent in words", "η′ = η/α²", "η′ = η/α³", settings{Chaotic: true}, false},
		{"another step in a run that chaos decides", "lowest 0.14 (α = 4) at step 48", "lowest 0.2 at step 1300", settings{Chaotic: true}, true},
		{"a dip that chaos decides", "α = 2: from 0.127 to 0.061, lowest 0.059 at 1396; α = 8: from 1 to 2", "α = 2: from 0.127 to 0.064; α = 8: from 1 to 2", settings{Chaotic: true}, true},
		{"a dip of a law", "α = 2: from 0.127 to 0.061, lowest 0.059 at 1396", "α = 2: from 0.127 to 0.061", settings{}, false},
		{"another step of a law", "lowest 0.14 at step 48", "lowest 0.14 at step 60", settings{}, false},
		{"another lowest, by a magnitude", "lowest 0.14 at step 48", "lowest 1.4 at step 48", settings{Chaotic: true}, false},
		{"another word", "verdict: true", "verdict: false", settings{}, false},
		{"a time", "took 1.5 s", "took 900 s", settings{Volatile: true}, true},
		{"a time and another word", "took 1.5 s", "failed after 900 s", settings{Volatile: true}, false},
		{"number became NaN", "loss 0.1", "loss NaN", settings{}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if err := sameText(tt.was, tt.is, tt.set); (err == nil) != tt.same {
				t.Errorf("sameText(%q, %q) = %v, want same %v", tt.was, tt.is, err, tt.same)
			}
		})
	}
}
