package training

import (
	"context"
	"fmt"

	"alphascale/lib/instrument"
	"alphascale/lib/optim"
	"alphascale/lib/result"
	"alphascale/lib/scaling"
)

// Compensated returns the settings under which the variables that α multiplies, those of Config.Groups by their own, train as they
// would at α = 1 with the settings given: s with ScaledHyper as scaling.Compensate has it for the program's optimizer, or, under the start ScaleWeights, as
// scaling.CompensateRescale has it. Its conditions and errors are theirs; an optimizer that is not of package optim is one too.
func (p *Program) Compensated(s Settings, holding ...scaling.Condition) (Settings, error) {
	family, known := optim.FamilyOf(p.config.Optimizer)
	if !known {
		return s, fmt.Errorf("no law is known for the optimizer %T: compile with one of package optim, as optim.New(optim.Adam)", p.config.Optimizer)
	}
	law := scaling.Compensate
	if s.Start == ScaleWeights {
		law = scaling.CompensateRescale
	}
	var err error
	if s.ScaledHyper, err = law(family, s.Hyper.Merge(s.ScaledHyper), s.Alpha, holding...); err != nil || len(p.config.Groups) == 0 {
		return s, err
	}
	groups := map[string]GroupSettings{}
	for _, g := range p.multiplied() {
		if g.name == "" {
			continue
		}
		hyper, err := law(family, s.Hyper.Merge(g.own(s)), g.alpha(s), holding...)
		if err != nil {
			return s, fmt.Errorf("group %q: %w", g.name, err)
		}
		groups[g.name] = GroupSettings{g.alpha(s), hyper}
	}
	s.Groups = groups
	return s, nil
}

// Train compiles the program, makes its runs side by side, in the order of the settings, and frees it. It calls progress, if not nil,
// as RunAll does. For more runs of one program, Compile it once.
func Train(ctx context.Context, config Config, progress func(done, total int), settings ...Settings) ([]*Run, error) {
	p, err := Compile(config)
	if err != nil {
		return nil, err
	}
	defer p.Finalize()
	return p.RunAll(ctx, settings, progress)
}

// Series is what an instrument recorded of the variable, or of the hidden layer, with the given path, against the step, labelled
// by α. A pair that was not recorded is an error that lists those that were.
func (r *Run) Series(of instrument.Instrument, path string) (result.Series, error) {
	values, err := r.Recorded(of.Name, path)
	s := r.LossSeries() // for its steps
	s.Y, s.Ys = of.Quantity, values
	return s, err
}
