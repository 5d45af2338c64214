package claim

import (
	"context"
	"slices"

	"alphascale/lib/lab"

	"alphascale/lib/law"
	"alphascale/lib/scaling"
	"alphascale/lib/training"
)

var g1 = Claim{
	ID:          "G1",
	Chapter:     "02_gradients",
	Says:        "When weights are multiplied by α, gradients are multiplied by it too.",
	Operation:   scaling.OpRescale,
	Found:       "By α those of w under u = α·w, and those of the other layers after a rescale in a ReLU network; a rescaled layer's own stay as they are there, and are divided by α where the scale is taken back, by a normalisation or by the next layer; behind saturating units they first grow with α and then vanish.",
	experiments: append(each(ownAndOther(), multipliedCase), each(saturating, noPeakCase)...),
}

// multipliedCase agrees with the article where the gradient is multiplied by α.
func multipliedCase(ctx context.Context, l *lab.Lab, s observedGradient) (Case, error) {
	c, fit, err := gradientCase(ctx, l, s.gradientSetting, s.observable, fewAlphas)
	c.Agrees = isExponent(fit, 1)
	return c, err
}

// noPeakCase agrees with the article where the gradient of a saturating layer grows with α throughout.
func noPeakCase(ctx context.Context, l *lab.Lab, unit *law.Activation) (Case, error) {
	c, err := saturatedLayer(ctx, l, unit)
	c.Facts = append(c.Facts, Fact{Looked, ownGradient})
	c.Agrees = err == nil && slices.IsSorted(c.Series[0].Ys)
	return c, err
}

// observedGradient is a setting with the observable that its law is asked about.
type observedGradient struct {
	gradientSetting
	observable scaling.Observable
}

// Whose gradient is looked at.
const (
	ownGradient   = "its own gradient"
	otherGradient = "another layer's gradient"
)

// ownAndOther are the settings in which a gradient is multiplied by a power of α: gradients of the multiplied weights and
// of others.
func ownAndOther() []observedGradient {
	var out []observedGradient
	for _, net := range homogeneousNets() {
		out = append(out,
			observedGradient{gradientSetting{
				"own gradient under u = α·w in one layer from the same function, " + net.String(), "L1: chain rule; Yang & Hu 2021",
				scaling.ReparameteriseLaw(), scaling.Gradient, net, lab.FirstWeights, lab.FirstWeights, training.KeepFunction, reluNet, ownGradient,
			}, scaling.Gradient},
			observedGradient{gradientSetting{
				"another layer's gradient of the outputs after w ← α·w in one layer, " + net.String(), "L2: f is linear in each layer",
				scaling.LayerLaw(), scaling.Jacobian, net, secondWeights, lab.FirstWeights, training.KeepFunction, reluNet, otherGradient,
			}, scaling.OtherJacobian},
			observedGradient{gradientSetting{
				"own gradient of the outputs after w ← α·w in one layer, " + net.String(), "L2: f is linear in each layer",
				scaling.LayerLaw(), scaling.Jacobian, net, secondWeights, secondWeights, training.KeepFunction, reluNet, ownGradient,
			}, scaling.Jacobian})
	}
	for _, s := range append(invariantSettings(), layerNormSetting(), rebalancedSetting()) {
		s.looked = ownGradient
		out = append(out, observedGradient{s, scaling.Gradient})
	}
	return out
}
