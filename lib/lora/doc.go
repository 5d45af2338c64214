// Package lora fine-tunes any GoMLX model by low-rank adaptation: a matrix W₀ [inputs, outputs] that is frozen becomes
//
//	u = W₀ + alpha·A·B,  A [inputs, r] drawn, B [r, outputs] = 0 at the start
//
// (Hu et al. 2021, "LoRA: Low-Rank Adaptation of Large Language Models", equation 3; their A and B are the transposes). An [Adapter] does so
// to whichever weights a selector picks, and [Adapter.Merge] puts the result into plain weights, with a count of what the dtype of the
// weights cannot hold.
//
// # Two numbers that are both called α
//
// LoRA's papers call α the number that is divided by the rank. In this package alpha is what multiplies A·B, as everywhere in this
// module, and the papers' α is the numerator of a [Scale]: alpha = numerator/r ([Hu]), numerator/√r ([Kalajdzievski]) or the same for
// every rank ([Fixed]).
//
// # What alpha does
//
// It multiplies B in the forward pass, so it is the α of law L1 of package scaling, for each layer: a [Move] says which start and which
// learning rates make two of them the same run, and [Scale.FirstStep] by which power of the rank the first step grows.
package lora
