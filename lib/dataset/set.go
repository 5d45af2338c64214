// Package dataset provides the data that the laws are tested on, without a download: real digits ([Digits]), and synthetic sets
// whose curvature is known ([NewQuadratic]). [MNIST] reads a user's own copy of MNIST.
package dataset

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// Set is labelled data in memory, in a fixed order of rows.
type Set struct {
	Name   string
	Shape  []int     // of one row of inputs, such as [64]
	Inputs []float64 // all rows, one after the other
	// Labels are the classes, 0 to Classes−1, one per row. Empty for a regression.
	Labels  []int
	Classes int
	// Targets are the values to regress on, one per row. Empty for a classification.
	Targets []float64
}

// Rows is the number of examples.
func (s Set) Rows() int { return max(len(s.Labels), len(s.Targets)) }

// Width is the number of input values in a row.
func (s Set) Width() int {
	width := 1
	for _, d := range s.Shape {
		width *= d
	}
	return width
}

// Check returns an error when the set is empty, its parts do not fit together, or one of its values is NaN, infinite or too
// large for float32, in which a training computes by default.
func (s Set) Check() error {
	if err := s.CheckForm(); err != nil {
		return err
	}
	for i, x := range s.Inputs {
		if !holds(x) {
			return fmt.Errorf("data set %q has the input %g in row %d, at place %d of 0 to %d: %s",
				s.Name, x, i/s.Width(), i%s.Width(), s.Width()-1, remedyOf(x))
		}
	}
	for row, x := range s.Targets {
		if !holds(x) {
			return fmt.Errorf("data set %q has the target %g in row %d: %s", s.Name, x, row, remedyOf(x))
		}
	}
	return nil
}

// holds reports whether x is finite as a float32.
func holds(x float64) bool {
	rounded := float64(float32(x))
	return !math.IsNaN(rounded) && !math.IsInf(rounded, 0)
}

func remedyOf(x float64) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return "replace it, or leave the row out"
	}
	return fmt.Sprintf("float32 ends at %.3g; rescale the values, or leave the row out", math.MaxFloat32)
}

// CheckForm is Check without a look at the values: training.Compile asks no more, because a run that ends in NaN is a result
// too.
func (s Set) CheckForm() error {
	switch rows := s.Rows(); {
	case s.Width() < 1:
		return fmt.Errorf("data set %q has rows of shape %v: give each dimension at least one value", s.Name, s.Shape)
	case rows == 0 && len(s.Inputs) > 0:
		return fmt.Errorf("data set %q has %d rows of inputs but neither labels nor targets: set Labels (and Classes), or Targets",
			s.Name, len(s.Inputs)/s.Width())
	case rows == 0:
		return fmt.Errorf("data set %q is empty: give it at least one row", s.Name)
	case s.Classes > math.MaxInt32:
		return fmt.Errorf("data set %q has labels up to %d: number the classes 0, 1, 2, …", s.Name, s.Classes-1)
	case len(s.Labels) > 0 && len(s.Targets) > 0:
		return fmt.Errorf("data set %q has both labels and targets: keep one", s.Name)
	case len(s.Inputs) >= s.Width() && len(s.Inputs) < rows*s.Width() && rows*s.Width()%len(s.Inputs) == 0:
		return fmt.Errorf("data set %q has %d rows of shape %v and %d labels or targets: it takes one per row, so make a set for each "+
			"of several targets, and a row of each token that has a label", s.Name, len(s.Inputs)/s.Width(), s.Shape, rows)
	case len(s.Inputs) != rows*s.Width():
		return fmt.Errorf("data set %q has %d input values for %d rows of shape %v: %d are needed",
			s.Name, len(s.Inputs), rows, s.Shape, rows*s.Width())
	case len(s.Labels) > 0 && (slices.Min(s.Labels) < 0 || slices.Max(s.Labels) >= s.Classes):
		return fmt.Errorf("data set %q has labels from %d to %d, and %d classes: labels must lie in 0..%d",
			s.Name, slices.Min(s.Labels), slices.Max(s.Labels), s.Classes, s.Classes-1)
	}
	return nil
}

// First is the set's first rows in their order, or all of them where there are fewer. Of no rows it is an empty set, which
// CheckForm refuses.
func (s Set) First(rows int) Set {
	if rows = min(rows, s.Rows()); rows < 1 {
		s.Inputs, s.Labels, s.Targets = nil, nil, nil
		return s
	}
	first, _ := s.Slice(0, rows) // within its bounds
	return first
}

// Slice returns rows from (inclusive) to to (exclusive), sharing memory. Bounds outside the set are an error.
func (s Set) Slice(from, to int) (Set, error) {
	if from < 0 || to > s.Rows() || from >= to {
		return Set{}, fmt.Errorf("rows %d to %d of data set %q: it has rows 0 to %d", from, to, s.Name, s.Rows())
	}
	out := s
	out.Inputs = s.Inputs[from*s.Width() : to*s.Width()]
	if len(s.Labels) > 0 {
		out.Labels = s.Labels[from:to]
	}
	if len(s.Targets) > 0 {
		out.Targets = s.Targets[from:to]
	}
	return out, nil
}

// Pick returns a copy of the rows with the given numbers, in the order given, such as those that a network classifies
// wrongly. No row at all and a number outside the set are errors.
func (s Set) Pick(rows []int) (Set, error) {
	if len(rows) == 0 {
		return Set{}, fmt.Errorf("no row of data set %q is picked: give at least one number", s.Name)
	}
	out := s
	out.Inputs, out.Labels, out.Targets = nil, nil, nil
	for _, row := range rows {
		one, err := s.Slice(row, row+1)
		if err != nil {
			return Set{}, err
		}
		out.Inputs, out.Labels, out.Targets = append(out.Inputs, one.Inputs...), append(out.Labels, one.Labels...), append(out.Targets, one.Targets...)
	}
	return out, nil
}

// Shuffle returns a copy with its rows in an order that the seed alone determines.
func (s Set) Shuffle(seed uint64) Set {
	out := s
	out.Inputs = make([]float64, 0, len(s.Inputs))
	out.Labels, out.Targets = nil, nil
	width := s.Width()
	for _, row := range rand.New(rand.NewPCG(seed, 0x5eed)).Perm(s.Rows()) {
		out.Inputs = append(out.Inputs, s.Inputs[row*width:(row+1)*width]...)
		if len(s.Labels) > 0 {
			out.Labels = append(out.Labels, s.Labels[row])
		}
		if len(s.Targets) > 0 {
			out.Targets = append(out.Targets, s.Targets[row])
		}
	}
	return out
}

// Split shuffles by seed and returns the first share of the rows (rounded down) and the rest. Both must come out with
// at least one row.
func (s Set) Split(share float64, seed uint64) (first, rest Set, err error) {
	cut := int(share * float64(s.Rows()))
	if !(share > 0 && share < 1) || cut == 0 || cut == s.Rows() {
		return Set{}, Set{}, fmt.Errorf("share %g of the %d rows of %q leaves a part empty: choose one between 0 and 1",
			share, s.Rows(), s.Name)
	}
	shuffled := s.Shuffle(seed)
	if first, err = shuffled.Slice(0, cut); err != nil {
		return Set{}, Set{}, err
	}
	rest, err = shuffled.Slice(cut, s.Rows())
	return first, rest, err
}
