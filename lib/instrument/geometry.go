package instrument

import (
	"alphascale/lib/optim"
	"alphascale/lib/result"

	. "github.com/gomlx/gomlx/core/graph"
)

// UpdateRatio is the update-to-weight ratio ‖w₊ − w‖/‖w‖. Not finite where w = 0.
func UpdateRatio() Instrument {
	return ofWeight("update_ratio", result.Quantity{Name: "update-to-weight ratio", Symbol: "‖Δw‖/‖w‖"}, Unit{},
		func(s Step) *Node { return Div(norm(s.taken()), optim.Norm(s.Weight)) })
}

// StepAngle is the angle between w and w₊, in radians from 0 to π. NaN where w = 0.
//
// It comes from the part of the step that is orthogonal to w, because the arc cosine of ⟨w,w₊⟩/‖w‖‖w₊‖ is lost to
// rounding below about 3e-4 in float32, an everyday step.
func StepAngle() Instrument {
	return ofWeight("step_angle", result.Quantity{Name: "angle of the step", Unit: "rad"}, Unit{}, stepAngle)
}

func stepAngle(s Step) *Node {
	weight, update := exact(s.Weight), s.update()
	along := Div(inner(weight, update), inner(weight, weight)) // the step's part along w, in units of w
	across := Sub(update, Mul(along, weight))
	return Atan2(optim.Norm(across), Mul(OnePlus(along), optim.Norm(weight)))
}

// Radial is ⟨w,∇ℓ⟩, the derivative of the loss as w is scaled; zero for scale-invariant weights (L3).
func Radial() Instrument {
	return ofWeight("radial", result.Quantity{Name: "radial part of the gradient", Symbol: "⟨w,∇ℓ⟩"},
		Unit{Gradient: 1, Weight: 1},
		func(s Step) *Node { return inner(exact(s.Weight), exact(s.Gradient)) })
}

// RadialCosine is ⟨w,∇ℓ⟩/(‖w‖‖∇ℓ‖), from −1 to 1. NaN where either is zero.
func RadialCosine() Instrument {
	return ofWeight("radial_cosine", result.Quantity{Name: "cosine of weight and gradient"}, Unit{},
		func(s Step) *Node {
			return Div(inner(exact(s.Weight), exact(s.Gradient)), Mul(optim.Norm(s.Weight), optim.Norm(s.Gradient)))
		})
}

// NormGrowth is (‖w₊‖² − ‖w‖²)/‖w₊ − w‖², computed as 1 + 2⟨w,Δw⟩/‖Δw‖², without the difference of two large numbers.
// It is 1 for scale-invariant weights under gradient descent without decay: ‖w₊‖² = ‖w‖² + η²‖∇ℓ‖² (L3). NaN where the
// step is zero.
func NormGrowth() Instrument {
	return ofWeight("norm_growth", result.Quantity{Name: "growth of the squared norm in squared steps"}, Unit{},
		func(s Step) *Node {
			update := s.update()
			radial := Div(inner(exact(s.Weight), update), inner(update, update))
			return OnePlus(Add(radial, radial))
		})
}

// inner is the inner product of two tensors of one shape.
func inner(a, b *Node) *Node { return ReduceAllSum(Mul(a, b)) }
