package training

import (
	"fmt"
	"maps"
	"slices"

	"alphascale/lib/backend"
	"alphascale/lib/optim"

	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/ml/train/optimizer"
)

// findSchedules notes which hyperparameters the model itself sets. It is called between the model and the optimizer.
func (p *Program) findSchedules(g *Graph) {
	p.byModel = map[string]bool{}
	for v := range p.config.Store.IterVariables() {
		if v.InUseByGraph(g) && v.ChangedInGraph(g) {
			p.byModel[v.Path()] = true
		}
	}
}

// hyperOf describes the hyperparameter of a variable. Its default is not what the variable happens to hold, which may be what
// another optimizer has left in the store, except where the optimizer is GoMLX's own and so reads it.
func (p *Program) hyperOf(v *model.Variable) (hyper, error) {
	h := hyper{Variable: v, byModel: p.byModel[v.Path()]}
	var known bool
	if h.byDefault, known = optim.Default(p.config.Optimizer, p.config.Store, h.name()); known {
		_, err := p.held(h, h.byDefault)
		return h, err
	}
	value, err := v.Value()
	if err != nil {
		return h, fmt.Errorf("reading the default of %s: %w", v.Path(), err)
	}
	flat, err := backend.Floats(value)
	if err != nil {
		return h, fmt.Errorf("reading the default of %s: %w", v.Path(), err)
	}
	h.byDefault = flat[0]
	return h, nil
}

// held is the number that the program works with where x is given, or an error where its dtype cannot hold x.
func (p *Program) held(h hyper, x float64) (float64, error) {
	held, err := backend.Hold(h.Name(), x, h.DType())
	family, _ := optim.FamilyOf(p.config.Optimizer)
	if err == nil && x < 1 && held >= 1 && optim.IsDecayRate(family, h.name()) {
		return 0, fmt.Errorf("%s = %g becomes %g in %s, and a decay rate must be below 1: use a smaller one or a wider dtype", h.Name(), x, held, h.DType())
	}
	return held, err
}

// value is what the run gives the program for a hyperparameter of a group: the number itself or, where the model sets the
// hyperparameter, its factor.
func (p *Program) value(h hyper, s Settings, of group) (*tensors.Tensor, error) {
	x, given := s.Hyper[h.name()]
	if own, ok := of.own(s)[h.name()]; ok {
		x, given = own, true
	}
	switch {
	case h.byModel && given:
		x /= h.byDefault
	case h.byModel:
		x = 1
	case !given:
		x = h.byDefault
	}
	return backend.Tensor([]float64{x}, h.Shape())
}

// checkHypers returns an error that names the hyperparameter that cannot be used, or that the program does not have.
func (p *Program) checkHypers(s Settings) error {
	known := optim.Reads(p.config.Optimizer)
	family, _ := optim.FamilyOf(p.config.Optimizer)
	byName := map[optim.Hyper]hyper{}
	for _, h := range p.hypers {
		byName[h.name()] = h
		if !slices.Contains(known, h.name()) {
			known = append(known, h.name())
		}
	}
	_, ownRule := p.config.Optimizer.(*optimizer.SGDConfig)
	for _, g := range p.multiplied() {
		if own := g.own(s); len(own) > 0 && g.alpha(s) != 1 && len(optim.Reads(p.config.Optimizer)) == 0 && !ownRule {
			return fmt.Errorf("α = %g is to be compensated by %v, but this optimizer is GoMLX's own and keeps numbers such as ε as constants of "+
				"the graph, which α changes the meaning of: use the optimizer of package optim, as optim.New(optim.Adam)", g.alpha(s), own)
		}
	}
	all := []optim.Values{s.Hyper, s.ScaledHyper}
	for _, name := range slices.Sorted(maps.Keys(s.Groups)) {
		all = append(all, s.Groups[name].Hyper)
	}
	for i, values := range all {
		if err := values.CheckFor(family); err != nil {
			return err
		}
		for _, name := range slices.Sorted(maps.Keys(values)) {
			if !slices.Contains(known, name) && values[name] != 0 {
				return fmt.Errorf("%s = %g is not an input of the program, whose optimizer reads %v: "+
					"leave it out, or compile with an optimizer that has it", name, values[name], known)
			}
			h, read := byName[name]
			if !read {
				continue
			}
			if h.byModel && i == 0 {
				return fmt.Errorf("%s = %g, but the model sets it itself, by a schedule: leave it out of Hyper; in ScaledHyper, or in a group's Hyper, what differs from "+
					"the default %g is a factor of the schedule", name, values[name], h.byDefault)
			}
			if _, err := p.held(h, values[name]); err != nil {
				return err
			}
		}
	}
	return nil
}
