package frameworks

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Values are hyperparameters by the framework's own names: numbers, []float64 for several numbers, true and false, text, and nil
// for Python's None.
type Values map[string]any

// plain returns the values with each number a float64 and each list a []any of such; other types are an error.
func (v Values) plain() (Values, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("hyperparameters %v: %w; give finite numbers, []float64, true, false, text or nil", map[string]any(v), err)
	}
	out := Values{}
	return out, json.Unmarshal(text, &out)
}

// over returns the values with those of v in place of its own.
func (v Values) over(by Values) Values {
	out := maps.Clone(by)
	maps.Copy(out, v)
	return out
}

// names lists them in alphabetical order, the learning rate first.
func (v Values) names() []string {
	names := slices.Sorted(maps.Keys(v))
	slices.SortStableFunc(names, func(a, b string) int { return rank(a) - rank(b) })
	return names
}

func rank(name string) int {
	if name == "lr" || name == "learning_rate" {
		return 0
	}
	return 1
}

// String writes the values as the arguments of a call.
func (v Values) String() string {
	parts := make([]string, 0, len(v))
	for _, name := range v.names() {
		parts = append(parts, name+"="+python(v[name]))
	}
	return strings.Join(parts, ", ")
}

// python writes a value as Python does.
func python(value any) string {
	switch x := value.(type) {
	case nil:
		return "None"
	case bool:
		if x {
			return "True"
		}
		return "False"
	case string:
		return strconv.Quote(x)
	case []any:
		parts := make([]string, len(x))
		for i, e := range x {
			parts[i] = python(e)
		}
		return "(" + strings.Join(parts, ", ") + ")"
	case float64:
		return strconv.FormatFloat(x, 'g', -1, 64)
	}
	return fmt.Sprint(value) // of a caller, as it is
}

// on reports whether a value does anything: a number that is not 0, or what is no number but given.
func on(value any) bool {
	switch x := value.(type) {
	case nil:
		return false
	case bool:
		return x
	case float64:
		return x != 0
	case []any:
		return slices.ContainsFunc(x, on)
	}
	return true
}

// times returns a number, or each of several, multiplied by α to the exponent that power gives for it by its place.
func times(value any, alpha float64, power func(place int) int) (any, error) {
	switch x := value.(type) {
	case float64:
		y := x * math.Pow(alpha, float64(power(-1)))
		if x != 0 && (y == 0 || math.IsInf(y, 0)) {
			return nil, fmt.Errorf("α = %g takes %g to %g: no number can hold it; use an α nearer to 1", alpha, x, y)
		}
		return y, nil
	case []any:
		out := slices.Clone(x)
		for i, e := range x {
			y, err := times(e, alpha, func(int) int { return power(i) })
			if err != nil {
				return nil, err
			}
			out[i] = y
		}
		return out, nil
	}
	return value, nil
}
