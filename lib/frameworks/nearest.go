package frameworks

import (
	"slices"
	"strings"
)

// shown is how many names an error suggests.
const shown = 3

// nearest lists the names that take the fewest changes of a letter to write from another, letters' case aside.
func nearest(to string, names []string) string {
	names = slices.Clone(names)
	slices.SortStableFunc(names, func(a, b string) int { return distance(to, a) - distance(to, b) })
	return strings.Join(names[:min(shown, len(names))], ", ")
}

// distance is Levenshtein's: letters put in, taken out or changed.
func distance(a, b string) int {
	x, y := []rune(strings.ToLower(a)), []rune(strings.ToLower(b))
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := range x {
		before := row[0]
		row[0] = i + 1
		for j := range y {
			change := before
			if x[i] != y[j] {
				change++
			}
			before = row[j+1]
			row[j+1] = min(change, row[j]+1, before+1)
		}
	}
	return row[len(y)]
}
