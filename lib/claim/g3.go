package claim

import (
	"context"
	"math"

	"alphascale/lib/lab"

	"alphascale/lib/judge"
	"alphascale/lib/law"
	"alphascale/lib/network"
	"alphascale/lib/scaling"
	"alphascale/lib/training"
)

var g3 = Claim{
	ID:          "G3",
	Chapter:     "03_vanishing_exploding",
	Says:        "With a very small α gradients explode and training is unstable.",
	Operation:   scaling.OpRescale,
	Found:       "They vanish: by α under u = α·w, by α^(D−1) in a ReLU network of D rescaled layers, by α in the linear regime of tanh. They explode, like 1/α, where the scale is taken back, by a normalisation or by the next layer. Training is not unstable for that: before a normalisation the weights grow until their steps are small.",
	experiments: append(fallingGradients(gradientSettings(), []float64{1, 1. / 2, 1. / 5, 1. / 16, 1. / 64}), linearRegime, extremeCase(1./64, unstable), tinyNormalisedCase),
}

// linearRegime measures the gradient of a tanh network with respect to the weights of its first layer where α is so small
// that tanh is linear.
func linearRegime(ctx context.Context, l *lab.Lab) (Case, error) {
	net := network.MLP{Hidden: []int{24, 24}, Outputs: 10, Activation: "tanh"}
	c := Case{Setting: "u = α·w from the same weights in the first layer, " + net.String(), Facts: facts(scaling.OpReparameterise, OneLayer, Fact{Behind, saturates}), Law: "L6: ∂/∂w tanh(αwx) = α·x·sech²(αwx)"}
	predicted, err := l.Predict(unitExponent(law.Tanh, 1e-5), nil)
	if err != nil {
		return c, err
	}
	s := gradientSetting{
		law: scaling.ReparameteriseLaw(), of: scaling.Jacobian, net: net,
		selected: "/layer_0/dense/weights", watched: "/layer_0/dense/weights", start: training.KeepWeights,
	}
	small := []float64{0x1p-8, 0x1p-10, 0x1p-12, 0x1p-14}
	fit, err := addExponent(ctx, l, &c, "gradient norm at small α", predicted, small, func(seed int64) ([]float64, error) {
		return gradientNorms(ctx, l, s, seed, small)
	})
	c.Agrees = err == nil && fit.High < -judge.ExponentTolerance
	return c, err
}

// unitExponent is the exponent in α of the gradient of one unit of unit pre-activation near the given α.
func unitExponent(unit *law.Activation, alpha float64) float64 {
	return math.Log2(unit.Gradient(2*alpha, 1, 1) / unit.Gradient(alpha, 1, 1))
}
