package width

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"

	"alphascale/lib/dataset"
	"alphascale/lib/judge"
	"alphascale/lib/optim"
	"alphascale/lib/result"
	"alphascale/lib/subject"
)

// Check is a coordinate check: by which power of the width does the first step change the model's output, through each layer alone?
// The family without its Base and Data are needed; the zero value of each other field is the default that its comment gives.
type Check struct {
	Family                         // of which Base, if 0, is the first of the widths
	Data     dataset.Set           // of which the first 64 rows are taken
	Widths   []int                 // 64, 128, 256, 512, 1024
	Seeds    int                   // networks at each width; 8
	Progress func(done, total int) // called after each width
}

// eta is the learning rate at the base width: so small that a step's change is of first order, and large enough in float64.
const eta = 1e-6

// Layer is what the check found of one variable: the fitted exponent of its part in the change of the output, with the exponent that
// the parametrisation predicts.
type Layer struct {
	Parametrisation string // its name
	Path            string
	Role            Role
	Fit             result.Fit
}

// Apart is the distance between exponents that a check has to tell apart: those of every parametrisation are multiples of it, and a
// wrong multiplier, learning rate or deviation moves one by that much or more.
const Apart = 0.5

// Check holds the fitted exponent against the predicted one. The law is that of wide networks: networks from 64 units on are off it by
// up to 0.1.
func (l Layer) Check() judge.Check {
	return judge.Approximate(fmt.Sprintf("%s: power of n through %s (%s)", l.Parametrisation, l.Path, l.Role), l.Fit, l.Fit.Predicted, Apart)
}

// Expect has the layer held against what another parametrisation predicts, such as the one that it was meant to have.
func (l *Layer) Expect(says Parametrisation, optimizer optim.Family) (err error) {
	l.Fit.Predicted, err = says.FirstStep(l.Role, optimizer)
	return err
}

// Run makes the check and returns a layer for each trainable variable that grows with the width and that the first step moves, in the
// order of their paths. Fewer than three widths, a model that is not a family, and what a training cannot use are errors.
func (c Check) Run(ctx context.Context) ([]Layer, error) {
	if len(c.Widths) == 0 {
		c.Widths = []int{64, 128, 256, 512, 1024}
	}
	if len(c.Widths) < 3 || !slices.IsSorted(c.Widths) || slices.Min(c.Widths) < 1 {
		return nil, fmt.Errorf("widths %v: an exponent takes three or more, in increasing order", c.Widths)
	}
	if c.Seeds == 0 {
		c.Seeds = 8
	}
	if c.Base == 0 {
		c.Base = c.Widths[0]
	}
	roles, err := c.rolesOf()
	if err != nil {
		return nil, err
	}
	squares := map[string][]float64{} // of the change, by path and width
	for i, width := range c.Widths {
		changes, err := c.at(ctx, width)
		if err != nil {
			return nil, fmt.Errorf("width %d: %w", width, err)
		}
		for path, square := range changes {
			squares[path] = append(squares[path], math.Sqrt(square))
		}
		if c.Progress != nil {
			c.Progress(i+1, len(c.Widths))
		}
	}
	return c.layers(roles, squares)
}

// rolesOf are the roles of the family's variables, or an error that says what it lacks.
func (c Check) rolesOf() (map[string]Role, error) {
	if err := c.complete(); err != nil {
		return nil, err
	}
	return c.roles(subject.Subject{Data: c.Data.First(1)})
}

// layers fits the exponents.
func (c Check) layers(roles map[string]Role, changes map[string][]float64) ([]Layer, error) {
	widths := make([]float64, len(c.Widths))
	for i, n := range c.Widths {
		widths[i] = float64(n)
	}
	var out []Layer
	for _, path := range slices.Sorted(maps.Keys(changes)) {
		if slices.Max(changes[path]) == 0 {
			continue
		}
		points := result.Series{
			Label: path, X: result.Quantity{Name: "width", Symbol: "n"}, Y: result.Quantity{Name: "change of the output in the first step", Symbol: "Δf"},
			Xs: widths, Ys: changes[path],
		}
		fit, err := result.FitExponent(points)
		if err != nil {
			return nil, err
		}
		if fit.Predicted, err = c.Parametrisation.FirstStep(roles[path], c.Optimizer); err != nil {
			return nil, err
		}
		out = append(out, Layer{c.Parametrisation.Name, path, roles[path], fit})
	}
	return out, nil
}
