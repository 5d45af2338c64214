package optim

import (
	"math"

	. "github.com/gomlx/gomlx/core/graph"
)

// newtonSchulz are the coefficients (a, b, c) of Jordan's quintic X ← aX + (bA + cA²)X with A = XXᵀ, chosen to raise small
// singular values as fast as possible: five iterations bring those of a matrix of norm 1 to between 0.7 and 1.2.
var newtonSchulz = [3]float64{3.4445, -4.7750, 2.0315}

const newtonSchulzIterations = 5

// muon: m ← β·m + (1−β)·g, w ← w − η·(√max(1, out/in)·O((1−β)·g + β·m) + λ·w), where O replaces a matrix by the nearest
// semi-orthogonal one. Jordan et al. 2024, "Muon: an optimizer for hidden layers in neural networks", and its reference
// implementation, except that the iterations run in float32 (float64 for such weights) in place of bfloat16.
//
// The last axis of a variable is out and all others together are in, which is GoMLX's layout of dense weights and of
// kernels. As in the reference, what has fewer than two axes is left to AdamW, here with the same η, ε and λ.
func muon(u *Update) *Node {
	if u.Weight.Rank() < 2 {
		return adamW(u)
	}
	beta := u.Hyper(Momentum)
	m := u.Average("velocity", Momentum, u.Gradient)
	update := mix(beta, m, u.Gradient)

	dims := update.Shape().Dimensions
	out := dims[len(dims)-1]
	in := update.Shape().Size() / out
	direction := orthogonalise(Reshape(update, in, out), u.Hyper(Epsilon))
	if out > in {
		direction = MulScalar(direction, math.Sqrt(float64(out)/float64(in)))
	}
	return u.Decayed(Reshape(direction, dims...))
}

// orthogonalise brings the singular values of a matrix near 1 by Newton–Schulz iterations on x/(‖x‖ + ε).
func orthogonalise(x, epsilon *Node) *Node {
	wide := x.Shape().Dimensions[0] <= x.Shape().Dimensions[1]
	if !wide {
		x = Transpose(x, 0, 1) // XXᵀ is the smaller of the two products
	}
	a, b, c := newtonSchulz[0], newtonSchulz[1], newtonSchulz[2]
	x = Div(x, Add(ConvertDType(Norm(x), x.DType()), epsilon))
	for range newtonSchulzIterations {
		square := MatMul(x, Transpose(x, 0, 1))
		polynomial := Add(MulScalar(square, b), MulScalar(MatMul(square, square), c))
		x = Add(MulScalar(x, a), MatMul(polynomial, x))
	}
	if !wide {
		x = Transpose(x, 0, 1)
	}
	return x
}
