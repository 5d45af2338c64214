package optim

import . "github.com/gomlx/gomlx/core/graph"

// lars: v ← β·v + η·τ·‖w‖/(‖g‖ + λ‖w‖)·(g + λ·w), w ← w − v, with the norms of each variable alone. You, Gitman &
// Ginsburg 2017, "Large batch training of convolutional networks", algorithm 1; τ is their η and η their γ.
//
// It applies to biases too. While a variable or its gradient is all zeros, the trust ratio τ‖w‖/(…) is replaced by 1, as
// in NVIDIA's reference implementation.
func lars(u *Update) *Node {
	decay := u.Hyper(WeightDecay)
	w, g := u.Norm(u.Weight), u.Norm(u.Gradient)
	trust := trustRatio(Mul(u.Hyper(TrustCoefficient), w), Add(g, Mul(decay, w)))
	step := Mul(Mul(u.Hyper(LearningRate), trust), Add(u.Gradient, Mul(decay, u.Weight)))
	return u.Keep("velocity", Add(Mul(u.Hyper(Momentum), u.Slot("velocity")), step))
}

// lamb: r = m̂/(√v̂ + ε) + λ·w, w ← w − η·(‖w‖/‖r‖)·r, with Adam's moments and the norms of each variable alone. You et
// al. 2020, "Large batch optimization for deep learning", algorithm 2 with φ the identity.
//
// While a variable or its r is all zeros, the trust ratio ‖w‖/‖r‖ is replaced by 1, as in the authors' implementation.
func lamb(u *Update) *Node {
	r := Add(u.adamDirection(), Mul(u.Hyper(WeightDecay), u.Weight))
	trust := trustRatio(u.Norm(u.Weight), u.Norm(r))
	return Mul(Mul(u.Hyper(LearningRate), trust), r)
}

// trustRatio returns a/b, or 1 where either is zero.
func trustRatio(a, b *Node) *Node {
	defined := LogicalAnd(GreaterThan(a, ZerosLike(a)), GreaterThan(b, ZerosLike(b)))
	return Where(defined, Div(a, b), OnesLike(a))
}
