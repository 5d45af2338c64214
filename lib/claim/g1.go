package claim

import (
	"slices"

	"alphascale/lib/network"
	"alphascale/lib/scaling"
	"alphascale/lib/training"
)

var g1 = Claim{
	ID:        "G1",
	Says:      "When weights are multiplied by α, gradients are multiplied by it too.",
	Operation: scaling.OpRescale,
	Found:     "By α those of w under u = α·w, and those of the other layers after a rescale in a ReLU network; a rescaled layer's own stay as they are there, and are divided by α before a normalisation; behind saturating units they first grow with α and then vanish.",
	Flips:     "whose gradient is looked at, a normalisation behind the weights, or units that saturate",
	judge:     judgeG1,
}

func judgeG1(l *Lab) ([]Case, error) {
	var cases []Case
	for _, s := range ownAndOther() {
		c, fit, err := l.gradientCase(s.gradientSetting, s.observable)
		if err != nil {
			return cases, err
		}
		c.Agrees = isExponent(fit, 1)
		cases = append(cases, c)
	}
	tanh, err := l.saturatedLayer()
	if err != nil {
		return cases, err
	}
	curve := tanh.Series[0].Ys
	tanh.Agrees = slices.IsSorted(curve) // what α multiplies has no peak
	return append(cases, tanh), nil
}

// observedGradient is a setting with the observable that its law is asked about.
type observedGradient struct {
	gradientSetting
	observable scaling.Observable
}

// ownAndOther are the settings in which a gradient is multiplied by a power of α: gradients of the multiplied weights and
// of others.
func ownAndOther() []observedGradient {
	const second = "/layer_1/dense/weights"
	plain := plainNet()
	out := []observedGradient{
		{gradientSetting{"own gradient under u = α·w from the same function, " + plain.String(), "L1: chain rule; Yang & Hu 2021",
			scaling.ReparameteriseLaw(), scaling.Gradient, plain, "weights", firstWeights, training.KeepFunction}, scaling.Gradient},
		{gradientSetting{"another layer's gradient of the outputs after w ← α·w in one layer, " + plain.String(), "L2: f is linear in each layer",
			scaling.LayerLaw(), scaling.Jacobian, plain, second, firstWeights, training.KeepFunction}, scaling.OtherJacobian},
		{gradientSetting{"own gradient of the outputs after w ← α·w in one layer, " + plain.String(), "L2: f is linear in each layer",
			scaling.LayerLaw(), scaling.Jacobian, plain, second, second, training.KeepFunction}, scaling.Jacobian},
	}
	for _, norm := range []network.Normalisation{network.BatchNorm, network.LayerNorm} {
		out = append(out, observedGradient{scaleInvariantSetting(norm), scaling.Gradient})
	}
	return out
}

// scaleInvariantSetting is the rescale of weights in front of a normalisation without ε.
func scaleInvariantSetting(norm network.Normalisation) gradientSetting {
	net := network.MLP{Hidden: []int{24, 24}, Outputs: 10, NoBias: true, Norm: norm, NormEpsilon: -1}
	return gradientSetting{"own gradient after w ← α·w before a normalisation, " + net.String(), "L3: L(αw) = L(w); van Laarhoven 2017",
		scaling.ScaleInvariantLaw(), scaling.Gradient, net, "/layer_*/dense/weights", firstWeights, training.KeepFunction}
}
