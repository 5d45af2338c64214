package judge

import (
	"fmt"
	"slices"

	"alphascale/lib/result"
)

// Report gathers checks, each with its control, and prints them with the verdict on what they judge.
type Report struct {
	what             string
	checks, controls []Check
	fits             []result.Fit
}

// New is an empty report on what is judged, such as "The three laws". With nothing added it is not judged.
func New(what string) *Report { return &Report{what: what} }

// wrongBy is how far a control's exponent is off.
const wrongBy = 0.1

// Add adds a check and its control: another check that must be refuted, of a wrong prediction or of what the law is not
// about. Where one control serves several checks, it is kept and printed once.
func (r *Report) Add(check, control Check) {
	r.checks = append(r.checks, check)
	if !slices.Contains(r.controls, control) {
		r.controls = append(r.controls, control)
	}
}

// Exponent adds a fitted exponent, under the name of its points, against the predicted one. The control predicts a tenth
// less. Fits returns the fit with the prediction.
func (r *Report) Exponent(fit result.Fit, predicted float64) {
	fit.Predicted = predicted
	r.fits = append(r.fits, fit)
	check := Exponent(fit.Points.Name(), fit, predicted)
	// Two fits may agree to the last bit, and each has a control all the same.
	r.checks, r.controls = append(r.checks, check), append(r.controls, check.Control("  control", predicted-wrongBy))
}

// Exact adds a number against a prediction that may differ by the tolerance, in the number's own unit. The control, under
// a name of its own, holds the same number against a wrong prediction.
func (r *Report) Exact(what string, predicted, measured, tolerance float64, control string, wrong float64) {
	check := Exact(what, predicted, measured, tolerance)
	r.Add(check, check.Control(control, wrong))
}

// Identical adds two records that must agree in every bit of every value. The control, under a name of its own, is another
// record, which must not agree with the one that is wanted.
func (r *Report) Identical(what string, want, got []float64, control string, other []float64) {
	r.Add(Identical(what, want, got), Identical(control, want, other))
}

// Fits returns what Exponent was given, in that order, each with its prediction: the data of a figure.
func (r *Report) Fits() []result.Fit { return slices.Clone(r.fits) }

// Verdict judges what was added so far.
func (r *Report) Verdict() Verdict { return Judge(r.checks, r.controls) }

// String says what is judged and the verdict.
func (r *Report) String() string { return fmt.Sprintf("%s: %s", r.what, r.Verdict()) }

// Print prints a line for each check, then one for each control, and last what is judged with the verdict.
func (r *Report) Print() {
	for _, check := range slices.Concat(r.checks, r.controls) {
		fmt.Println(check)
	}
	fmt.Println(r)
}
