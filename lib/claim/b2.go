package claim

import (
	"context"
	"fmt"
	"math"
	"slices"

	"alphascale/lib/lab"

	"alphascale/lib/instrument"
	"alphascale/lib/judge"
	"alphascale/lib/law"
	"alphascale/lib/network"
	"alphascale/lib/optim"
	"alphascale/lib/result"
	"alphascale/lib/scaling"
	"alphascale/lib/training"

	"gonum.org/v1/gonum/stat"
)

var b2 = Claim{
	ID:          "B2",
	Chapter:     "07_practice",
	Says:        "Monitor gradients to detect vanishing or exploding.",
	Operation:   scaling.OpRescale,
	Found:       "True of the backward signal ∂ℓ/∂b: where it differs by more than a factor of D between the ends of D layers, learning fails. In a ReLU network a step out of 1/(DT) to 1/D of the weights, in length or in angle, tells the same for T steps. Gradient norms with respect to the weights, from layer to layer, do not tell: there α cancels. The ranges are not the depth's alone: over more steps a run learns in spite of an alarm, at α = √2 one fails with its signal in range, with Adam the ratio is η√n/‖w‖ and knows nothing of the signal, and under u = α·w the gradient of w alarms in a run that is, compensated, the same to the bit.",
	experiments: append(each(monitoredNets(), monitoring), patientCase, unnoticedCase, adamCase, compensatedAlarmCase),
}

// monitoredNets are a network whose backward signal has a law for every α, and one that saturates.
func monitoredNets() []monitored {
	reluChi := func(alpha float64) float64 { return law.ReLUChi(heVariance, alpha) }
	tanhChi := func(alpha float64) float64 {
		return law.TanhChi(heVariance, law.TanhVariance(heVariance, 0, alpha), alpha)
	}
	return []monitored{
		{
			"relu", "L2, L6: χ = α²σ_w²/2 per layer; He et al. 2015",
			reluChi, tanhChi,
			[]monitor{signalRatio, updateRatio, stepAngle},
		},
		{
			"tanh", "L6: χ = α²σ_w²·E[φ'²] per layer; Schoenholz et al. 2017",
			tanhChi, reluChi,
			[]monitor{signalRatio},
		},
	}
}

// monitored is a deep network whose weights are all multiplied by α at initialisation.
type monitored struct {
	activation string
	law        string
	chi        func(alpha float64) float64 // by which a layer multiplies the squared backward signal
	otherChi   func(alpha float64) float64 // that of another activation, for the control
	monitors   []monitor                   // whose alarms are to tell which runs fail
}

const (
	heVariance  = 2   // σ_w² of GoMLX's initial weights
	hiddenDepth = 6   // hidden layers, through all but one of which the backward signal passes
	monitorSpan = 200 // steps of a run
)

var (
	// rescaledBy are the α from which networks are trained: about where they learn, and out of it on either side.
	rescaledBy = []float64{1. / 4, 1. / 2, 1, 2, 4}
	// linearAlphas are so small that tanh is linear.
	linearAlphas = []float64{0x1p-6, 0x1p-7, 0x1p-8, 0x1p-10}
)

// monitoring measures the law of the backward signal, trains from rescaled weights, and holds the alarms against those
// that the law predicts. The article is right where the alarms are those of the runs that fail.
func monitoring(ctx context.Context, l *lab.Lab, m monitored) (Case, error) {
	c := Case{
		Setting: fmt.Sprintf("w ← α·w in all layers at initialisation, %s", m.net()), Law: m.law, Agrees: true,
		Facts: facts(scaling.OpRescale, AllLayers, by(optim.SGD), Fact{Behind, m.activation + " units"}),
	}
	if err := backwardSignal(ctx, l, m, &c); err != nil {
		return c, err
	}
	runs, err := rescaledRuns(ctx, l, m, l.Seeds()...)
	if err != nil {
		return c, err
	}
	failures := result.Series{Label: "failed", X: result.Alpha(), Y: result.Quantity{Name: "whether most runs failed"}, Xs: rescaledBy}
	var lawful []float64
	for i, alpha := range rescaledBy {
		for _, run := range runs[i] {
			curve := run.LossSeries()
			curve.Alpha = alpha
			c.Series = append(c.Series, curve)
		}
		failures.Ys = append(failures.Ys, truth(!mostLearned(runs[i])))
		lawful = append(lawful, truth(signalRatio.alarm(math.Pow(m.chi(alpha), (hiddenDepth-1)/2.))))
	}
	c.Series = append(c.Series, failures)
	for _, watch := range append(m.monitors, weightRatio) {
		alarms, curve, err := watch.alarms(runs, rescaledBy)
		if err != nil {
			return c, err
		}
		c.Series = append(c.Series, curve)
		missed := judge.Identical("control: α whose failing and whose alarm by the "+watch.name+" differ", failures.Ys, alarms)
		switch watch.name {
		case weightRatio.name:
			c.Controls = append(c.Controls, missed)
			continue
		case signalRatio.name:
			c.Checks = append(c.Checks, judge.Identical("alarms by the "+watch.name+" that are not those by χ", lawful, alarms))
		}
		c.Agrees = c.Agrees && missed.Holds()
	}
	return c, nil
}

