package lora

import (
	"fmt"

	"alphascale/lib/optim"
	"alphascale/lib/scaling"
	"alphascale/lib/training"

	"github.com/gomlx/gomlx/core/tensors"
)

// Move is a change of units that leaves alpha·A·B alone: the multiplier times Alpha, A times A, and B by what is left, 1/(Alpha·A).
//
// With the multiplier s to be moved into the rest, Alpha = 1/s, there are two that matter. A = √s multiplies both factors by √s, and then
// one learning rate serves both: s·η with SGD, √s·η with Adam. A = 1 keeps A, and then the multiplier is a learning rate of B alone: s²·η
// with SGD, s·η with Adam.
type Move struct{ Alpha, A float64 }

// b is the factor of B.
func (m Move) b() float64 { return 1 / (m.Alpha * m.A) }

func (m Move) check() error {
	for _, x := range []float64{m.Alpha, m.A} {
		if err := scaling.CheckAlpha(x); err != nil {
			return err
		}
	}
	return nil
}

// Hyper are the hyperparameters for A and for B with which the run after the move is the run before it with h: bit for bit where all factors
// are powers of two and nothing over- or underflows, to rounding otherwise (law L1 for each factor: A is c⁻¹·A′ with A′ = c·A). Errors are
// those of scaling.Compensate; with a trust ratio there is no such run, since B is all zeros at the start.
func (m Move) Hyper(family optim.Family, h optim.Values, holding ...scaling.Condition) (a, b optim.Values, err error) {
	if err := m.check(); err != nil {
		return nil, nil, err
	}
	if a, err = scaling.Compensate(family, h, 1/m.A, holding...); err != nil {
		return nil, nil, fmt.Errorf("the hyperparameters of A: %w", err)
	}
	if b, err = scaling.Compensate(family, h, 1/m.b(), holding...); err != nil {
		return nil, nil, fmt.Errorf("the hyperparameters of B: %w", err)
	}
	return a, b, nil
}

// Move is the settings after the move: start and learning rates of the groups, which may have hyperparameters of their own. The settings'
// Initial has to hold A, B and multipliers, as Start gives them. Errors are those of Move.Hyper and Moved.
func (a *Adapter) Move(s training.Settings, family optim.Family, m Move, holding ...scaling.Condition) (training.Settings, error) {
	forA, _, err := m.Hyper(family, s.Hyper.Merge(s.Groups[GroupA].Hyper), holding...)
	if err != nil {
		return s, err
	}
	_, forB, err := m.Hyper(family, s.Hyper.Merge(s.Groups[GroupB].Hyper), holding...)
	if err != nil {
		return s, err
	}
	if s.Initial, err = a.Moved(s.Initial, m); err != nil {
		return s, err
	}
	return WithRates(s, forA, forB), nil
}

// Moved is a copy of the values after the move, with the moments that an optimizer has of A and B in the new units. Values in which an
// adapted matrix lacks its A, B or multiplier, and what their dtype cannot hold, are errors.
func (a *Adapter) Moved(values map[string]*tensors.Tensor, m Move) (map[string]*tensors.Tensor, error) {
	if err := m.check(); err != nil {
		return nil, err
	}
	for _, weight := range a.Adapted() {
		for path, by := range map[string]float64{PathA(weight): m.A, PathB(weight): m.b(), PathAlpha(weight): m.Alpha} {
			var err error
			if values, err = scaling.Rescale(values, []string{path}, by, scaling.RescaleMoments); err != nil {
				return nil, err
			}
		}
	}
	return values, nil
}
