package sweep

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"

	"alphascale/lib/training"
)

// verify runs a sample of folded jobs for real and compares them with what the fold says of them, and so every other run
// of theirs that the folder has. If one differs, the fold is given up and everything runs.
func (r *runner) verify(ctx context.Context) error {
	var folded []*job
	for _, c := range r.plan.classes {
		folded = append(folded, c.jobs[1:]...) // whatever the folder holds, so that the sample is always the same
	}
	rng := rand.New(rand.NewPCG(r.spec.VerifySeed, 0xf01d))
	var sample []*job
	for _, i := range rng.Perm(len(folded))[:min(r.spec.Verify, len(folded))] {
		if folded[i].run == nil {
			sample = append(sample, folded[i])
		}
	}
	if err := r.compute(ctx, sample); err != nil {
		return err
	}
	for _, j := range folded {
		lead := j.class.lead()
		if j.run == nil || j == lead {
			continue
		}
		if j.machine != lead.machine {
			r.notes = append(r.notes, fmt.Sprintf("%s does not verify the fold: it and %s were made on different processors, which round differently", j.at, lead.at))
			continue
		}
		difference, err := r.compare(j, lead)
		if err != nil {
			return err
		}
		if difference != "" {
			r.mismatch = fmt.Sprintf("the fold by %s does not hold: %s ran for real and is not what %s says: %s; "+
				"nothing is folded in this result", j.canonical.law, j.at, lead.at, difference)
			return r.compute(ctx, r.unrun())
		}
	}
	return nil
}

func (r *runner) unrun() []*job {
	var out []*job
	for _, j := range r.plan.jobs {
		if j.run == nil {
			out = append(out, j)
		}
	}
	return out
}

// compare returns in words the first difference between a run and what its representative says of it; nothing if they
// agree: in every bit where the fold is exact, otherwise to the tolerance.
func (r *runner) compare(j, lead *job) (string, error) {
	predicted, err := derive(j, lead)
	if err != nil {
		return "", err
	}
	tolerance := r.spec.Tolerance
	if exact(j, lead) {
		tolerance = 0
	}
	if (j.run.Diverged < 0) != (predicted.Diverged < 0) {
		return fmt.Sprintf("one diverged (step %d and %d; −1 is none)", j.run.Diverged, predicted.Diverged), nil
	}
	steps := comparable(j.run, predicted, tolerance)
	if step := differsAt(j.run.Loss[:steps], predicted.Loss[:steps], tolerance); step >= 0 {
		return fmt.Sprintf("at step %d the loss is %g and not %g", step, j.run.Loss[step], predicted.Loss[step]), nil
	}
	theirs := predicted.Records()
	for i, record := range j.run.Records() {
		if step := differsAt(record.Values[:steps], theirs[i].Values[:steps], tolerance); step >= 0 {
			return fmt.Sprintf("at step %d the %s of %s is %g and not %g", step, record.Instrument, record.Path,
				record.Values[step], theirs[i].Values[step]), nil
		}
	}
	return "", nil
}

// comparable is the number of steps over which two runs must agree. Runs that diverge need to do so only until they do:
// w and its gradient overflow at another step than α·w does, and where rounding differs (tolerance > 0) it is amplified
// without bound as soon as the loss is well above its first value.
func comparable(a, b *training.Run, tolerance float64) int {
	if a.Diverged < 0 {
		return len(a.Loss)
	}
	steps := min(a.Diverged, b.Diverged)
	for step := range steps {
		if tolerance > 0 && a.Loss[step] > 10*a.Loss[0] {
			return step
		}
	}
	return steps
}

// differsAt is the first place at which two traces differ by more than the tolerance, −1 if there is none.
func differsAt(a, b []float64, tolerance float64) int {
	for i := range a {
		if a[i] == b[i] || (math.IsNaN(a[i]) && math.IsNaN(b[i])) {
			continue
		}
		if !(math.Abs(a[i]-b[i]) <= tolerance*max(math.Abs(a[i]), math.Abs(b[i]))) {
			return i
		}
	}
	return -1
}
