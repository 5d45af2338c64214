package training

import (
	"fmt"
	"maps"
	"slices"

	"alphascale/lib/optim"
	"alphascale/lib/scaling"

	"github.com/gomlx/gomlx/ml/model"
)

// Group is a set of variables with an α and hyperparameters of its own, what other frameworks call a parameter group. A program has
// any number of them beside the variables of Config.Scaled and the rest.
type Group struct {
	Name      string           // by which Settings.Groups knows it, as "readout"
	Variables scaling.Selector // those that no group before it has
}

// GroupSettings are the inputs of one group in one run. The zero value is α = 1 with the hyperparameters of all variables.
type GroupSettings struct {
	Alpha float64      // α > 0, by which the group's variables are multiplied; 1 if 0. Settings.Start holds for it too
	Hyper optim.Values // of the group, in place of those in Settings.Hyper
}

// group is a set of variables that are updated together.
type group struct {
	name       string // of Config.Groups, empty for the others
	variables  []*model.Variable
	multiplied bool // by an α: Settings.Alpha, or that of the group
}

// alpha is the α by which a run multiplies the group's variables.
func (g group) alpha(s Settings) float64 {
	if g.name == "" {
		return s.Alpha
	}
	if alpha := s.Groups[g.name].Alpha; alpha != 0 {
		return alpha
	}
	return 1
}

// own are the hyperparameters that a run states for the group alone.
func (g group) own(s Settings) optim.Values {
	switch {
	case g.name != "":
		return s.Groups[g.name].Hyper
	case g.multiplied:
		return s.ScaledHyper
	}
	return nil
}

// statePath is where a run's Final says what α has done to the group's variables.
func (g group) statePath() string {
	if g.name == "" {
		return StatePath
	}
	return StatePath + "/" + g.name
}

// label is the group's part of the name of an input.
func (g group) label() string {
	if g.name == "" {
		return ""
	}
	return "/" + g.name
}

// divide sorts the trainable variables into groups: those of Config.Scaled, those of Config.Groups in their order, and the rest.
func (p *Program) divide() error {
	taken := map[*model.Variable]string{}
	var named []group
	for i, g := range p.config.Groups {
		if g.Name == "" || slices.ContainsFunc(p.config.Groups[:i], func(before Group) bool { return before.Name == g.Name }) {
			return fmt.Errorf("group %d is called %q: give each of Config.Groups a name of its own", i+1, g.Name)
		}
		picked, err := g.Variables.Pick(p.state)
		if err != nil {
			return fmt.Errorf("group %q: %w", g.Name, err)
		}
		for _, v := range picked {
			if before, is := taken[v]; is {
				return fmt.Errorf("%s is selected by the group %q and by %q: leave it out of one, as by scaling.Except", v.Path(), before, g.Name)
			}
			taken[v] = g.Name
		}
		named = append(named, group{g.Name, picked, true})
	}
	scaled, err := p.pick(p.config.Scaled)
	if err != nil {
		return err
	}
	var first, rest []*model.Variable
	for _, v := range scaled {
		name, is := taken[v]
		if is && !p.config.Scaled.IsZero() {
			return fmt.Errorf("%s is selected by Config.Scaled and by the group %q: leave it out of one, as by scaling.Except", v.Path(), name)
		}
		if !is {
			first = append(first, v)
		}
	}
	for _, v := range p.state {
		if _, is := taken[v]; v.Trainable && !is && !slices.Contains(first, v) {
			rest = append(rest, v)
		}
	}
	for _, g := range slices.Concat([]group{{"", first, true}}, named, []group{{"", rest, false}}) {
		if len(g.variables) > 0 {
			p.groups = append(p.groups, g)
		}
	}
	return nil
}

// multiplied are the groups that an α multiplies.
func (p *Program) multiplied() []group {
	return slices.DeleteFunc(slices.Clone(p.groups), func(g group) bool { return !g.multiplied })
}

// multiplierOf is the place among them of the group that a variable belongs to, −1 if α does not multiply it.
func (p *Program) multiplierOf(v *model.Variable) int {
	return slices.IndexFunc(p.multiplied(), func(g group) bool { return slices.Contains(g.variables, v) })
}

// CheckGroups returns an error that names settings of a group that the configuration does not have, or an α that cannot be used.
func (c Config) CheckGroups(s Settings) error {
	for _, name := range slices.Sorted(maps.Keys(s.Groups)) {
		var known []string
		for _, g := range c.Groups {
			known = append(known, g.Name)
		}
		if !slices.Contains(known, name) {
			return fmt.Errorf("there is no group %q: Config.Groups has %q", name, known)
		}
		if alpha := s.Groups[name].Alpha; alpha != 0 {
			if err := scaling.CheckAlpha(alpha); err != nil {
				return fmt.Errorf("group %q: %w", name, err)
			}
		}
	}
	return nil
}
