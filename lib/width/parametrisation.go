package width

import (
	"fmt"
	"slices"

	"alphascale/lib/optim"
	"alphascale/lib/scaling"
)

// ABC are the exponents of a layer in the width n: it uses u = n^(−A)·w, w is drawn with a standard deviation in proportion to n^(−B),
// and its learning rate is in proportion to n^(−C) (Yang & Hu 2021, definition 3.1).
type ABC struct{ A, B, C float64 }

// Shifted is the same training with n^(−θ) moved from the initial weights to the multiplier: (A+θ, B−θ, C−pθ), where p is the power of α
// in the effective learning rate of law 1, 2 for SGD and 1 for Adam, whose ε then goes with n^(−θ) as well (Yang & Hu 2021, section 3.2;
// Yang et al. 2022, lemma J.1). An optimizer that is not known is an error.
func (x ABC) Shifted(theta float64, family optim.Family) (ABC, error) {
	p, err := scaling.LearningRateExponent(family)
	return ABC{x.A + theta, x.B - theta, x.C - float64(p)*theta}, err
}

// Parametrisation gives the exponents of each role. Name is what a figure calls it.
type Parametrisation struct {
	Name string
	// Of returns the exponents of a role under an optimizer; of Fixed they are 0.
	Of func(role Role, family optim.Family) (ABC, error)
}

// Shifted is the parametrisation in which n^(−θ) of every layer stands in the multiplier in place of the initial weights: by law 1 the
// same training, see [ABC.Shifted].
func (p Parametrisation) Shifted(theta float64) Parametrisation {
	return Parametrisation{fmt.Sprintf("%s, shifted by %g", p.Name, theta), func(role Role, family optim.Family) (ABC, error) {
		x, err := p.Of(role, family)
		if err != nil || role == Fixed {
			return x, err
		}
		return x.Shifted(theta, family)
	}}
}

// Standard, SP, is what layers do by default: initial weights by the fan-in, no multiplier, and one learning rate.
func Standard() Parametrisation {
	return Parametrisation{"SP", func(role Role, _ optim.Family) (ABC, error) {
		return map[Role]ABC{Hidden: {0, 0.5, 0}, Output: {0, 0.5, 0}}[role], nil
	}}
}

// NTK has the fan-in in a multiplier in place of the initial weights (Jacot et al. 2018).
func NTK() Parametrisation {
	return Parametrisation{"NTK", func(role Role, _ optim.Family) (ABC, error) {
		return map[Role]ABC{Hidden: {0.5, 0, 0}, Output: {0.5, 0, 0}}[role], nil
	}}
}

// MaximalUpdate, μP, has every layer change the function as much at one width as at another: its initial weights are those of SP but for
// the last layer's, n^(−1), and each learning rate is divided by what the layer's first step would grow by (Yang et al. 2022, table 3).
func MaximalUpdate() Parametrisation {
	return Parametrisation{"μP", func(role Role, family optim.Family) (ABC, error) {
		drawn := map[Role]ABC{Hidden: {0, 0.5, 0}, Output: {0, 1, 0}}
		if role == Fixed {
			return ABC{}, nil
		}
		grows, err := firstStep(func(r Role) ABC { return drawn[r] }, role, family)
		x := drawn[role]
		x.C = grows
		return x, err
	}}
}

// FirstStep is the exponent of n in the change of the model's output through one layer alone, in the first step and to first order. An
// optimizer whose step is no function of each gradient by itself, one with a trust ratio or Muon, is an error: the law is not about it.
func (p Parametrisation) FirstStep(role Role, family optim.Family) (float64, error) {
	table := map[Role]ABC{}
	for _, r := range []Role{Vector, Input, Hidden, Output} {
		var err error
		if table[r], err = p.Of(r, family); err != nil {
			return 0, err
		}
	}
	return firstStep(func(r Role) ABC { return table[r] }, role, family)
}

// firstStep sums over what grows. With the multiplier in the weights, A = 0, an activation goes with n^(−B) of the first layer and the
// gradient with respect to one with n^(−B) of the last, as long as hidden layers keep both, B = ½. A step goes with the (p−1)th power of
// its gradient, so that f changes by a sum over n inputs (of the last layer), n outputs (of the first) or n² products.
func firstStep(of func(Role) ABC, role Role, family optim.Family) (float64, error) {
	if slices.Contains([]optim.Family{optim.Muon, optim.LARS, optim.LAMB}, family) {
		return 0, fmt.Errorf("%s sets the length of a whole matrix's step, and this law is about steps taken weight by weight: take sgd, adam or a like optimizer", family)
	}
	exponent, err := scaling.LearningRateExponent(family)
	if err != nil {
		return 0, err
	}
	p := float64(exponent)
	inWeights := func(r Role) (ABC, error) { x := of(r); return x.Shifted(-x.A, family) }
	first, err := inWeights(Input)
	if err != nil {
		return 0, err
	}
	last, err := inWeights(Output)
	if err != nil {
		return 0, err
	}
	x, err := inWeights(role)
	switch role {
	case Vector, Input:
		return 1 - p*last.B - x.C, err
	case Hidden:
		return 2 - p*(first.B+last.B) - x.C, err
	case Output:
		return 1 - p*first.B - x.C, err
	}
	return 0, fmt.Errorf("a variable of which no dimension grows has no law of the width: leave it out")
}
