package lora

import (
	"fmt"
	"math"
	"slices"

	"alphascale/lib/optim"
	"alphascale/lib/scaling"
)

// Scale says by what A·B is multiplied at each rank: alpha = Numerator / r^Power. Numerator is what LoRA's papers and libraries call α
// ("lora_alpha").
type Scale struct {
	Numerator float64
	Power     float64 // of the rank
	Name      string  // what a figure calls it
}

// Hu is α/r (Hu et al. 2021, section 4.1).
func Hu(numerator float64) Scale { return Scale{numerator, 1, "α/r"} }

// Kalajdzievski is α/√r, rsLoRA (Kalajdzievski 2023, "A Rank Stabilization Scaling Factor for Fine-Tuning with LoRA", theorem 3.2).
func Kalajdzievski(numerator float64) Scale { return Scale{numerator, 0.5, "α/√r"} }

// Fixed is the same multiplier at every rank.
func Fixed(alpha float64) Scale { return Scale{alpha, 0, "constant"} }

// Alpha is the multiplier of A·B at a rank. A rank below 1 and a multiplier that is not positive and finite are errors.
func (s Scale) Alpha(rank int) (float64, error) {
	if rank < 1 {
		return 0, fmt.Errorf("rank %d: A and B need at least 1 column and row", rank)
	}
	alpha := s.Numerator / math.Pow(float64(rank), s.Power)
	if err := scaling.CheckAlpha(alpha); err != nil {
		return 0, fmt.Errorf("%g/r^%g at rank %d: %w", s.Numerator, s.Power, rank, err)
	}
	return alpha, nil
}

// FirstStep is the power of the rank by which the first step lowers the loss: 1 − p·Power, with the p of law L1 (2 for SGD, 1 for Adam).
// B = 0 has no effect on A, so that B alone moves. By L1 its step moves the weights by alphaᵖ times what it would move them without
// alpha, and each of the r columns of A adds as much as another. An optimizer whose step is no function of each gradient by itself, one
// with a trust ratio or Muon, is an error.
func (s Scale) FirstStep(family optim.Family) (float64, error) {
	if slices.Contains([]optim.Family{optim.Muon, optim.LARS, optim.LAMB}, family) {
		return 0, fmt.Errorf("%s sets the length of a whole matrix's step, and this law is about steps taken weight by weight: take sgd, adam or a like optimizer", family)
	}
	p, err := scaling.LearningRateExponent(family)
	return 1 - float64(p)*s.Power, err
}

// LearningRate is the power of the rank by which the learning rate has to go for the first step to do as much at every rank: the
// opposite of FirstStep, whose errors it has.
func (s Scale) LearningRate(family optim.Family) (float64, error) {
	grows, err := s.FirstStep(family)
	return 0 - grows, err
}
