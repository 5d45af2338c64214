package plots

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"alphascale/lib/result"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/plot/vg"
)

// checkSeries returns an error unless there are series, each is valid, and all show the same quantities.
func checkSeries(series []result.Series) error {
	if len(series) == 0 {
		return fmt.Errorf("there are no series: give at least one")
	}
	for _, s := range series {
		if err := s.Check(); err != nil {
			return err
		}
		if s.X != series[0].X || s.Y != series[0].Y {
			return fmt.Errorf("series %q shows %s against %s and series %q shows %s against %s: one panel has one pair of axes",
				series[0].Name(), series[0].Y.Label(), series[0].X.Label(), s.Name(), s.Y.Label(), s.X.Label())
		}
	}
	return nil
}

func columns(series []result.Series, of func(result.Series) []float64) [][]float64 {
	values := make([][]float64, len(series))
	for i, s := range series {
		values[i] = of(s)
	}
	return values
}

// tight takes back the room at the ends of an x axis: curves over time begin at its left end.
func tight(x axis, curves []result.Series) axis {
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, s := range curves {
		for _, v := range s.Xs {
			lo, hi = math.Min(lo, v), math.Max(hi, v)
		}
	}
	if hi-lo > 1e-9*math.Max(math.Abs(lo), math.Abs(hi)) {
		x.min, x.max = lo, hi
	}
	return x
}

// smoothed returns the means over windows of the given number of values, each at the place of its last one. There is none where no
// whole window ends, at the start and after a value that is not finite: a mean of fewer would be another quantity. Values that are not
// finite stay.
func smoothed(s result.Series, window int) result.Series {
	if window <= 1 {
		return s
	}
	var xs, means []float64
	from := 0
	for i, y := range s.Ys {
		if !usable(y) {
			xs, means, from = append(xs, s.Xs[i]), append(means, y), i+1
			continue
		}
		if i+1-from >= window {
			xs, means = append(xs, s.Xs[i]), append(means, meanOf(s.Ys[i+1-window:i+1]))
		}
	}
	s.Xs, s.Ys, s.Lower, s.Upper = xs, means, nil, nil
	return s
}

// meanOf is the mean of finite values, which is finite even where their sum is not.
func meanOf(values []float64) (mean float64) {
	if mean = stat.Mean(values, nil); usable(mean) {
		return mean
	}
	mean = 0
	for _, v := range values {
		mean += v / float64(len(values))
	}
	return mean
}

// closeEnough is the relative difference below which two curves look like one at any size a figure is shown at.
const closeEnough = 0.01

// coincident groups the curves that lie on one another: groups[i] lists those that share i's line, itself among them. The
// note counts the largest group and says how closely the values before smoothing agree.
func coincident(curves, unsmoothed []result.Series) (groups [][]int, note string) {
	groups = make([][]int, len(curves))
	if len(curves) > maxEntries {
		return groups, ""
	}
	most, worst := 0, 0.0
	for i := range curves {
		if groups[i] != nil {
			continue
		}
		group, widest := []int{i}, 0.0
		for j := i + 1; j < len(curves); j++ {
			d := difference(curves[i], curves[j])
			if groups[j] != nil || d > closeEnough {
				continue
			}
			if raw := difference(unsmoothed[i], unsmoothed[j]); !math.IsInf(raw, 0) {
				d = math.Max(d, raw)
			} else {
				d = math.Max(d, closeEnough)
			}
			group, widest = append(group, j), math.Max(widest, d)
		}
		for _, j := range group {
			groups[j] = group
		}
		if len(group) > most {
			most, worst = len(group), widest
		}
	}
	switch {
	case most < 2:
		return groups, ""
	case worst == 0:
		return groups, fmt.Sprintf("%d curves are one, bit for bit", most)
	default:
		return groups, fmt.Sprintf("%d curves are one within %s %%", most, result.Number(100*worst, 1))
	}
}

// largest is the size of the largest group.
func largest(groups [][]int) (n int) {
	for _, group := range groups {
		n = max(n, len(group))
	}
	return n
}

// noteOneLine groups the curves that lie on one another, as coincident does, and names them in a note.
func (p *panel) noteOneLine(curves []result.Series) [][]int {
	groups, note := coincident(curves, curves)
	var lines []string
	for i, group := range groups {
		if len(group) < 2 || group[0] != i {
			continue
		}
		names := make([]string, len(group))
		for k, at := range group {
			names[k] = curves[at].Name()
		}
		lines = append(lines, strings.Join(names[:len(names)-1], ", ")+" and "+names[len(names)-1])
	}
	switch {
	case note == "":
	case slices.ContainsFunc(curves, func(s result.Series) bool { return s.Name() == "" }):
		p.notes = append(p.notes, fmt.Sprintf("%d curves are one", largest(groups)))
	default:
		p.notes = append(p.notes, "one line: "+strings.Join(lines, "; "))
	}
	return groups
}

// around is what the i-th curve's signs are larger by, so that they look out behind those of others of its group, drawn later.
func around(group []int, i int) vg.Length {
	if len(group) < 2 {
		return 0
	}
	const step, most = 2, 5
	return min(step, most/vg.Length(len(group)-1)) * vg.Length(len(group)-1-slices.Index(group, i))
}

// difference is the largest relative difference of two curves; infinite where they are not over the same steps or do not
// stop at the same one.
func difference(a, b result.Series) float64 {
	if len(a.Ys) < 2 || !slices.Equal(a.Xs, b.Xs) {
		return math.Inf(1)
	}
	widest := 0.0
	for i, v := range a.Ys {
		w := b.Ys[i]
		if v == w || math.IsNaN(v) && math.IsNaN(w) {
			continue
		}
		d := math.Abs(v-w) / math.Max(math.Abs(v), math.Abs(w))
		if !(d <= closeEnough) {
			return math.Inf(1)
		}
		widest = math.Max(widest, d)
	}
	return widest
}

// count writes "1 run", "7 runs".
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// sentence makes an alternative text of a title and a statement.
func sentence(statement, title string) string {
	first, size := utf8.DecodeRuneInString(statement)
	statement = string(unicode.ToUpper(first)) + statement[size:]
	statement = strings.TrimRight(strings.TrimSpace(statement), ";. ") + "."
	if title == "" {
		return statement
	}
	return title + ". " + statement
}
