package ownscale

import (
	"context"
	"fmt"
	"math"

	"alphascale/lib/instrument"
	"alphascale/lib/law"
	"alphascale/lib/optim"
	"alphascale/lib/probe"
	"alphascale/lib/result"
	"alphascale/lib/scaling"
	"alphascale/lib/subject"
	"alphascale/lib/training"

	"github.com/gomlx/compute/dtypes"
)

// Epsilon measures at which power p of α an optimizer takes its first step at a fixed ε: ‖Δu‖ ∝ α^p under u = α·w on all of the
// weights, from one function. By the units of η it is 1 for Adam where ε is far below every gradient, and 2 where it is far above, since
// η/ε has the unit of SGD's η; in between law.AdamExponent says where.
type Epsilon struct {
	subject.Subject              // of which Model and Data are needed; in float64
	Optimizer       optim.Family // one that reads an ε and no memory changes the first step of: optim.Adam if empty
	Seed            int64        // of the weights
	Progress        func(done, total int)
}

// NearOne are the α between which p is fitted: so close to 1 that it is the slope there, to 0.001.
func NearOne() []float64 {
	return []float64{math.Exp2(-1. / 8), math.Exp2(-1. / 16), 1, math.Exp2(1. / 16), math.Exp2(1. / 8)}
}

// StepLength is the norm of a run's first step over all watched weights. A run that did not record instrument.UpdateNorm is an error.
func StepLength(run *training.Run) (float64, error) {
	square := 0.
	for _, path := range run.Watched() {
		norm, err := run.Recorded(instrument.UpdateNorm().Name, path)
		if err != nil {
			return 0, err
		}
		square += norm[0] * norm[0]
	}
	return math.Sqrt(square), nil
}

// Exponents returns a fit of p for each ε, with law's prediction. An optimizer without an ε, an ε that is negative, and what a training
// cannot use are errors.
func (e Epsilon) Exponents(ctx context.Context, epsilons ...float64) ([]result.Fit, error) {
	if e.Optimizer == "" {
		e.Optimizer = optim.Adam
	}
	if _, reads := optim.Defaults(e.Optimizer)[optim.Epsilon]; !reads {
		return nil, fmt.Errorf("%s reads no ε: take an optimizer that does, such as adam", e.Optimizer)
	}
	e.DType = dtypes.Float64
	p, err := training.Compile(training.Config{
		Subject: e.Subject, Optimizer: optim.New(e.Optimizer), Scaled: scaling.Everything(), Watched: scaling.Everything(),
		Batch: e.Data.Rows(), Steps: 1, Instruments: []instrument.Instrument{instrument.UpdateNorm()},
	})
	if err != nil {
		return nil, err
	}
	defer p.Finalize()
	gradients, err := e.gradients(p)
	if err != nil {
		return nil, err
	}
	var out []result.Fit
	for i, epsilon := range epsilons {
		fit, err := e.exponent(ctx, p, epsilon)
		if err != nil {
			return nil, err
		}
		if fit.Predicted, err = law.AdamExponent(gradients, epsilon); err != nil {
			return nil, err
		}
		out = append(out, fit)
		if e.Progress != nil {
			e.Progress(i+1, len(epsilons))
		}
	}
	return out, nil
}

// gradients are those of all weights at the start without α, in one list.
func (e Epsilon) gradients(p *training.Program) ([]float64, error) {
	start, err := p.Initial(e.Seed)
	if err != nil {
		return nil, err
	}
	there, err := probe.New(probe.Config{Subject: e.Subject, Values: start})
	if err != nil {
		return nil, err
	}
	defer there.Finalize()
	each, err := there.Gradients()
	var all []float64
	for _, one := range each {
		all = append(all, one...)
	}
	return all, err
}

func (e Epsilon) exponent(ctx context.Context, p *training.Program, epsilon float64) (result.Fit, error) {
	points := result.Series{
		Label: fmt.Sprintf("ε = %g", epsilon), X: result.Alpha(), Y: result.Quantity{Name: "first step of u", Symbol: "‖Δu‖"}, Xs: NearOne(),
	}
	for _, alpha := range points.Xs {
		h := optim.Values{optim.LearningRate: 0.001, optim.Epsilon: epsilon}
		run, err := p.RunOn(ctx, 0, training.Settings{Alpha: alpha, Hyper: h, Seed: e.Seed})
		if err != nil {
			return result.Fit{}, err
		}
		step, err := StepLength(run)
		if err != nil {
			return result.Fit{}, err
		}
		points.Ys = append(points.Ys, alpha*step)
	}
	return result.FitExponent(points)
}
