// Package judge holds predictions against measurements and lets the measurement decide the verdict.
//
// A Check is one prediction against one measurement; Exact, Between, Exponent and Identical make one. Judge turns checks and
// controls, which are checks that must be refuted, into a Verdict. A Report does so for a cell of a notebook: it takes no
// check without its control.
//
// It reaches lib/result alone, so that a program which only judges builds in a second.
package judge
