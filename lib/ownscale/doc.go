// Package ownscale is about the numbers by which an optimizer sets the length of its steps itself: a decay λ, an ε in a denominator, the
// factor of an orthogonalised matrix.
//
// [DecayOf] reads off the units of a family's hyperparameters what share of a weight its decay takes in each step, λ·η or λ alone, and so
// over how many steps it averages (law.Memory). [Kept] measures that in a real run, on weights that no input reaches; [Noise] is a
// training on gradients that are pure noise, in which the spread of decayed weights has a closed form.
//
// [Epsilon] measures at which power p of α an optimizer with an ε takes its first step, from 1 to 2, against law.AdamExponent.
// [AdamAtan2] is a rule that has none, and p = 1.
//
// [Features] measures at which power of the width a step of one matrix changes what the layer puts out, under any optimizer. [Muon]
// makes Muon's families by their factor: optim.MuonSpectral, optim.MuonMoonlight and others.
package ownscale
