package diagnose

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"alphascale/lib/training"
)

// diverged says where a loss that is not finite came from, as far as it was recorded.
func (v *view) diverged() Finding {
	step := v.run.Diverged
	f := Finding{Since: step, What: "the loss is not finite"}
	for _, w := range v.weights {
		if x := at(w.length, step); w.length != nil && !isFinite(x) && step == 0 {
			f.Path = w.path
			f.What += ", before any step, and neither is the norm of these weights"
			f.Remedy = "Look at the initial values: some are not finite, or too large to be squared"
			return f
		}
	}
	if why, remedy := v.broken(step); why != "" {
		f.What += why
		f.Remedy = remedy
		return f
	}
	if step == 0 {
		f.What += ", before any step; the weights are"
		f.Remedy = "Look at the data, where dataset.Set.Check finds values that are not finite, and at what the model and the loss make of them"
		return f
	}
	return v.blownUp(f)
}

// broken looks for the first hidden layer that is not finite although all weights are, and whose inputs may be to blame. An
// update that went before is to blame where it made the weights huge.
func (v *view) broken(step int) (why, remedy string) {
	if v.hastyBefore(step) {
		return "", ""
	}
	i := slices.IndexFunc(v.layers, func(l layer) bool { return l.scale != nil && !isFinite(l.scale[step]) })
	finite := !slices.ContainsFunc(v.weights, func(w weight) bool { return w.length == nil || !isFinite(w.length[step]) })
	switch {
	case i < 0 || !finite:
		return "", ""
	case i == 0 && v.place(v.layers[0]) <= 0:
		return fmt.Sprintf(" and neither are the activations of %s, the first hidden layer; the weights are", v.layers[0].path),
			fmt.Sprintf("Look at the rows of step %d in the data: dataset.Set.Check finds values that are not finite or too large", step)
	}
	before := v.layers[max(0, i-1)]
	why = fmt.Sprintf(" and neither are the activations of %s; the weights are, and the mean magnitude of the activations of %s is %.2g",
		v.layers[i].path, before.path, at(before.scale, step))
	if what, remedy := v.tooLarge(); what != "" {
		return why + "; " + what, remedy
	}
	return why, "Look at what the model computes between the two"
}

// hastyBefore reports steps above their range, or of no finite size, among the last before the given one.
func (v *view) hastyBefore(step int) bool {
	const last = 3
	return slices.ContainsFunc(v.weights, func(w weight) bool {
		return w.ratio != nil && slices.ContainsFunc(w.ratio[max(0, step-last):step], func(x float64) bool { return !(x <= v.high) })
	})
}

// scaledLoss is a loss that no network of finite weights starts with unless the loss itself is scaled.
const scaledLoss = 1e15

// blownUp is a divergence after the first step in which no layer stands out.
func (v *view) blownUp(f Finding) Finding {
	before := f.Since - 1
	loss := math.Abs(v.run.Loss[before])
	large, remedy := v.tooLarge()
	faint, strengthen := v.tooSmall()
	switch rate, name := v.decayRate(); {
	case large != "":
		f.What += ": the training has diverged. Before any step it was too much: " + large
		f.Remedy = remedy
	case math.Abs(v.run.Loss[0]) > scaledLoss:
		f.What += fmt.Sprintf(". At step 0 it was %.2g, and the gradient of a weight had a norm of %.2g", v.run.Loss[0],
			largest(v.weights, func(w weight) float64 { return at(w.gradient, 0) }))
		f.Remedy = v.scaleLoss()
	case rate > 1 && v.explains(rate):
		f.What += fmt.Sprintf(". Each step took %.2g times the weights off them by %s alone", rate, name)
		f.Remedy = fmt.Sprintf("Divide %s by about %s", name, number(rate/v.low))
	case faint != "" && v.hastyBefore(f.Since) && v.follows():
		f.What += fmt.Sprintf(": the training has diverged with steps of up to %.2g times the norm of the weights, yet %s", v.pace(f.Since), faint)
		f.Remedy = strengthen + ", and lower the learning rate"
	case v.hastyBefore(f.Since):
		typical := v.pace(f.Since)
		f.What += fmt.Sprintf(": the training has diverged. Before that the steps were up to %.2g times the norm of the weights", typical)
		f.Remedy = fmt.Sprintf("Divide the learning rate%s by about %s%s", v.rates(), number(typical/v.middle), v.compensate())
	case !slices.ContainsFunc(v.weights, func(w weight) bool { return w.ratio != nil }):
		f.What += fmt.Sprintf(" after %d steps; their size was not recorded", f.Since)
		f.Remedy = "Record diagnose.Instruments to see whether the steps were too large"
	default:
		f.What += fmt.Sprintf(". The steps before it were in their range, and the loss of step %d was %.3g", before, loss)
		f.Remedy = fmt.Sprintf("Look at the rows of step %d in the data with dataset.Set.Check, and for a division by zero, a logarithm or a root in the model and the loss", f.Since)
	}
	return f
}

// compensate says what to do where α makes gradients or weights larger.
func (v *view) compensate() string {
	switch s := v.run.Settings; {
	case !(s.Alpha > 1):
		return ""
	case s.Start == training.KeepFunction:
		return fmt.Sprintf(", or undo α = %g by scaling.Compensate", s.Alpha)
	default:
		return fmt.Sprintf(", or leave out α = %g, which makes the weights larger", s.Alpha)
	}
}

// pace is how large the steps before the given one were in comparison with the weights, for the weights that moved most:
// the first step, or a typical one of the first ten if that is larger.
func (v *view) pace(before int) float64 {
	return largest(v.movable(), func(w weight) float64 {
		n := min(before, patience, len(w.ratio))
		if n <= 0 {
			return 0
		}
		finite := slices.DeleteFunc(slices.Clone(w.ratio[:n]), func(x float64) bool { return !isFinite(x) })
		if len(finite) == 0 {
			return 0
		}
		sorted := slices.Sorted(slices.Values(finite))
		return max(finite[0], sorted[(len(sorted)-1)/2]) // the lower of two, since a few steps that blow up have no typical one
	})
}

// rates names the learning rates of all weights, as ", η = 0.1,".
func (v *view) rates() string { return ratesOf(v.movable()) }

func ratesOf(weights []weight) string {
	var known []string
	for _, w := range weights {
		eta := fmt.Sprintf("%.2g", at(w.rate, len(w.rate)-1))
		if w.rate != nil && !slices.Contains(known, eta) {
			known = append(known, eta)
		}
	}
	if len(known) == 0 {
		return ""
	}
	return ", η = " + strings.Join(known, " and ") + ","
}
