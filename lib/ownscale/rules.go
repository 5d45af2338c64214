package ownscale

import (
	"alphascale/lib/optim"

	. "github.com/gomlx/gomlx/core/graph"
)

// IndependentDecay is λ of a decay w ← (1 − λ)w that no learning rate multiplies. It has no unit.
const IndependentDecay optim.Hyper = "independent_decay"

// PaperAdamW is AdamW as its authors write it: w ← w − η·m̂/(√v̂ + ε) − λ·w (Loshchilov & Hutter 2019, algorithm 2, line 12, whose α is
// this η and whose schedule multiplier is 1). Libraries multiply λ by η, as optim.AdamW does.
var PaperAdamW, errPaperAdamW = optim.Define(optim.Rule{
	Name: "adamw_independent_decay",
	Step: func(u *optim.Update) *Node {
		mean, root := moments(u)
		step := Mul(u.Hyper(optim.LearningRate), Div(mean, Add(root, u.Hyper(optim.Epsilon))))
		return Add(step, Mul(u.Hyper(IndependentDecay), u.Weight))
	},
	Defaults: optim.Values{optim.LearningRate: 0.001, optim.Beta1: 0.9, optim.Beta2: 0.999, optim.Epsilon: 1e-8, IndependentDecay: 0},
	Units:    map[optim.Hyper]optim.Unit{optim.LearningRate: {Weight: 1}, IndependentDecay: {}},
	Slots:    ofAdam,
})

// AdamAtan2 is Adam without ε: w ← w − η·atan2(m̂, √v̂) (Everett et al. 2024, "Scaling exponents across parameterizations and optimizers",
// section 4.3, with both of their constants 1). atan2 of zeros is 0, where a quotient would need an ε.
var AdamAtan2, errAdamAtan2 = optim.Define(optim.Rule{
	Name: "adam_atan2",
	Step: func(u *optim.Update) *Node {
		mean, root := moments(u)
		return Mul(u.Hyper(optim.LearningRate), Atan2(mean, root))
	},
	Defaults: optim.Values{optim.LearningRate: 0.001, optim.Beta1: 0.9, optim.Beta2: 0.999},
	Units:    map[optim.Hyper]optim.Unit{optim.LearningRate: {Weight: 1}},
	Slots:    ofAdam,
})

var ofAdam = map[string]optim.Unit{"first_moment": {Gradient: 1}, "second_moment": {Gradient: 2}}

// moments advances both of Adam's and returns m̂ and √v̂.
func moments(u *optim.Update) (mean, root *Node) {
	first := u.Average("first_moment", optim.Beta1, u.Gradient)
	second := u.Average("second_moment", optim.Beta2, Square(u.Gradient))
	return Div(first, u.Debias(optim.Beta1)), Sqrt(Div(second, u.Debias(optim.Beta2)))
}

// Muon's families by their factor, with the polar factor to the last digits, so that a measurement shows the factor and not how far five
// iterations come: see optim.MuonRule. optim.Muon is the reference implementation's.
var (
	MuonPlain, errMuonPlain         = optim.Define(optim.MuonRule("muon_plain", optim.MuonPlain(), true))
	MuonJordan, errMuonJordan       = optim.Define(optim.MuonRule("muon_jordan", optim.MuonJordan(), true))
	MuonSpectral, errMuonSpectral   = optim.Define(optim.MuonRule("muon_spectral", optim.MuonSpectral(), true))
	MuonMoonlight, errMuonMoonlight = optim.Define(optim.MuonRule("muon_moonlight", optim.MuonMoonlight(), true))
)

// factors are those of the families that are Muon.
var factors = map[optim.Family]optim.MuonFactor{
	optim.Muon: optim.MuonJordan(), MuonPlain: optim.MuonPlain(), MuonJordan: optim.MuonJordan(),
	MuonSpectral: optim.MuonSpectral(), MuonMoonlight: optim.MuonMoonlight(),
}
