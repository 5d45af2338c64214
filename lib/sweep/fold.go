package sweep

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"alphascale/lib/instrument"
	"alphascale/lib/optim"
	"alphascale/lib/result"
	"alphascale/lib/scaling"
	"alphascale/lib/training"
)

// canonical is what the training of the effective weights depends on besides program, seed and steps: the hyperparameters
// in units of α = 1. Runs with equal ones are the same training.
type canonical struct {
	scaled optim.Values // of the variables that α multiplies, as they would be at α = 1
	others optim.Values // of the rest, which α does not touch
	law    string       // by which runs of different α are one; empty if they are not
}

// canonical converts settings by the laws. An error says why the run can stand for itself only.
func (p *program) canonical(s training.Settings, compensate compensation) (canonical, error) {
	family := p.setup.Family
	if family == "" || len(p.about.Scaled) == 0 {
		return canonical{}, nil
	}
	scaled, others := effective(s)
	out := canonical{others: p.about.Defaults.Merge(others)}
	if len(p.about.Unscaled) == 0 {
		out.others = nil
	}
	for _, instrument := range p.setup.Config.Instruments {
		if err := p.canShare(instrument, s.Start); err != nil {
			return canonical{}, err
		}
	}
	exponent, err := scaling.LearningRateExponent(family)
	if err != nil {
		return canonical{}, err
	}
	out.scaled = p.about.Defaults.Merge(scaled)
	if err := p.checkRange(s.Alpha, out.scaled); err != nil {
		return canonical{}, err
	}
	if s.Start != training.ScaleWeights { // α is a multiplier
		if out.scaled, err = p.undo(compensate, out.scaled, s.Alpha); err != nil {
			return canonical{}, fmt.Errorf("α and the hyperparameters of %s are not folded: %w", family, err)
		}
	}
	if s.Start != training.KeepFunction { // u₀ is multiplied by α, which is a rescale in place
		if !p.setup.ScaleInvariant {
			return canonical{}, nil
		}
		if out.scaled, err = p.undo(scaling.CompensateRescale, out.scaled, s.Alpha); err != nil {
			return canonical{}, fmt.Errorf("α and the hyperparameters of %s are not folded by scale invariance: %w", family, err)
		}
	}
	if err := p.checkRange(1, out.scaled); err != nil {
		return canonical{}, err
	}
	switch s.Start {
	case training.KeepFunction:
		out.law = "L1: one " + product(exponent)
	case training.KeepWeights:
		out.law = "L1 and L3: scale-invariant weights do not notice α"
	case training.ScaleWeights:
		out.law = "L3: one " + product(-exponent)
	}
	return out, nil
}

// undo converts hyperparameters from α to 1. It fails as well if the way back does, from 1 to α, because either run may be
// the one that a dtype cannot hold.
func (p *program) undo(convert compensation, h optim.Values, alpha float64) (optim.Values, error) {
	out, err := convert(p.setup.Family, h, 1/alpha, p.holding()...)
	if err == nil {
		_, err = convert(p.setup.Family, out, alpha, p.holding()...)
	}
	return out, err
}

// product writes α^p·η.
func product(exponent int) string {
	switch exponent {
	case 0:
		return "η"
	case 1:
		return "α·η"
	case -1:
		return "η/α"
	}
	if exponent < 0 {
		return "η/α" + result.Superscript(-exponent)
	}
	return "α" + result.Superscript(exponent) + "·η"
}

// key tells classes apart. Numbers count as equal if twelve digits are: beyond them is the rounding of the conversion.
func (c canonical) key() string {
	var b strings.Builder
	for _, values := range []optim.Values{c.scaled, c.others} {
		for _, name := range slices.Sorted(maps.Keys(values)) {
			fmt.Fprintf(&b, "%s=%s ", name, strconv.FormatFloat(values[name], 'e', 11, 64))
		}
		b.WriteString("| ")
	}
	return b.String()
}

// canShare returns an error unless the law of a start says what an instrument records at another α.
func (p *program) canShare(recorded instrument.Instrument, start training.Start) error {
	if recorded.Weight != nil {
		_, err := p.recordExponent(recorded.Name, start)
		return err
	}
	// A start that keeps the function keeps every activation. Otherwise those in front of the normalisation change.
	if start != training.KeepFunction && (recorded.Unit == nil || *recorded.Unit != instrument.Unit{}) {
		return fmt.Errorf("nothing is folded: instrument %q may record activations in front of a normalisation, which change with α; "+
			"leave it out to fold, or set its Unit to &instrument.Unit{} if they make no difference to it", recorded.Name)
	}
	return nil
}

// recordExponent returns q such that an instrument's record of a variable that α multiplies is that of α = 1 times α^q, by
// the unit of the instrument and the law of the start. An instrument without a unit is an error, for its records could not
// be shared.
func (p *program) recordExponent(name string, start training.Start) (float64, error) {
	instruments := p.setup.Config.Instruments
	i := slices.IndexFunc(instruments, func(i instrument.Instrument) bool { return i.Name == name && i.Weight != nil })
	if i < 0 || instruments[i].Unit == nil {
		return 0, fmt.Errorf("nothing is folded: how α enters the records of instrument %q is not known; set its Unit, or leave it out "+
			"to fold", name)
	}
	unit, err := instruments[i].Unit.For(p.setup.Family)
	if err != nil {
		return 0, err
	}
	switch start {
	case training.KeepFunction:
		return scaling.ReparameteriseLaw().UnitExponent(unit)
	case training.ScaleWeights:
		return scaling.ScaleInvariantLaw().UnitExponent(unit)
	case training.KeepWeights:
		return 0, nil // where this folds, the very weights take the same path
	}
	return 0, fmt.Errorf("nothing is folded: no law is known for start %d", start)
}

// derive returns the run of to as the law has it from that of its representative.
func derive(to, from *job) (*training.Run, error) {
	ratio := to.settings.Alpha / from.settings.Alpha
	records := from.run.Records()
	for i, r := range records {
		if ratio == 1 || r.Layer || !slices.Contains(to.program.about.Scaled, r.Path) {
			continue
		}
		q, err := to.program.recordExponent(r.Instrument, to.settings.Start)
		if err != nil {
			return nil, err
		}
		factor := math.Pow(ratio, q)
		records[i].Values = make([]float64, len(r.Values))
		for step, x := range r.Values {
			records[i].Values[step] = factor * x
		}
	}
	return training.Restore(to.settings, from.run.Loss, records)
}
