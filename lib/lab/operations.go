package lab

import (
	"fmt"
	"strings"

	"alphascale/lib/optim"
	"alphascale/lib/probe"
	"alphascale/lib/scaling"
	"alphascale/lib/training"

	"github.com/gomlx/gomlx/core/tensors"
)

// Operation is the operation to carry out where op is asked for.
func (l *Lab) Operation(op scaling.Operation) scaling.Operation {
	if other, swapped := l.swap[op]; swapped {
		return other
	}
	return op
}

// Changes is what an operation does to the selected weights of a probe. Operations that leave weights and forward pass
// alone change nothing there.
func (l *Lab) Changes(op scaling.Operation, start training.Start, selected scaling.Selector, alpha float64) ([]probe.Change, error) {
	switch op = l.Operation(op); {
	case op == scaling.OpRescale:
		return []probe.Change{probe.Rescale(selected, alpha)}, nil
	case op == scaling.OpReparameterise && start == training.KeepFunction:
		return []probe.Change{probe.ReparameteriseInPlace(selected, alpha)}, nil
	case op == scaling.OpReparameterise:
		return []probe.Change{probe.Reparameterise(selected, alpha)}, nil
	case op == scaling.OpRebalance:
		return nil, fmt.Errorf("rebalancing takes two layers: use Rebalanced")
	case op == scaling.OpScaleLearningRate || op == scaling.OpScaleLoss:
		return nil, nil
	}
	return nil, fmt.Errorf("a probe of selected weights cannot carry out %q", op)
}

// Rebalanced is what (α·W₁, W₂/α) does to a probe, or the operation on W₁ that the lab puts in its place.
func (l *Lab) Rebalanced(first, second scaling.Selector, alpha float64) ([]probe.Change, error) {
	if l.Operation(scaling.OpRebalance) != scaling.OpRebalance {
		return l.Changes(scaling.OpRebalance, training.KeepFunction, first, alpha)
	}
	return probe.Rebalance(first, second, alpha), nil
}

// Reparameterised turns the settings of a reparameterised run into those of the operation that the lab puts in its place:
// a run without α in the forward pass, whose learning rate α multiplies.
func (l *Lab) Reparameterised(s training.Settings) training.Settings {
	if l.Operation(scaling.OpReparameterise) != scaling.OpReparameterise {
		s.Hyper = s.Hyper.With(optim.LearningRate, s.Alpha*s.Hyper[optim.LearningRate])
		s.Alpha, s.ScaledHyper = 1, nil
	}
	return s
}

// ReparameterisedAll turns the settings of reparameterised runs into those of the operation that the lab puts in its place.
func (l *Lab) ReparameterisedAll(settings []training.Settings) []training.Settings {
	out := make([]training.Settings, len(settings))
	for i, s := range settings {
		out[i] = l.Reparameterised(s)
	}
	return out
}

// Rescaled are the values with the weights of the given paths multiplied by α once, w ← α·w, or the values as they are where the lab
// puts another operation in the place of a rescale: none of those changes held weights.
func (l *Lab) Rescaled(values map[string]*tensors.Tensor, paths []string, alpha float64) (map[string]*tensors.Tensor, error) {
	if l.Operation(scaling.OpRescale) != scaling.OpRescale {
		return values, nil
	}
	return scaling.Rescale(values, paths, alpha, scaling.KeepMoments)
}

// RescaleWeights multiplies all weights by α and leaves biases as they are, zero.
func RescaleWeights(values map[string]*tensors.Tensor, alpha float64) (map[string]*tensors.Tensor, error) {
	var weights []string
	for path := range values {
		if strings.HasSuffix(path, "/weights") {
			weights = append(weights, path)
		}
	}
	return scaling.Rescale(values, weights, alpha, scaling.KeepMoments)
}
