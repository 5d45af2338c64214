package optim

import (
	"math"

	. "github.com/gomlx/gomlx/core/graph"
)

// newtonSchulz are the coefficients (a, b, c) of Jordan's quintic X ← aX + (bA + cA²)X with A = XXᵀ, chosen to raise small
// singular values as fast as possible: five iterations bring those of a matrix of norm 1 to between 0.7 and 1.2.
var newtonSchulz = [3]float64{3.4445, -4.7750, 2.0315}

const newtonSchulzIterations = 5

// MuonFactor is by what Muon multiplies the orthogonalised step of a matrix of so many rows and columns, in and out. Authors differ in
// it, and in nothing else.
type MuonFactor struct {
	Name string
	Of   func(in, out int) float64
}

// MuonPlain multiplies by nothing: every singular value of a step is η.
func MuonPlain() MuonFactor { return MuonFactor{"1", func(int, int) float64 { return 1 }} }

// MuonJordan is the factor √max(1, out/in) of the reference implementation (Jordan et al. 2024), which the family Muon has.
func MuonJordan() MuonFactor {
	return MuonFactor{"√max(1, out/in)", func(in, out int) float64 { return math.Sqrt(max(1, float64(out)/float64(in))) }}
}

// MuonSpectral is √(out/in), with which a step changes outputs by η per unit of the inputs, whatever the shape (Bernstein & Newhouse
// 2024, "Modular duality in deep learning"; Yang, Simon & Bernstein 2023, "A spectral condition for feature learning", condition 1).
func MuonSpectral() MuonFactor {
	return MuonFactor{"√(out/in)", func(in, out int) float64 { return math.Sqrt(float64(out) / float64(in)) }}
}

// MuonMoonlight is 0.2·√max(in, out), with which a step has the root mean square 0.2·η that Adam's usually have (Liu et al. 2025, "Muon
// is scalable for LLM training", section 2.2).
func MuonMoonlight() MuonFactor {
	return MuonFactor{"0.2·√max(in, out)", func(in, out int) float64 { return 0.2 * math.Sqrt(float64(max(in, out))) }}
}

// muon: m ← β·m + (1−β)·g, w ← w − η·(√max(1, out/in)·O((1−β)·g + β·m) + λ·w), where O replaces a matrix by the nearest
// semi-orthogonal one. Jordan et al. 2024, "Muon: an optimizer for hidden layers in neural networks", and its reference
// implementation, except that the iterations run in float32 (float64 for such weights) in place of bfloat16.
//
// The last axis of a variable is out and all others together are in, which is GoMLX's layout of dense weights and of
// kernels. As in the reference, what has fewer than two axes is left to AdamW, here with the same η, ε and λ.
func muon(u *Update) *Node { return muonStep(u, MuonJordan(), orthogonalise) }

// MuonRule is Muon with another factor under another name, for Define. If exact, O is the polar factor to ten digits, for
// measuring: five more iterations, of a kind that converges, follow on Jordan's five, which leave singular values between 0.7 and 1.2.
func MuonRule(name Family, factor MuonFactor, exact bool) Rule {
	by, reference := orthogonalise, rules()[Muon]
	if exact {
		by = polar
	}
	rule := *reference.clone()
	rule.Name, rule.Step = name, func(u *Update) *Node { return muonStep(u, factor, by) }
	return rule
}

// muonStep is muon with the factor and a way to orthogonalise.
func muonStep(u *Update, factor MuonFactor, by func(x, epsilon *Node) *Node) *Node {
	if u.Weight.Rank() < 2 {
		return adamW(u)
	}
	beta := u.Hyper(Momentum)
	m := u.Average("velocity", Momentum, u.Gradient)
	update := mix(beta, m, u.Gradient)

	dims := update.Shape().Dimensions
	out := dims[len(dims)-1]
	in := update.Shape().Size() / out
	direction := by(Reshape(update, in, out), u.Hyper(Epsilon))
	if c := factor.Of(in, out); c != 1 {
		direction = MulScalar(direction, c)
	}
	return u.Decayed(Reshape(direction, dims...))
}

// polar brings the singular values of a matrix to 1, and leaves those that are 0: the cubic Newton–Schulz iteration
// x ← 3/2·x − 1/2·xxᵀx converges from any value between 0 and √3 (Higham 2008, "Functions of matrices", section 8.3).
func polar(x, epsilon *Node) *Node {
	x = orthogonalise(x, epsilon)
	for range 5 {
		square := MatMul(x, MatMul(Transpose(x, 0, 1), x))
		if d := x.Shape().Dimensions; d[0] <= d[1] {
			square = MatMul(MatMul(x, Transpose(x, 0, 1)), x)
		}
		x = Sub(MulScalar(x, 1.5), MulScalar(square, 0.5))
	}
	return x
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
