package sweep

import (
	"fmt"
	"math"
	"slices"

	"alphascale/lib/result"
	"alphascale/lib/training"
)

// Point is one configuration of a sweep and its run.
type Point struct {
	At  At
	Run *training.Run // nil where the sweep was stopped before

	// Folded says that this configuration did not run: Run is that of Points[From], the loss as it is and the records of
	// weights converted, by the law in By. Exact says that the run would agree in every bit: the conversion is one by powers of
	// two, Run did not diverge, and all that is known of both runs lies far from the ends of the dtype's range. Of the
	// network it takes what Setup states for granted.
	Folded bool
	By     string
	From   int
	Exact  bool

	// Elsewhere is, for a Run that was made on another processor than this one, what made it (Identity.Backend); its last digits are
	// that one's. A fold is exact within the machine that made Run.
	Elsewhere string
}

// Result is what a sweep found.
type Result struct {
	Axes   []Axis
	Points []Point // every combination of values, the last axis changing fastest

	Distinct int      // trainings that the laws leave, those not counted that were run to verify a law
	Computed int      // runs that this call made
	Found    int      // runs that were there, or that another process made meanwhile
	Mismatch string   // why nothing is folded though it was asked for, in a sentence; empty if no verification failed
	Notes    []string // what else is worth knowing: conditions that kept a law from folding, files that were set aside
}

// assemble gives every point its run.
func (r *runner) assemble() (*Result, error) {
	out := &Result{Axes: r.spec.Axes, Computed: r.computed, Found: r.found, Mismatch: r.mismatch}
	out.Notes = append(slices.Clone(r.plan.notes), r.notes...)
	first, classes := map[*job]int{}, map[*class]bool{}
	for i, j := range r.plan.of {
		if _, known := first[j]; !known {
			first[j] = i
		}
	}
	for i, j := range r.plan.of {
		point := Point{At: r.plan.points[i], From: i}
		classes[j.class] = true
		source := j
		if j.run == nil && r.mismatch == "" {
			source = j.class.lead()
		}
		if source.run != nil {
			own := *j
			own.settings = point.At.settings(r.spec.Settings)
			var err error
			if point.Run, err = derive(&own, source); err != nil {
				return nil, fmt.Errorf("%s: %w", point.At, err)
			}
			point.Elsewhere = source.machine
			if source != j {
				point.Folded, point.By, point.From, point.Exact = true, j.canonical.law, first[source], exact(j, source)
			}
		}
		out.Points = append(out.Points, point)
	}
	out.Distinct = len(classes)
	return out, nil
}

// Value is a number that is taken from a run.
type Value struct {
	Quantity result.Quantity
	Of       func(r *training.Run) float64
}

// FinalLoss is the loss of the last step, +∞ if the run diverged.
func FinalLoss() Value {
	return Value{result.Quantity{Name: "final loss", Unit: result.Loss().Unit}, func(r *training.Run) float64 {
		if r.Diverged >= 0 {
			return math.Inf(1)
		}
		return r.Loss[len(r.Loss)-1]
	}}
}

// Grid arranges a value of every run over two axes, averaged over all others (one that diverged makes the mean infinite).
// It is NaN where a run is missing. An axis that the sweep does not have is an error that lists those it has.
func (r *Result) Grid(x, y string, z Value) (result.Grid, error) {
	find := func(name string) (Axis, error) {
		i := slices.IndexFunc(r.Axes, func(a Axis) bool { return a.Name == name })
		if i < 0 {
			return Axis{}, fmt.Errorf("no axis %q: the sweep has %v", name, namesOf(r.Axes))
		}
		return r.Axes[i], nil
	}
	xs, err := find(x)
	if err != nil {
		return result.Grid{}, err
	}
	ys, err := find(y)
	if err != nil {
		return result.Grid{}, err
	}
	if x == y {
		return result.Grid{}, fmt.Errorf("both directions of the grid are %s: choose two axes of %v", x, namesOf(r.Axes))
	}
	g := result.Grid{
		X: xs.Quantity, Y: ys.Quantity, Z: z.Quantity,
		Xs: slices.Sorted(slices.Values(xs.Values)), Ys: slices.Sorted(slices.Values(ys.Values)),
	}
	cells := float64(len(r.Points) / (len(g.Xs) * len(g.Ys)))
	for range g.Ys {
		g.Zs, g.Filled = append(g.Zs, make([]float64, len(g.Xs))), append(g.Filled, make([]bool, len(g.Xs)))
	}
	folded := false
	for _, p := range r.Points {
		value := math.NaN()
		if p.Run != nil {
			value = z.Of(p.Run)
		}
		i, j := slices.Index(g.Ys, p.At.Value(y)), slices.Index(g.Xs, p.At.Value(x))
		g.Zs[i][j] += value / cells
		g.Filled[i][j] = g.Filled[i][j] || p.Folded
		folded = folded || p.Folded
	}
	if !folded {
		g.Filled = nil
	}
	return g, g.Check()
}

// Where returns the part of the result in which an axis has the given value; From then points into the whole result. An
// axis or a value that the sweep does not have is an error.
func (r *Result) Where(axis string, value float64) (*Result, error) {
	out := *r
	out.Points = nil
	for _, p := range r.Points {
		if p.At.Value(axis) == value {
			out.Points = append(out.Points, p)
		}
	}
	if len(out.Points) == 0 {
		return nil, fmt.Errorf("no point at %s = %g: the sweep has axes %v; choose one of its values", axis, value, namesOf(r.Axes))
	}
	out.Axes = slices.Clone(r.Axes)
	i := slices.IndexFunc(out.Axes, func(a Axis) bool { return a.Name == axis })
	k := slices.Index(out.Axes[i].Values, value)
	out.Axes[i].Values = []float64{value}
	if out.Axes[i].Labels != nil {
		out.Axes[i].Labels = out.Axes[i].Labels[k : k+1]
	}
	return &out, nil
}

// Refuted is 1 where a verification showed that a law by which the sweep folds does not hold, and 0 where all agreed: the number
// for a check. Spec.Verify says how many were made.
func (r *Result) Refuted() float64 {
	if r.Mismatch != "" {
		return 1
	}
	return 0
}
