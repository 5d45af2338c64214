package optim

import (
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// adam: m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², w ← w − η·m̂/(√v̂ + ε), with m̂ = m/(1−β₁ᵗ) and v̂ = v/(1−β₂ᵗ).
// Kingma & Ba 2015, algorithm 1.
func adam(u *update) *Node {
	return Mul(u.hyper(LearningRate), u.adamDirection())
}

// adamW is Adam with the decay η·λ·w taken from the weight itself. Loshchilov & Hutter 2019, algorithm 2.
func adamW(u *update) *Node { return u.decayed(u.adamDirection()) }

// adamDirection advances both moments and returns m̂/(√v̂ + ε).
func (u *update) adamDirection() *Node {
	first := u.average(u.slot("first_moment"), Beta1, u.gradient)
	second := u.average(u.slot("second_moment"), Beta2, Square(u.gradient))
	mean := Div(first, u.debias(Beta1))
	root := Sqrt(Div(second, u.debias(Beta2)))
	return Div(mean, Add(root, u.hyper(Epsilon)))
}

// rmsProp: v ← ρ·v + (1−ρ)·g², w ← w − η·g/(√v + ε), with ρ = beta2 and no correction of the bias towards v₀ = 0.
// Tieleman & Hinton 2012, lecture 6e of "Neural Networks for Machine Learning", with ε where PyTorch has it.
func rmsProp(u *update) *Node {
	second := u.average(u.slot("second_moment"), Beta2, Square(u.gradient))
	direction := Div(u.gradient, Add(Sqrt(second), u.hyper(Epsilon)))
	return Mul(u.hyper(LearningRate), direction)
}

// adagrad: G ← G + g², w ← w − η·g/(√G + ε), from G = G₀. Duchi, Hazan & Singer 2011, the diagonal form.
//
// The slot holds G − G₀ and starts at zero: G₀ is an input of the program and can differ from run to run, which the
// initial value of a variable cannot.
func adagrad(u *update) *Node {
	slot := u.slot("accumulator")
	sum := Add(slot.NodeValue(u.weight.Graph()), Square(u.gradient))
	slot.SetNodeValue(sum)
	root := Sqrt(Add(u.hyper(InitialAccumulator), sum))
	return Mul(u.hyper(LearningRate), Div(u.gradient, Add(root, u.hyper(Epsilon))))
}

// average advances the slot s ← β·s + (1−β)·x and returns it.
func (u *update) average(slot *model.Variable, beta Hyper, x *Node) *Node {
	s := mix(u.hyper(beta), slot.NodeValue(u.weight.Graph()), x)
	slot.SetNodeValue(s)
	return s
}

// debias returns 1 − βᵗ at step t.
func (u *update) debias(beta Hyper) *Node {
	return OneMinus(Pow(u.hyper(beta), u.step))
}
