package optim

import . "github.com/gomlx/gomlx/core/graph"

// sgd: w ← w − η·g. Robbins & Monro 1951.
func sgd(u *update) *Node { return Mul(u.hyper(LearningRate), u.gradient) }

// heavyBall: m ← β·m + g; w ← w − η·m. Polyak 1964; the form of Sutskever et al. 2013 with η outside the sum, in which
// a change of η takes effect at once.
func heavyBall(u *update) *Node {
	return Mul(u.hyper(LearningRate), u.velocity())
}

// nesterov: m ← β·m + g; w ← w − η·(g + β·m).
func nesterov(u *update) *Node {
	m := u.velocity()
	return Mul(u.hyper(LearningRate), Add(u.gradient, Mul(u.hyper(Momentum), m)))
}

// velocity advances m ← β·m + g and returns it.
func (u *update) velocity() *Node {
	slot := u.slot("velocity")
	m := Add(Mul(u.hyper(Momentum), slot.NodeValue(u.weight.Graph())), u.gradient)
	slot.SetNodeValue(m)
	return m
}

// signSGD: w ← w − η·sign(g), with sign(0) = 0.
func signSGD(u *update) *Node {
	return Mul(u.hyper(LearningRate), Sign(u.gradient))
}

// lion: w ← w − η·(sign(β₁·m + (1−β₁)·g) + λ·w), then m ← β₂·m + (1−β₂)·g. Chen et al. 2023, algorithm 2.
func lion(u *update) *Node {
	slot := u.slot("first_moment")
	m := slot.NodeValue(u.weight.Graph())
	direction := Sign(mix(u.hyper(Beta1), m, u.gradient))
	slot.SetNodeValue(mix(u.hyper(Beta2), m, u.gradient))
	return u.decayed(direction)
}

// mix returns β·a + (1−β)·b.
func mix(beta, a, b *Node) *Node { return Add(Mul(beta, a), Mul(OneMinus(beta), b)) }

// decayed returns η·(direction + λ·w), with the decoupled decay of Loshchilov & Hutter 2019.
func (u *update) decayed(direction *Node) *Node {
	decay := Mul(u.hyper(WeightDecay), u.weight)
	return Mul(u.hyper(LearningRate), Add(direction, decay))
}
