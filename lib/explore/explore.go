// Package explore answers what an explorer's knobs ask: a small network is trained on the digits with α and without, as
// often as a knob moves. An [Explorer] trains at a [Point] and returns a [View].
package explore

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sync"

	"alphascale/lib/dataset"
	"alphascale/lib/instrument"
	"alphascale/lib/network"
	"alphascale/lib/optim"
	"alphascale/lib/result"
	"alphascale/lib/scaling"
	"alphascale/lib/subject"
	"alphascale/lib/training"
)

const (
	width = 32
	steps = 100
)

// gradientNorm is all that is shown of the weights.
var gradientNorm = instrument.GradientNorm()

// Point is a position of the knobs.
type Point struct {
	Alpha        float64 // multiplies every weight matrix in the forward pass, u = α·w
	LearningRate float64 // η, the same with α and without
	Depth        int     // hidden layers, 1 to 12
	Activation   string  // as in network.MLP
	Norm         network.Normalisation
	Optimizer    optim.Family
	Start        training.Start // from the same function, w₀ = u₀/α, or from the same weights, w₀ = u₀
}

// View is what is to be seen there.
type View struct {
	Loss      []result.Series // against the step: without α, then with it
	Gradients []result.Series // ‖∇_w L‖ by layer at the first step: without α, then with it
	// Predicted is law L1's α·‖∇_u L‖ by layer, where the start keeps the function and the law says it of the loss.
	Predicted []result.Series
	Summary   string // one sentence with the effective learning rate and what became of the loss
}

// Explorer keeps what it compiled: one program for each network and optimizer. Its methods may be called from several
// goroutines; they take turns.
type Explorer struct {
	mu       sync.Mutex
	programs map[string]*training.Program
	// The last run without α, which stays the same while α moves.
	reference    *training.Run
	referenceFor Point
}

// New returns an explorer. Close frees what it compiles.
func New() *Explorer { return &Explorer{programs: map[string]*training.Program{}} }

// Close frees the compiled programs.
func (e *Explorer) Close() {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, p := range e.programs {
		p.Finalize()
	}
	clear(e.programs)
}

// At trains at a point, for the first time in a network after compiling it, and returns what is to be seen. A run that
// diverges is part of the view; an unknown name, a depth out of range, or an α or η that is not positive is an error.
func (e *Explorer) At(ctx context.Context, at Point) (View, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !(at.LearningRate > 0) || math.IsInf(at.LearningRate, 0) {
		return View{}, fmt.Errorf("a learning rate of %g trains nothing: choose η > 0", at.LearningRate)
	}
	program, err := e.program(at)
	if err != nil {
		return View{}, err
	}
	h := optim.Values{optim.LearningRate: at.LearningRate}
	settings := []training.Settings{{Alpha: at.Alpha, Hyper: h, Seed: 1, Start: at.Start}}
	plain := at
	plain.Alpha, plain.Start = 1, training.KeepFunction
	if e.referenceFor != plain {
		settings = append(settings, training.Settings{Alpha: 1, Hyper: h, Seed: 1})
	}
	runs, err := program.RunAll(ctx, settings, nil)
	if err != nil {
		return View{}, err
	}
	if len(runs) > 1 {
		e.reference, e.referenceFor = runs[1], plain
	}
	return view(at, e.reference, runs[0])
}

func (e *Explorer) program(at Point) (*training.Program, error) {
	if at.Depth < 1 || at.Depth > 12 {
		return nil, fmt.Errorf("%d hidden layers: choose 1 to 12", at.Depth)
	}
	net := network.MLP{Hidden: slices.Repeat([]int{width}, at.Depth), Outputs: 10, Activation: at.Activation, Norm: at.Norm}
	if err := net.Check(); err != nil {
		return nil, err
	}
	key := net.String() + " " + string(at.Optimizer)
	if p := e.programs[key]; p != nil {
		return p, nil
	}
	data := dataset.Digits()
	optimizer := optim.New(at.Optimizer)
	p, err := training.Compile(training.Config{
		Subject: subject.Of(net.Model, data), Optimizer: optimizer, Steps: steps,
		Instruments: []instrument.Instrument{gradientNorm},
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", key, err)
	}
	e.programs[key] = p
	return p, nil
}

func view(at Point, without, with *training.Run) (View, error) {
	v := View{Loss: []result.Series{named(without.LossSeries(), "without α"), named(with.LossSeries(), "with α")}}
	var profiles []result.Series
	for _, run := range []*training.Run{without, with} {
		s, err := profile(run)
		if err != nil {
			return v, err
		}
		profiles = append(profiles, s)
	}
	v.Gradients = []result.Series{named(profiles[0], "without α"), named(profiles[1], "with α")}
	if at.Start == training.KeepFunction {
		law := named(profiles[0], "α times that without")
		law.Ys = slices.Clone(law.Ys)
		for i := range law.Ys {
			law.Ys[i] *= at.Alpha
		}
		v.Predicted = []result.Series{law}
	}
	p, err := scaling.LearningRateExponent(at.Optimizer)
	if err != nil {
		return v, err
	}
	factor := map[int]string{0: "", 1: "α·", 2: "α²·"}[int(p)]
	v.Summary = fmt.Sprintf("u = α·w trains at %sη = %.3g. Loss after %d steps: %s with α, %s without.",
		factor, math.Pow(at.Alpha, float64(p))*at.LearningRate, steps, outcome(with), outcome(without))
	return v, nil
}

// named labels a series instead of colouring it by α: with and without may have the same.
func named(s result.Series, label string) result.Series {
	s.Label, s.Alpha = label, 0
	return s
}

// profile is the gradient norm of each weight matrix at the first step, by layer from 1.
func profile(run *training.Run) (result.Series, error) {
	s := result.Series{X: result.Quantity{Name: "layer"}, Y: gradientNorm.Quantity}
	for i, path := range run.Watched() {
		norms, err := run.Recorded(gradientNorm.Name, path)
		if err != nil {
			return s, err
		}
		s.Xs, s.Ys = append(s.Xs, float64(i+1)), append(s.Ys, norms[0])
	}
	return s, nil
}

func outcome(run *training.Run) string {
	if run.Diverged >= 0 {
		return fmt.Sprintf("infinite from step %d on", run.Diverged)
	}
	return fmt.Sprintf("%.3g", run.Loss[len(run.Loss)-1])
}
