package frameworks

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// settled are an optimizer's hyperparameters: what was given, and all of them with the framework's defaults filled in.
type settled struct {
	rule
	given, filled Values
}

// settle fills in the defaults. A name that the framework does not have, and one that it needs, are errors.
func (r rule) settle(given, defaults Values) (settled, error) {
	given, err := given.plain()
	if err != nil {
		return settled{}, err
	}
	known := slices.Sorted(maps.Keys(defaults))
	for _, name := range given.names() {
		if _, ok := defaults[name]; !ok {
			return settled{}, fmt.Errorf("%s has no hyperparameter %q: the nearest known are %s", r.spelling(), name, nearest(name, known))
		}
		if x, is := given[name].(float64); is && x < 0 && r.bears(name) {
			return settled{}, fmt.Errorf("%s = %g of %s: give a number that is not negative", name, x, r.spelling())
		}
	}
	s := settled{r, given, given.over(defaults)}
	for _, name := range s.filled.names() {
		if s.filled[name] == required {
			return settled{}, fmt.Errorf("%s has no default %s: give one", r.spelling(), name)
		}
	}
	return s, nil
}

// required stands in the table of defaults for a hyperparameter that the framework has no default for.
const required = "<required>"

// bears reports whether a hyperparameter, or one of its several numbers, has a unit.
func (r rule) bears(name string) bool {
	for unit := range r.units {
		if base, _, _ := strings.Cut(unit, "["); base == name {
			return true
		}
	}
	return false
}

// exponents are the powers of α for each number of a hyperparameter, by its place; −1 is that of a single number.
func (s settled) exponents(name string) func(place int) int {
	return func(place int) int {
		if place >= 0 {
			return s.exponent(fmt.Sprintf("%s[%d]", name, place), s.filled)
		}
		return s.exponent(name, s.filled)
	}
}

// mistakes are wrong exponents that another framework's optimizer of this name would ask for: ε added to the root follows α, under the
// root α²; λ beside the gradient follows α, in the gradient α². Each is a name and the exponent that it is given.
func (s settled) mistakes() map[string]int {
	out := map[string]int{}
	for _, name := range []string{"eps", "epsilon", "weight_decay"} {
		if p := s.exponent(name, s.filled); on(s.filled[name]) && (p == 1 || p == 2) {
			out[name] = 3 - p
		}
	}
	return out
}

// followers are the hyperparameters that follow α: those with an exponent other than 0 that are on.
func (s settled) followers() []string {
	var out []string
	for _, name := range s.filled.names() {
		if !s.bears(name) || !on(s.filled[name]) {
			continue
		}
		one, err := times(s.filled[name], 2, s.exponents(name))
		if err != nil || !reflect.DeepEqual(one, s.filled[name]) {
			out = append(out, name)
		}
	}
	return out
}

// written are the hyperparameters that stand in the call: what follows α, what else has a unit and is on, and what was given.
func (s settled) written() Values {
	out := Values{}
	for name, value := range s.filled {
		_, given := s.given[name]
		if given || s.bears(name) && on(value) {
			out[name] = value
		}
	}
	return out
}

// at returns what stands in the call for weights that α multiplies. A hyperparameter that is named in wrong gets the exponent that
// stands there, 0 to be left as it is.
func (s settled) at(alpha float64, wrong map[string]int) (Values, error) {
	out := s.written()
	for name, value := range out {
		power := s.exponents(name)
		if p, is := wrong[name]; is {
			power = func(int) int { return p }
		}
		if !s.bears(name) {
			continue
		}
		y, err := times(value, alpha, power)
		if err != nil {
			return nil, fmt.Errorf("%s of %s: %w", name, s.spelling(), err)
		}
		out[name] = y
	}
	return out, nil
}

// covers reports whether what was run of s stands for another call: flags and text are equal, and what is on in the other was on.
func (s settled) covers(other settled) bool {
	for name, value := range other.filled {
		switch value.(type) {
		case float64, []any:
			if on(value) && !on(s.filled[name]) {
				return false
			}
		default:
			if value != s.filled[name] && (on(value) || !number(s.filled[name])) {
				return false
			}
		}
	}
	return true
}

func number(v any) bool {
	_, is := v.(float64)
	return is
}
