package scaling

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"alphascale/lib/optim"
)

// Operation is one of the six things that "multiply the weights by α" can mean.
type Operation string

// The operations.
const (
	OpReparameterise    Operation = "reparameterise"      // every forward pass uses u = α·w, the optimizer updates w
	OpRescale           Operation = "rescale"             // once, in place: w ← α·w
	OpScaleOutput       Operation = "scale output"        // y = α·(Wx + b), the bias included
	OpRebalance         Operation = "rebalance"           // (α·W₁, α·b₁, W₂/α)
	OpScaleLoss         Operation = "scale loss"          // ℓ ← α·ℓ
	OpScaleLearningRate Operation = "scale learning rate" // η ← α·η
)

// Operations lists the six.
func Operations() []Operation {
	return []Operation{OpReparameterise, OpRescale, OpScaleOutput, OpRebalance, OpScaleLoss, OpScaleLearningRate}
}

// Law states what an operation multiplies each observable by: α to an exponent. What it does not list, it does not
// predict.
type Law struct {
	ID          string // "L1": the number under which documents cite it
	Operation   Operation
	Setting     string // the network and the comparison for which it holds, in short
	Assumptions []string
	Source      string // paper, year, equation
	Effects     map[Observable]float64

	err    error   // of the arguments of a law that cannot be stated
	change *change // the change of units that it is for own weights, nil where the function changes
}

// Exponent returns q such that the operation multiplies the observable by α^q. An observable about which the law says
// nothing is an error.
func (l Law) Exponent(of Observable) (float64, error) {
	if l.err != nil {
		return 0, l.err
	}
	q, known := l.Effects[of]
	if !known {
		return 0, fmt.Errorf("law %s (%s, %s) says nothing about the %s: it predicts %v",
			l.ID, l.Operation, l.Setting, of, slices.Sorted(maps.Keys(l.Effects)))
	}
	return q, nil
}

// Predict returns α^q, the factor by which the operation multiplies the observable. Errors are those of Exponent, and an
// α that is not positive.
func (l Law) Predict(of Observable, alpha float64) (float64, error) {
	if err := CheckAlpha(alpha); err != nil {
		return 0, err
	}
	q, err := l.Exponent(of)
	return math.Pow(alpha, q), err
}

// UnitExponent returns q such that the operation multiplies a number of own weights that has the given unit by α^q, be it
// the norm of a gradient, a moment or an instrument's record. It is an error where the operation changes the function, and
// with it the loss, since gradients then follow no power of α in general.
func (l Law) UnitExponent(unit optim.Unit) (float64, error) {
	if l.change == nil {
		return 0, l.changesFunction(fmt.Sprintf("a number in units of %s has no exponent", unit))
	}
	return float64(l.change.power(unit)), nil
}

func (l Law) changesFunction(consequence string) error {
	if l.err != nil {
		return l.err
	}
	return fmt.Errorf("law %s (%s, %s): the function changes, so %s; compare the runs instead", l.ID, l.Operation, l.Setting, consequence)
}

// EffectiveExponent returns q such that, after the operation, a hyperparameter acts as α^q times its value would without:
// the learning rate of SGD as α²·η under a reparameterisation, the ε of Adam as ε/α; in a rebalanced pair, on own weights. It is
// an error where the operation
// changes the function, for an effective value is then not defined, and where the family does not read the hyperparameter.
func (l Law) EffectiveExponent(family optim.Family, name optim.Hyper) (float64, error) {
	unit, err := optim.UnitOf(family, name)
	switch {
	case err != nil:
		return 0, err
	case l.Operation == OpScaleLearningRate:
		if name == optim.LearningRate {
			return 1, nil
		}
		return 0, nil
	case l.change == nil:
		return 0, l.changesFunction(string(name) + " has no effective value")
	}
	return float64(-l.change.power(unit)), nil
}

// String lists the law over several lines, for printing.
func (l Law) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s  %s: %s\n", l.ID, l.Operation, l.Setting)
	for _, of := range slices.Sorted(maps.Keys(l.Effects)) {
		fmt.Fprintf(&b, "  %-15s × α^%g\n", of, l.Effects[of])
	}
	for _, assumption := range l.Assumptions {
		fmt.Fprintf(&b, "  assumes that %s\n", assumption)
	}
	fmt.Fprintf(&b, "  source: %s\n", l.Source)
	return b.String()
}
