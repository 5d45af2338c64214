package judge

import (
	"errors"
	"fmt"
	"os"
	"slices"

	"alphascale/lib/result"
)

// Report gathers checks, each with its control, and prints them with the verdict on what they judge.
type Report struct {
	what             string
	checks, controls []Check
	fits             []result.Fit
	errs             []error
	waiting          map[string]bool // exponents that were measured and not yet predicted
}

// New is an empty report on what is judged, such as "The three laws". With nothing added it is not judged.
func New(what string) *Report { return &Report{what: what, waiting: map[string]bool{}} }

// wrongBy is how far a control's exponent is off.
const wrongBy = 0.1

// Add adds a check and its control: another check that must be refuted, of a wrong prediction or of what the law is not
// about. Where one control serves several checks, it is kept and printed once.
func (r *Report) Add(check, control Check) {
	r.checks = append(r.checks, check)
	r.Refuted(control)
}

// Refuted adds a further control.
func (r *Report) Refuted(control Check) {
	if !slices.Contains(r.controls, control) {
		r.controls = append(r.controls, control)
	}
}

// Measured is an exponent that waits for its prediction. Until it has one, its report is not judged.
type Measured struct {
	report *Report
	fit    result.Fit
	err    error
}

// Exponent takes a fitted exponent, or the error of what should have fitted it, and waits for the prediction:
//
//	r.Exponent(gradient.Fit("first layer", norm, alphas...)).Is(scaling.ReparameteriseLaw().Exponent(scaling.Gradient))
func (r *Report) Exponent(fit result.Fit, err ...error) Measured {
	r.waiting[fit.Points.Name()] = true
	return Measured{r, fit, errors.Join(err...)}
}

// Is adds the check, under the name of the fit's points, against the predicted exponent, or against the error of the law that
// should have predicted it. The control predicts a tenth less. An error is printed at once, and nothing is judged.
func (m Measured) Is(predicted float64, err ...error) {
	delete(m.report.waiting, m.fit.Points.Name())
	if err := errors.Join(append(err, m.err)...); err != nil {
		m.report.fail(err)
		return
	}
	m.fit.Predicted = predicted
	m.report.fits = append(m.report.fits, m.fit)
	check := Exponent(m.fit.Points.Name(), m.fit, predicted)
	// Two fits may agree to the last bit, and each has a control all the same.
	m.report.checks = append(m.report.checks, check)
	m.report.controls = append(m.report.controls, check.Control("  control", predicted-wrongBy))
}

// fail says what keeps the report from being judged.
func (r *Report) fail(err error) {
	r.errs = append(r.errs, err)
	fmt.Fprintln(os.Stderr, err)
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

// Fits returns the fits that Is was given a prediction for, in that order, each with its prediction: the data of a figure.
func (r *Report) Fits() []result.Fit { return slices.Clone(r.fits) }

// Verdict judges what was added so far. What should have been added and failed, and an exponent without a prediction, leave it
// not judged.
func (r *Report) Verdict() Verdict {
	if len(r.errs) > 0 || len(r.waiting) > 0 {
		return NotJudged
	}
	return Judge(r.checks, r.controls)
}

// String says what is judged and the verdict.
func (r *Report) String() string { return fmt.Sprintf("%s: %s", r.what, r.Verdict()) }

// Print prints a line for each check, then one for each control, and last what is judged with the verdict.
func (r *Report) Print() {
	for _, check := range slices.Concat(r.checks, r.controls) {
		fmt.Println(check)
	}
	fmt.Println(r)
}