func (m monitored) net() network.MLP {
	return network.MLP{Hidden: slices.Repeat([]int{32}, hiddenDepth), Outputs: 10, Activation: m.activation}
}

// rescaledRuns trains from weights that were multiplied by each α, or does what the lab puts in place of that. It returns the
// runs by α, one per seed.
func rescaledRuns(ctx context.Context, l *lab.Lab, m monitored, seeds ...int64) ([][]*training.Run, error) {
	return m.runs(ctx, l, optim.SGD, monitorSpan, rescaledBy, seeds...)
}

// runs is rescaledRuns for an optimizer, a number of steps and other α.
func (m monitored) runs(ctx context.Context, l *lab.Lab, family optim.Family, steps int, alphas []float64, seeds ...int64) ([][]*training.Run, error) {
	key := fmt.Sprintf("monitored %s, %s, %d steps", m.net(), family, steps)
	config := func() (training.Config, error) {
		c := lab.Perceptron(family)
		c.Model, c.Steps = m.net().Model, steps
		c.Scaled = scaling.Weights()
		c.Watched = scaling.Select(fmt.Sprintf("/layer_[0%d]/dense/*", hiddenDepth-1)) // the first and the last hidden layer
		c.Instruments = []instrument.Instrument{instrument.GradientNorm(), instrument.UpdateRatio(), instrument.StepAngle()}
		return c, nil
	}
	out := make([][]*training.Run, len(alphas))
	for _, seed := range seeds {
		drawn, err := l.Initial(key, config, seed)
		if err != nil {
			return nil, err
		}
		for i, alpha := range alphas {
			s := training.Settings{Alpha: 1, Hyper: monitoredAt[family], Seed: seed}
			if l.Operation(scaling.OpRescale) == scaling.OpRescale {
				s.Initial, err = lab.RescaleWeights(drawn, alpha)
			} else {
				s.Hyper = s.Hyper.With(optim.LearningRate, alpha*s.Hyper[optim.LearningRate])
			}
			if err != nil {
				return nil, err
			}
			runs, err := l.Run(ctx, key, config, s)
			if err != nil {
				return nil, err
			}
			out[i] = append(out[i], runs[0])
		}
	}
	return out, nil
}

// monitoredAt are hyperparameters with which the networks learn at α = 1. Adam's ε is far below every gradient.
var monitoredAt = map[optim.Family]optim.Values{
	optim.SGD:  {optim.LearningRate: 0.2},
	optim.Adam: {optim.LearningRate: 0.005, optim.Epsilon: 1e-20},
}

// backwardSignal measures by what factor consecutive layers' backward signals ∂f/∂b differ: its exponent in α, and its
// square against χ, which is that of a wide network and here an approximation.
func backwardSignal(ctx context.Context, l *lab.Lab, m monitored, c *Case) error {
	predicted, err := l.Exponent(scaling.LayerLaw(), scaling.OtherJacobian)
	if err != nil {
		return err
	}
	var alphas, factors []float64
	for _, seed := range l.Seeds() {
		for _, alpha := range linearAlphas {
			factor, err := layerFactor(ctx, l, m.net(), alpha, seed)
			if err != nil {
				return err
			}
			alphas, factors = append(alphas, alpha), append(factors, factor)
		}
	}
	// Networks of different seeds differ by a factor, which is no matter of the exponent.
	var ys, ratios []float64
	for run := range slices.Chunk(factors, len(linearAlphas)) {
		ys = append(ys, lab.PerUnit(run)...)
		ratios = append(ratios, run[0]*run[0]/m.chi(linearAlphas[0]))
	}
	if _, err = c.addFit(lab.Relative("ratio of consecutive layers' backward signals"), alphas, ys, predicted); err != nil {
		return err
	}
	const spread = 0.3 // of networks of width 32 about the limit of wide ones
	mean := stat.Mean(ratios, nil)
	other := mean * m.chi(linearAlphas[0]) / m.otherChi(linearAlphas[0])
	c.Checks = append(c.Checks, judge.Exact("squared ratio of backward signals over χ", 1, mean, spread))
	c.Controls = append(c.Controls, judge.Exact("control: over the χ of the other activation", 1, other, spread))
	return nil
}

// layerFactor is the factor from one hidden layer's backward signal to that of the layer before, the geometric mean over
// the depth.
func layerFactor(ctx context.Context, l *lab.Lab, net network.MLP, alpha float64, seed int64) (float64, error) {
	p, err := l.InitialProbe(net, 100, seed)
	if err != nil {
		return 0, err
	}
	changes, err := l.Changes(scaling.OpRescale, training.KeepFunction, scaling.Weights(), alpha)
	if err != nil {
		return 0, err
	}
	norms, err := p.OutputGradientNorms(1, changes...)
	if err != nil {
		return 0, err
	}
	first, err := norms.Of("/layer_0/dense/biases")
	if err != nil {
		return 0, err
	}
	last, err := norms.Of(fmt.Sprintf("/layer_%d/dense/biases", hiddenDepth-1))
	return math.Pow(first/last, 1./(hiddenDepth-1)), err
}
