package lab

import (
	"math"

	"alphascale/lib/optim"
	"alphascale/lib/scaling"
	"alphascale/lib/training"
)

// Predict returns an exponent as the law gives it, in a lab without an error.
func (l *Lab) Predict(exponent float64, err error) (float64, error) { return exponent + l.shift, err }

// Exponent is the law's prediction for an observable.
func (l *Lab) Exponent(law scaling.Law, of scaling.Observable) (float64, error) {
	return l.Predict(law.Exponent(of))
}

// LearningRateExponent is p, of αᵖ·η.
func (l *Lab) LearningRateExponent(family optim.Family) (float64, error) {
	p, err := scaling.LearningRateExponent(family)
	return l.Predict(float64(p), err)
}

// Compensate returns the settings of a run whose scaled weights have compensated hyperparameters. An error in the lab's
// exponents shows in the learning rate.
func (l *Lab) Compensate(family optim.Family, h optim.Values, alpha float64, seed int64) (training.Settings, error) {
	scaled, err := scaling.Compensate(family, h, alpha)
	if err != nil {
		return training.Settings{}, err
	}
	scaled = scaled.With(optim.LearningRate, scaled[optim.LearningRate]*math.Pow(alpha, -l.shift))
	return training.Settings{Alpha: alpha, Hyper: h, ScaledHyper: scaled, Seed: seed}, nil
}

// EffectiveExponent is the law's prediction for the power of α by which a hyperparameter acts.
func (l *Lab) EffectiveExponent(law scaling.Law, family optim.Family, name optim.Hyper) (float64, error) {
	return l.Predict(law.EffectiveExponent(family, name))
}

// FromSameWeights is the exponent of an observable under u = α·w with w₀ = u₀: that of multiplying the weights by α in
// place, and then of the reparameterisation that keeps what this has made of the function.
func (l *Lab) FromSameWeights(inPlace scaling.Law, of scaling.Observable) (float64, error) {
	first, err := inPlace.Exponent(of)
	if err != nil {
		return 0, err
	}
	then, err := scaling.ReparameteriseLaw().Exponent(of)
	return l.Predict(first+then, err)
}
