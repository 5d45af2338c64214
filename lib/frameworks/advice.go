package frameworks

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"alphascale/lib/result"
	"alphascale/lib/scaling"
)

// Answer is what to write in a framework for weights that α multiplies.
type Answer struct {
	Version   string  // of the framework whose defaults are filled in
	Optimizer string  // as the framework calls it
	Alpha     float64 // > 0
	// Whole is the call where α multiplies every weight, Parts the one where it multiplies some; empty where that has no answer.
	// In both, scaled and others are parameters (torch) or paths of variables (Keras), and labels is optax's tree of "scaled"
	// and "others".
	Whole, Parts string
	Without      Values // the hyperparameters that matter, without α; those of the other weights
	Scaled       Values // and those of the weights that α multiplies
	// State are the numbers by which to multiply what the optimizer keeps, by the framework's names, where α comes in mid-training and
	// w is divided by it. A name that is not there stays.
	State    map[string]float64
	Remark   string // what can keep it from being exact, and what else there is to know; may be empty
	Measured string // what came out as the framework ran it, in a sentence

	exponents map[string]string
}

// Advice returns what to write. The framework is "torch", "keras" or "optax", or one of a version that was compared, "torch==2.15.0";
// the optimizer's name and the hyperparameters are the framework's own, and what is left out takes the framework's default.
//
// Errors are one sentence: a framework, version, optimizer or hyperparameter that is not known, with the nearest that are; settings
// that were never run, such as two flags at once; an optimizer for which no hyperparameters compensate α; and an α that is not positive.
func Advice(framework, optimizer string, given Values, alpha float64) (Answer, error) {
	if err := scaling.CheckAlpha(alpha); err != nil {
		return Answer{}, err
	}
	framework, err := resolve(framework)
	if err != nil {
		return Answer{}, err
	}
	r, err := find(framework, optimizer)
	if err != nil {
		return Answer{}, err
	}
	s, err := r.settle(given, defaultsOf(framework, r.name))
	if err != nil {
		return Answer{}, err
	}
	if r.none != "" {
		return Answer{}, fmt.Errorf("no hyperparameters of %s give the training without α: %s", r.spelling(), r.none)
	}
	like, err := r.trialLike(s)
	if err != nil {
		return Answer{}, err
	}
	return s.answer(alpha, ranOf(r, like), like)
}

// answer is what to write, given the runs of a trial that stands for it.
func (s settled) answer(alpha float64, ran []Ran, like Values) (Answer, error) {
	scaled, err := s.at(alpha, nil)
	if err != nil {
		return Answer{}, err
	}
	a := Answer{
		Version: Version(s.framework), Optimizer: s.spelling(), Alpha: alpha, Whole: s.whole(scaled),
		Without: s.written(), Scaled: scaled, Measured: measured(ran, like), State: s.keptAt(alpha, ran), exponents: map[string]string{},
	}
	var remarks []string
	if s.nearly != "" {
		remarks = append(remarks, s.nearly)
	}
	if s.rest != "" {
		remarks = append(remarks, "it takes matrices alone; the other weights belong to "+s.rest+", of which Advice says what to write")
	}
	if shared := s.shared(); shared != "" {
		remarks = append(remarks, shared+" is of all weights together, so α has to multiply every one")
	} else if !s.clip {
		a.Parts = s.parts(scaled, a.Without)
	}
	a.Remark = strings.Join(remarks, "; ")
	for name := range a.Without {
		a.exponents[name] = s.exponentText(name)
	}
	return a, nil
}

// keptAt are the factors of what the optimizer was seen to keep.
func (s settled) keptAt(alpha float64, ran []Ran) map[string]float64 {
	out, powers := map[string]float64{}, s.state()
	for _, row := range ran {
		for _, kept := range row.State {
			if p := powers[kept.Name]; p != 0 {
				out[kept.Name] = math.Pow(alpha, float64(p))
			}
		}
	}
	return out
}

// shared is a hyperparameter that all weights share and that is on.
func (s settled) shared() string {
	for _, name := range s.joint {
		if on(s.filled[name]) {
			return name
		}
	}
	return ""
}

// trialLike returns the settings that were run and stand for these.
func (r rule) trialLike(s settled) (Values, error) {
	var ran []string
	for _, trial := range r.trials {
		like, err := r.settle(trial, defaultsOf(r.framework, r.name))
		if err != nil {
			return nil, err
		}
		if like.covers(s) {
			return like.given, nil
		}
		ran = append(ran, "("+like.given.String()+")")
	}
	return nil, fmt.Errorf("%s(%s) was not run with α, and nothing is advised that was not: run were the like of %s",
		s.spelling(), s.given, strings.Join(ran, ", "))
}

func (s settled) exponentText(name string) string {
	list, several := s.filled[name].([]any)
	if !several {
		return result.Number(float64(s.exponents(name)(-1)), -1)
	}
	parts := make([]string, len(list))
	for i := range list {
		parts[i] = result.Number(float64(s.exponents(name)(i)), -1)
	}
	return strings.Join(parts, ", ")
}

// String is the answer as text: the call for some of the weights, or for all, what was measured, and what remains.
func (a Answer) String() string {
	text := a.Parts
	if text == "" {
		text = a.Whole
	}
	text += "\n# " + a.Measured
	if len(a.State) > 0 {
		var parts []string
		for _, name := range slices.Sorted(maps.Keys(a.State)) {
			parts = append(parts, fmt.Sprintf("%s by %g", name, a.State[name]))
		}
		text += "\n# In mid-training divide w by α, and multiply in the optimizer's state " + strings.Join(parts, ", ") + "."
	}
	if a.Remark != "" {
		text += "\n# Beware: " + a.Remark + "."
	}
	return text
}

// Table is the answer as a table, a row for each hyperparameter.
func (a Answer) Table() result.Table {
	t := result.Table{
		Title:   fmt.Sprintf("%s of %s, α = %s", a.Optimizer, a.Version, result.Number(a.Alpha, -1)),
		Columns: []result.Quantity{{Name: "hyperparameter"}, {Name: "without α"}, {Name: "where α multiplies"}, {Name: "exponent of α"}},
	}
	for _, name := range a.Without.names() {
		t.Rows = append(t.Rows, []string{name, python(a.Without[name]), python(a.Scaled[name]), a.exponents[name]})
	}
	return t
}
