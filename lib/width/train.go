package width

import (
	"context"
	"fmt"

	"alphascale/lib/optim"
	"alphascale/lib/result"
	"alphascale/lib/training"
)

// Train makes one run of a width, from weights of the seed and with hyperparameters h, which are those at the base width. Errors are
// those of Compile, Settings and the run.
func (f Family) Train(ctx context.Context, width int, config training.Config, h optim.Values, seed int64) (*training.Run, error) {
	n, err := f.Compile(width, config)
	if err != nil {
		return nil, err
	}
	defer n.Finalize()
	s, err := n.Settings(h, seed)
	if err != nil {
		return nil, err
	}
	return n.RunOn(ctx, 0, s)
}

// Powers is a table of the powers of n by which the first step changes the model's output through each role, of every parametrisation
// under every optimizer. Errors are those of FirstStep.
func Powers(parametrisations []Parametrisation, optimizers ...optim.Family) (result.Table, error) {
	roles := []Role{Input, Hidden, Output}
	t := result.Table{Title: "Power of n in the first step's change of f", Columns: []result.Quantity{{Name: "parametrisation"}, {Name: "optimizer"}}}
	for _, role := range roles {
		t.Columns = append(t.Columns, result.Quantity{Name: "through the " + role.String() + " layer"})
	}
	for _, p := range parametrisations {
		for _, optimizer := range optimizers {
			row := []string{p.Name, string(optimizer)}
			for _, role := range roles {
				power, err := p.FirstStep(role, optimizer)
				if err != nil {
					return t, err
				}
				row = append(row, fmt.Sprintf("%g", power))
			}
			t.Rows = append(t.Rows, row)
		}
	}
	return t, nil
}

// With is the parametrisation with a change of the roles that grow: for recipes of one's own, and for bugs that a check has to find.
func (p Parametrisation) With(name string, change func(role Role, x *ABC)) Parametrisation {
	return Parametrisation{name, func(role Role, family optim.Family) (ABC, error) {
		x, err := p.Of(role, family)
		if err == nil && role != Fixed {
			change(role, &x)
		}
		return x, err
	}}
}
