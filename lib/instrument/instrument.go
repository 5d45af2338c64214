// Package instrument observes a training from within: an [Instrument] turns each step of each weight, or each hidden layer,
// into one number that the compiled program records. Its [Unit] says how that number follows α.
//
// Nothing is computed unless it is asked for. What is measured at a point in weight space is the matter of package probe.
package instrument

import (
	"math"

	"alphascale/lib/optim"
	"alphascale/lib/result"

	"github.com/gomlx/compute/dtypes"
	. "github.com/gomlx/gomlx/core/graph"
)

// Step is one weight at one training step, as an instrument sees it. All nodes but the learning rate are shaped like the
// weight.
type Step struct {
	Weight       *Node // w before the step, as the optimizer holds it
	Next         *Node // w₊, after the step
	Gradient     *Node // ∇_w of the loss, before clipping and penalties
	Prepared     *Node // the gradient after clipping and penalties, as the update rule sees it
	LearningRate *Node // η, scalar
}

// Unit is what an instrument's numbers are measured in: its powers of the gradient, of the weight and of the learning rate,
// which has a unit of its own in each family of optimizers. The zero Unit is that of numbers without one, such as angles.
type Unit struct{ Gradient, Weight, LearningRate int }

// For returns the unit under an optimizer of the family: ‖Δw‖/η is in units of the gradient for SGD and has none for Adam.
// An unknown family is an error.
func (u Unit) For(family optim.Family) (optim.Unit, error) {
	rate, err := optim.UnitOf(family, optim.LearningRate)
	return optim.Unit{Gradient: u.Gradient, Weight: u.Weight}.Times(rate, u.LearningRate), err
}

// Instrument turns a step into one number: of each watched weight by Weight, or of each hidden layer by Layer. Exactly
// one of the two is set; both are graph-building functions that return a scalar node, which is recorded in float32 or
// wider. The instruments of this package compute in float64, whatever the dtype of the weights.
type Instrument struct {
	Name     string // unique among instruments
	Quantity result.Quantity
	// Unit says how records follow the weight and its gradient when both are multiplied by constants, from which a sweep knows
	// those of one α from those of another. Nil where none is stated or no unit says it (activations follow the weights of
	// several layers): such records are converted by no law.
	Unit     *Unit
	Weight   func(s Step) *Node
	Layer    func(a Activation) *Node
	Kinds    []string // the activations that Layer is meant for; none: for all
	Optional bool     // a model without a layer that Layer is meant for is no error
	Before   bool     // Weight reads Step.Weight alone, so it is evaluated before the step; this spares a copy of the weight
}

func ofWeight(name string, q result.Quantity, unit Unit, build func(s Step) *Node) Instrument {
	return Instrument{Name: name, Quantity: q, Unit: &unit, Weight: build}
}

// GradientNorm is ‖∇_w L‖, the Euclidean norm of the raw gradient.
func GradientNorm() Instrument {
	return ofWeight("gradient_norm", result.Quantity{Name: "gradient norm", Symbol: "‖∇ℓ‖"}, Unit{Gradient: 1},
		func(s Step) *Node { return norm(s.Gradient) })
}

// PreparedNorm is the norm of the gradient after clipping and penalties.
func PreparedNorm() Instrument {
	return ofWeight("prepared_norm", result.Quantity{Name: "norm of the clipped and penalised gradient"}, Unit{Gradient: 1},
		func(s Step) *Node { return norm(s.Prepared) })
}

// PreconditionedNorm is ‖w − w₊‖/η, the norm of what the optimizer makes of the gradient. Not finite where η = 0.
func PreconditionedNorm() Instrument {
	return ofWeight("preconditioned_norm", result.Quantity{Name: "norm of the preconditioned gradient", Symbol: "‖Δw‖/η"},
		Unit{Weight: 1, LearningRate: -1},
		func(s Step) *Node { return Div(norm(s.taken()), exact(s.LearningRate)) })
}

// LearningRate is η as the step used it, be it given, by default or from a schedule; NaN for an optimizer without one.
func LearningRate() Instrument {
	return ofWeight("learning_rate", result.LearningRate(), Unit{LearningRate: 1}, func(s Step) *Node {
		if s.LearningRate == nil {
			return Scalar(s.Weight.Graph(), s.Weight.DType(), math.NaN())
		}
		return s.LearningRate
	})
}

// WeightNorm is ‖w‖ before the step.
func WeightNorm() Instrument {
	i := ofWeight("weight_norm", result.Quantity{Name: "weight norm", Symbol: "‖w‖"}, Unit{Weight: 1},
		func(s Step) *Node { return optim.Norm(s.Weight) })
	i.Before = true
	return i
}

// UpdateNorm is ‖w₊ − w‖, the length of the step: of what the optimizer subtracts from w, before w₊ is rounded.
func UpdateNorm() Instrument {
	return ofWeight("update_norm", result.Quantity{Name: "update norm", Symbol: "‖Δw‖"}, Unit{Weight: 1},
		func(s Step) *Node { return norm(s.taken()) })
}

// update is Δw = w₊ − w.
func (s Step) update() *Node { return Sub(exact(s.Next), exact(s.Weight)) }

// taken is the step without its sign, as the optimizer subtracts it. Where it does not end with a subtraction from w it is
// the difference, which holds an array for w while w₊ is written.
func (s Step) taken() *Node {
	next := unrounded(s.Next)
	if next.Type() == NodeTypeSub && unrounded(next.Inputs()[0]) == unrounded(s.Weight) {
		return next.Inputs()[1]
	}
	return s.update()
}

// unrounded is x before a conversion to another dtype.
func unrounded(x *Node) *Node {
	for x.Type() == NodeTypeConvertDType {
		x = x.Inputs()[0]
	}
	return x
}

// exact is x in float64, in which no sum, square or quotient of float32 and narrower numbers over- or underflows.
func exact(x *Node) *Node { return ConvertDType(x, dtypes.Float64) }

// norm is ‖x‖, in float64. Scalar factors of x are taken out, ‖s·y‖ = |s|·‖y‖, which spares an array of products.
func norm(x *Node) *Node {
	if x.Type() == NodeTypeMul {
		for i, factor := range x.Inputs() {
			if factor.Type() == NodeTypeBroadcastInDim {
				factor = factor.Inputs()[0]
			}
			if factor.IsScalar() {
				return Mul(Abs(exact(factor)), norm(x.Inputs()[1-i]))
			}
		}
	}
	return optim.Norm(x)
}
