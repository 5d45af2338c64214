package width

import (
	"fmt"
	"maps"
	"slices"
)

// Role is what becomes of a variable's shape as the width grows.
type Role int

// The roles, after Yang et al. 2022, table 8.
const (
	Fixed  Role = iota // no dimension grows
	Vector             // one-dimensional and grows, as biases and gains of hidden layers
	Input              // the last dimension, the fan-out, grows
	Hidden             // both do
	Output             // the others, the fan-in, do
)

func (r Role) String() string { return [...]string{"fixed", "vector", "input", "hidden", "output"}[r] }

// Roles finds the role of every variable by its dimensions in two models of one family, a narrow one and a wide one. Models whose
// variables differ, and a dimension that shrinks, are errors.
func Roles(narrow, wide map[string][]int) (map[string]Role, error) {
	out := map[string]Role{}
	for _, path := range slices.Sorted(maps.Keys(narrow)) {
		small, large := narrow[path], wide[path]
		if len(small) != len(large) {
			return nil, fmt.Errorf("%s has %d dimensions at one width and %d at another: a family of models differs in widths alone", path, len(small), len(large))
		}
		grows := make([]bool, len(small))
		for i := range small {
			if large[i] < small[i] {
				return nil, fmt.Errorf("%s is %v at one width and %v at a larger one: no dimension may shrink", path, small, large)
			}
			grows[i] = large[i] > small[i]
		}
		out[path] = roleOf(grows)
	}
	if len(wide) != len(narrow) {
		return nil, fmt.Errorf("%d variables at one width and %d at another: a family of models differs in widths alone", len(narrow), len(wide))
	}
	return out, nil
}

// roleOf is the role of a variable by which of its dimensions grow. The last is the fan-out, as in GoMLX's dense layers and
// convolutions.
func roleOf(grows []bool) Role {
	n := len(grows)
	switch {
	case !slices.Contains(grows, true):
		return Fixed
	case n == 1:
		return Vector
	case !grows[n-1]:
		return Output
	case slices.Contains(grows[:n-1], true):
		return Hidden
	}
	return Input
}
