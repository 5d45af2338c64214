package scaling

import "fmt"

// Laws lists every law, the homogeneous one for a network of the given depth (weight layers, at least 1).
func Laws(depth int) ([]Law, error) {
	homogeneous := HomogeneousLaw(depth)
	if homogeneous.err != nil {
		return nil, homogeneous.err
	}
	return []Law{
		ReparameteriseLaw(), homogeneous, LayerLaw(), OutputLaw(), ScaleInvariantLaw(), PenaltyLaw(), RebalanceLaw(),
		LossLaw(), LearningRateLaw(),
	}, nil
}

// ReparameteriseLaw is L1, from the same function: u = α·w with w₀ = u₀/α. Its EffectiveExponent says how the optimizer
// then acts on u.
func ReparameteriseLaw() Law {
	return Law{
		ID: "L1", Operation: OpReparameterise, Setting: "any network, from the same function (w₀ = u₀/α)",
		Source:  "∂u/∂w = α and the chain rule; Yang & Hu 2021, Tensor Programs IV (abc-symmetry); Yang et al. 2022 for Adam",
		Effects: effects(reparameterised, unchanged), change: &reparameterised,
	}
}

// HomogeneousLaw is L2 for all layers of a network with that many weight layers: w ← α·w everywhere. Of a depth below 1 it
// is a law that predicts nothing but the error of whatever it is asked.
func HomogeneousLaw(depth int) Law {
	if depth < 1 {
		return Law{ID: "L2", Operation: OpRescale, err: fmt.Errorf("a network of %d weight layers: give a depth of at least 1", depth)}
	}
	return Law{
		ID: "L2", Operation: OpRescale, Setting: fmt.Sprintf("all %d layers of a positively homogeneous network", depth),
		Assumptions: []string{"no layer but a first has a bias", "every activation is positively homogeneous, as ReLU is"},
		Source:      "f(αθ) = α^D f(θ) differentiated with respect to θ; Lyu & Li 2020, theorem B.2",
		Effects: map[Observable]float64{
			Function: float64(depth), Weight: 1, Jacobian: float64(depth - 1), L2Penalty: 2, L1Penalty: 1,
		},
	}
}

// LayerLaw is L2 for one layer: W_k ← α·W_k.
func LayerLaw() Law {
	return Law{
		ID: "L2", Operation: OpRescale, Setting: "one layer of a positively homogeneous network",
		Assumptions: []string{
			"neither it nor a later layer has a bias, except that its own is multiplied too",
			"every later activation is positively homogeneous, as ReLU is",
		},
		Source: "f is linear in W_k wherever no activation changes sides, so ∂f/∂W_k does not contain W_k",
		Effects: map[Observable]float64{
			Function: 1, Weight: 1, OtherWeight: 0, Jacobian: 0, OtherJacobian: 1, L2Penalty: 2, L1Penalty: 1,
		},
	}
}

// OutputLaw is L1 and L2 together: a layer's output is multiplied in the forward pass and its weights stay as they are.
func OutputLaw() Law {
	return Law{
		ID: "L2", Operation: OpScaleOutput, Setting: "one layer of a positively homogeneous network, from the same weights",
		Assumptions: []string{"no later layer has a bias", "every later activation is positively homogeneous, as ReLU is"},
		Source:      "LayerLaw for u = α·w, then the chain rule ∂f/∂w = α·∂f/∂u",
		Effects: map[Observable]float64{
			Function: 1, Weight: 0, OtherWeight: 0, Jacobian: 1, OtherJacobian: 1, L2Penalty: 0, L1Penalty: 0,
		},
	}
}

// ScaleInvariantLaw is L3: w ← α·w where the function does not notice.
func ScaleInvariantLaw() Law {
	return Law{
		ID: "L3", Operation: OpRescale, Setting: "weights followed by a normalisation (scale-invariant)",
		Assumptions: []string{string(NoNormEpsilon), string(BiasScaled)},
		Source:      "L(αw) = L(w) differentiated once and twice; van Laarhoven 2017, L2 regularization versus batch and weight normalization",
		Effects:     effects(rescaled, unchanged), change: &rescaled,
	}
}

// PenaltyLaw is L8: what a rescale does to the penalty at that instant, in any network.
func PenaltyLaw() Law {
	return Law{
		ID: "L8", Operation: OpRescale, Setting: "the penalty of any network",
		Source:  "‖αw‖² = α²‖w‖² and ‖αw‖₁ = |α|·‖w‖₁",
		Effects: map[Observable]float64{Weight: 1, L2Penalty: 2, L1Penalty: 1},
	}
}

// RebalanceLaw is L9: (α·W₁, W₂/α).
func RebalanceLaw() Law {
	return Law{
		ID: "L9", Operation: OpRebalance, Setting: "two consecutive layers, own the first and other the second",
		Assumptions: []string{
			"the activation between them is positively homogeneous, as ReLU is",
			"a bias of the first is multiplied too",
		},
		Source:  "Dinh et al. 2017, Sharp minima can generalize for deep nets, theorem 4",
		Effects: effects(rescaled, reparameterised), change: &rescaled,
	}
}

// LossLaw is L10: ℓ ← α·ℓ, the weights as they are.
func LossLaw() Law {
	return Law{
		ID: "L10", Operation: OpScaleLoss, Setting: "any network, a penalty not being part of the loss",
		Source:  "linearity of the derivative; Micikevicius et al. 2018, Mixed precision training, section 3.2",
		Effects: effects(lossScaled, lossScaled), change: &lossScaled,
	}
}

// LearningRateLaw is the control that changes nothing but η.
func LearningRateLaw() Law {
	return Law{
		ID: "L10", Operation: OpScaleLearningRate, Setting: "any network",
		Source:  "the definition of η",
		Effects: effects(unchanged, unchanged), change: &unchanged,
	}
}
