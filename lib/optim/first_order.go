package optim

import . "github.com/gomlx/gomlx/core/graph"

// sgd: w ← w − η·g. Robbins & Monro 1951.
func sgd(u *Update) *Node { return Mul(u.Hyper(LearningRate), u.Gradient) }

// heavyBall: m ← β·m + g; w ← w − η·m. Polyak 1964; the form of Sutskever et al. 2013 with η outside the sum, in which
// a change of η takes effect at once.
func heavyBall(u *Update) *Node {
	return Mul(u.Hyper(LearningRate), u.velocity())
}

// nesterov: m ← β·m + g; w ← w − η·(g + β·m).
func nesterov(u *Update) *Node {
	m := u.velocity()
	return Mul(u.Hyper(LearningRate), Add(u.Gradient, Mul(u.Hyper(Momentum), m)))
}

// velocity advances m ← β·m + g and returns it.
func (u *Update) velocity() *Node {
	return u.Keep("velocity", Add(Mul(u.Hyper(Momentum), u.Slot("velocity")), u.Gradient))
}

// signSGD: w ← w − η·sign(g), with sign(0) = 0.
func signSGD(u *Update) *Node {
	return Mul(u.Hyper(LearningRate), Sign(u.Gradient))
}

// lion: w ← w − η·(sign(β₁·m + (1−β₁)·g) + λ·w), then m ← β₂·m + (1−β₂)·g. Chen et al. 2023, algorithm 2.
func lion(u *Update) *Node {
	direction := Sign(mix(u.Hyper(Beta1), u.Slot("first_moment"), u.Gradient))
	u.Average("first_moment", Beta2, u.Gradient)
	return u.Decayed(direction)
}

// mix returns β·a + (1−β)·b.
func mix(beta, a, b *Node) *Node { return Add(Mul(beta, a), Mul(OneMinus(beta), b)) }

// Decayed returns η·(direction + λ·w), with the decoupled decay of Loshchilov & Hutter 2019.
func (u *Update) Decayed(direction *Node) *Node {
	decay := Mul(u.Hyper(WeightDecay), u.Weight)
	return Mul(u.Hyper(LearningRate), Add(direction, decay))
}
