package scaling

import (
	"fmt"
	"maps"
	"slices"

	"alphascale/lib/optim"
)

// Observable is what a law says something about. "Own" are the weights that α multiplies, "other" the rest of the
// network; in a rebalanced pair other are the weights that are divided by α.
type Observable string

// The observables.
const (
	Function      Observable = "function"       // the network's output
	Weight        Observable = "weight"         // as the optimizer holds it
	OtherWeight   Observable = "other weight"   //
	Jacobian      Observable = "Jacobian"       // ∂f/∂w of the output with respect to own weights
	OtherJacobian Observable = "other Jacobian" //
	Gradient      Observable = "gradient"       // ∇_w L of the loss with respect to own weights
	OtherGradient Observable = "other gradient" //
	Hessian       Observable = "Hessian"        // ∇²_w L of the loss with respect to own weights
	OtherHessian  Observable = "other Hessian"  //
	L2Penalty     Observable = "L2 penalty"     // the number λ‖w‖² of own weights
	L1Penalty     Observable = "L1 penalty"     // the number λ‖w‖₁ of own weights
)

// units are those of the observables, of own weights and of others. Outputs of the network have none: what changes them is
// no change of units.
var (
	ownUnits = map[Observable]optim.Unit{
		Function:  {},
		Weight:    {Weight: 1},
		Jacobian:  {Weight: -1},
		Gradient:  {Gradient: 1},
		Hessian:   {Gradient: 1, Weight: -1},
		L2Penalty: {Weight: 2},
		L1Penalty: {Weight: 1},
	}
	otherUnits = map[Observable]optim.Unit{
		OtherWeight:   ownUnits[Weight],
		OtherJacobian: ownUnits[Jacobian],
		OtherGradient: ownUnits[Gradient],
		OtherHessian:  ownUnits[Hessian],
	}
)

// Unit returns what the observable is measured in, the λ of a penalty being fixed. A name that is none of the constants is
// an error that lists them.
func (o Observable) Unit() (optim.Unit, error) {
	if unit, own := ownUnits[o]; own {
		return unit, nil
	}
	if unit, other := otherUnits[o]; other {
		return unit, nil
	}
	known := slices.AppendSeq(slices.Collect(maps.Keys(ownUnits)), maps.Keys(otherUnits))
	slices.Sort(known)
	return optim.Unit{}, fmt.Errorf("unknown observable %q: use one of %q", o, known)
}

// effects is what a change of units does to every observable: one change for own weights, one for others.
func effects(own, other change) map[Observable]float64 {
	out := map[Observable]float64{}
	for of, unit := range ownUnits {
		out[of] = float64(own.power(unit))
	}
	for of, unit := range otherUnits {
		out[of] = float64(other.power(unit))
	}
	return out
}
