// Package width says how a network's initial weights, multipliers and learning rates go with its width n, and measures whether those
// of a family of models do.
//
// A layer uses u = n^(−a)·w, its weights are drawn with a standard deviation in proportion to n^(−b), and its learning rate to n^(−c):
// an [ABC] (Yang & Hu 2021). A [Parametrisation] gives one for each [Role] that a matrix has: [Standard], [NTK] or [MaximalUpdate], or
// one of your own. A factor n^(−a) is an α, so law 1 shifts a into b and c without a change of the run ([ABC.Shifted]), and the same
// law's p says how much f changes through each layer in a step ([Parametrisation.FirstStep]).
//
// [Check] is the coordinate check (as of Yang et al. 2022, appendix D.1) with an exponent, an interval and a prediction for each layer:
// it takes any family of models, finds each variable's role from its shapes at two widths, and refutes a wrong multiplier, a wrong
// learning rate and a missing initial factor.
package width
