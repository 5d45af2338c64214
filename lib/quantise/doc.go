// Package quantise rounds the weights and activations of a network to few bits, measures what that costs, and moves factors
// between layers so that it costs less: equalisation ([Equalise], Nagel et al. 2019) and SmoothQuant ([Smooth], Xiao et al. 2023).
//
// A [Quantiser] is uniform, symmetric and of some bit width, or one of the floating-point formats of package law; it has one
// step for a whole tensor or one per channel. A [Network] says what is left of a model's outputs and accuracy at rounded
// weights.
//
// A [Pair] is two layers with an activation between them. Multiplying channel j of the first by a factor and dividing what the
// second reads from it by the same factor keeps the function if and only if the activation lets positive factors through, as ReLU
// and no activation do, and GELU and ReLU6 do not. It is law L9 of package scaling channel by channel. Where the factors are powers of
// two, the function is the same to the last bit.
package quantise
