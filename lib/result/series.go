package result

import (
	"fmt"
	"math"
)

// Series is one curve: Ys against Xs, with an interval for each point where one is known.
type Series struct {
	Label string  // what the legend says; may stay empty where Alpha says it
	Alpha float64 // the weight multiplier α of the run behind the curve; 0 where it belongs to no one α

	X, Y   Quantity
	Xs, Ys []float64 // of one length; a NaN or Inf in Ys means "no value here", such as after a divergence

	Lower, Upper []float64 // the ends of each point's interval; both nil, or both as long as Ys
}

// Check returns an error that names the first thing wrong with the series: quantities, lengths, an x that is not a
// number, an interval that lies upside down. NaN and Inf in Ys are allowed.
func (s Series) Check() error {
	if err := s.X.Check(); err != nil {
		return fmt.Errorf("series %q: X: %w", s.Name(), err)
	}
	if err := s.Y.Check(); err != nil {
		return fmt.Errorf("series %q: Y: %w", s.Name(), err)
	}
	if len(s.Xs) != len(s.Ys) {
		return fmt.Errorf("series %q has %d Xs and %d Ys: give one of each for every point", s.Name(), len(s.Xs), len(s.Ys))
	}
	if math.IsNaN(s.Alpha) || math.IsInf(s.Alpha, 0) {
		return fmt.Errorf("series %q has α = %v: give the finite multiplier, or 0 where there is none", s.Name(), s.Alpha)
	}
	for i, x := range s.Xs {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return fmt.Errorf("series %q: Xs[%d] is %v: leave out points without a finite x", s.Name(), i, x)
		}
	}
	return s.checkInterval()
}

func (s Series) checkInterval() error {
	if s.Lower == nil && s.Upper == nil {
		return nil
	}
	if len(s.Lower) != len(s.Ys) || len(s.Upper) != len(s.Ys) {
		return fmt.Errorf("series %q has %d Ys, %d Lower and %d Upper: give an interval for every point or for none",
			s.Name(), len(s.Ys), len(s.Lower), len(s.Upper))
	}
	for i := range s.Lower {
		if s.Lower[i] > s.Upper[i] {
			return fmt.Errorf("series %q: interval %d runs from %v down to %v: swap Lower and Upper",
				s.Name(), i, s.Lower[i], s.Upper[i])
		}
	}
	return nil
}

// Name is the label, or "α = 2⁻³" where there is none.
func (s Series) Name() string {
	if s.Label != "" || s.Alpha == 0 {
		return s.Label
	}
	return "α = " + Power(s.Alpha)
}

// Grid is a surface: Z over every pair of X and Y.
type Grid struct {
	X, Y, Z Quantity
	Xs, Ys  []float64   // strictly increasing
	Zs      [][]float64 // Zs[i][j] belongs to Ys[i] and Xs[j]; NaN where there is no value, Inf where the run diverged
	// Filled says of which cells the value was filled in by a law and not measured, in the order of Zs; nil where all were measured.
	// Files do not keep it.
	Filled [][]bool
}

// Check returns an error that names the first thing wrong with the grid: quantities, sizes, or an axis that does not
// increase strictly.
func (g Grid) Check() error {
	for _, axis := range []struct {
		name string
		q    Quantity
	}{{"X", g.X}, {"Y", g.Y}, {"Z", g.Z}} {
		if err := axis.q.Check(); err != nil {
			return fmt.Errorf("grid: %s: %w", axis.name, err)
		}
	}
	if err := checkIncreasing("Xs", g.Xs); err != nil {
		return err
	}
	if err := checkIncreasing("Ys", g.Ys); err != nil {
		return err
	}
	if len(g.Zs) != len(g.Ys) {
		return fmt.Errorf("grid has %d rows of Zs and %d Ys: give one row for every y", len(g.Zs), len(g.Ys))
	}
	for i, row := range g.Zs {
		if len(row) != len(g.Xs) {
			return fmt.Errorf("grid row %d has %d Zs and there are %d Xs: give one z for every x", i, len(row), len(g.Xs))
		}
		if g.Filled != nil && (len(g.Filled) != len(g.Zs) || len(g.Filled[i]) != len(row)) {
			return fmt.Errorf("grid row %d: Filled is not shaped like Zs: give a truth for every z, or none at all", i)
		}
	}
	return nil
}

// NumFilled is how many cells a law filled in.
func (g Grid) NumFilled() (n int) {
	for _, row := range g.Filled {
		for _, filled := range row {
			if filled {
				n++
			}
		}
	}
	return n
}

func checkIncreasing(name string, values []float64) error {
	if len(values) == 0 {
		return fmt.Errorf("grid has no %s: give at least one", name)
	}
	for i, v := range values {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Errorf("grid: %s[%d] is %v: an axis holds finite values only", name, i, v)
		}
		if i > 0 && v <= values[i-1] {
			return fmt.Errorf("grid: %s[%d] = %v does not exceed the value before it, %v: sort the axis", name, i, v, values[i-1])
		}
	}
	return nil
}
