package optim

import . "github.com/gomlx/gomlx/core/graph"

// adam: m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², w ← w − η·m̂/(√v̂ + ε), with m̂ = m/(1−β₁ᵗ) and v̂ = v/(1−β₂ᵗ).
// Kingma & Ba 2015, algorithm 1.
func adam(u *Update) *Node {
	return Mul(u.Hyper(LearningRate), u.adamDirection())
}

// adamW is Adam with the decay η·λ·w taken from the weight itself. Loshchilov & Hutter 2019, algorithm 2.
func adamW(u *Update) *Node { return u.Decayed(u.adamDirection()) }

// adamDirection advances both moments and returns m̂/(√v̂ + ε).
func (u *Update) adamDirection() *Node {
	first := u.Average("first_moment", Beta1, u.Gradient)
	second := u.Average("second_moment", Beta2, Square(u.Gradient))
	mean := Div(first, u.Debias(Beta1))
	root := Sqrt(Div(second, u.Debias(Beta2)))
	return Div(mean, Add(root, u.Hyper(Epsilon)))
}

// rmsProp: v ← ρ·v + (1−ρ)·g², w ← w − η·g/(√v + ε), with ρ = beta2 and no correction of the bias towards v₀ = 0.
// Tieleman & Hinton 2012, lecture 6e of "Neural Networks for Machine Learning", with ε where PyTorch has it.
func rmsProp(u *Update) *Node {
	second := u.Average("second_moment", Beta2, Square(u.Gradient))
	direction := Div(u.Gradient, Add(Sqrt(second), u.Hyper(Epsilon)))
	return Mul(u.Hyper(LearningRate), direction)
}

// adagrad: G ← G + g², w ← w − η·g/(√G + ε), from G = G₀. Duchi, Hazan & Singer 2011, the diagonal form.
//
// The slot holds G − G₀ and starts at zero: G₀ is an input of the program and can differ from run to run, which the
// initial value of a variable cannot.
func adagrad(u *Update) *Node {
	sum := u.Keep("accumulator", Add(u.Slot("accumulator"), Square(u.Gradient)))
	root := Sqrt(Add(u.Hyper(InitialAccumulator), sum))
	return Mul(u.Hyper(LearningRate), Div(u.Gradient, Add(root, u.Hyper(Epsilon))))
}

// Average advances the slot s ← β·s + (1−β)·x and returns it.
func (u *Update) Average(slot string, beta Hyper, x *Node) *Node {
	return u.Keep(slot, mix(u.Hyper(beta), u.Slot(slot), x))
}

// Debias returns 1 − βᵗ at step t.
func (u *Update) Debias(beta Hyper) *Node {
	return OneMinus(Pow(u.Hyper(beta), u.Count))
}

// adan: m ← β₁m + (1−β₁)g, n ← β₂n + (1−β₂)d with the difference d = g − g₋ to the gradient before, 0 at the first step,
// v ← β₃v + (1−β₃)(g + β₂d)², w ← w − η·((m̂ + β₂n̂)/(√v̂ + ε) + λ·w), with all three corrected as Adam's are. Xie et al.
// 2022, "Adan: adaptive Nesterov momentum algorithm", algorithm 1, with the β of the authors' code, 1 − β in the paper, and
// its decay without the proximal step.
func adan(u *Update) *Node {
	d := Sub(u.Gradient, u.Slot("previous_gradient"))
	d = Where(Equal(u.Count, OnesLike(u.Count)), ZerosLike(d), d)
	u.Keep("previous_gradient", u.Gradient)
	beta2 := u.Hyper(Beta2)
	mean := Div(u.Average("first_moment", Beta1, u.Gradient), u.Debias(Beta1))
	change := Div(u.Average("difference", Beta2, d), u.Debias(Beta2))
	ahead := Add(u.Gradient, Mul(beta2, d))
	root := Sqrt(Div(u.Average("second_moment", Beta3, Square(ahead)), u.Debias(Beta3)))
	return u.Decayed(Div(Add(mean, Mul(beta2, change)), Add(root, u.Hyper(Epsilon))))
}
