package claim

import (
	"context"
	"fmt"
	"math"

	"alphascale/lib/lab"
	"alphascale/lib/ownscale"

	"alphascale/lib/dataset"
	"alphascale/lib/instrument"
	"alphascale/lib/judge"
	"alphascale/lib/law"
	"alphascale/lib/network"
	"alphascale/lib/optim"
	"alphascale/lib/probe"
	"alphascale/lib/result"
	"alphascale/lib/scaling"
	"alphascale/lib/subject"
	"alphascale/lib/training"

	"github.com/gomlx/compute/dtypes"
)

// How ε stands to the gradients.
const (
	epsilonDefault = "ε = 1e-8, below nearly all gradients"
	epsilonAmong   = "ε = 1e-3, among the gradients"
	epsilonAbove   = "ε = 1, above the gradients"
	epsilonMoved   = "ε multiplied with the loss"
	epsilonLeft    = "ε = 1e-8 and a loss of 2⁻³⁰"
	noEpsilon      = "no ε"
)

var os2 = Claim{
	ID:        "OS2",
	Chapter:   "14_own_scales",
	Says:      "Adam is invariant to the scale of the loss.",
	By:        "Kingma & Ba 2015, abstract, of gradients",
	Link:      "https://arxiv.org/abs/1412.6980",
	Setting:   []Fact{{Epsilon, epsilonDefault}},
	Operation: scaling.OpScaleLoss,
	Words: []Word{
		{"of the loss", Operation, []string{string(scaling.OpScaleLoss)}},
		{"Adam", Optimizer, []string{string(optim.Adam)}},
	},
	Found: "As long as ε is far below the gradients, or is multiplied with the loss, which ε's unit asks for. At a fixed ε the first step goes with the loss to a power between 0 and 1, and with α to one between 1 and 2: where gradients are small against ε, Adam is SGD at the rate η/ε. Without an ε, as in Adam-atan2, it is invariant.",
	experiments: []experiment{
		lossStep(epsilonDefault, 1e-8), lossStep(epsilonAmong, 1e-3), lossStep(epsilonAbove, 1),
		wholeRun(optim.Adam, epsilonMoved, true), wholeRun(optim.Adam, epsilonLeft, false), wholeRun(ownscale.AdamAtan2, noEpsilon, false), alphaStep(epsilonAmong, 1e-3),
	},
}

// fewDigits is the network on which ε is measured, in float64.
func fewDigits() subject.Subject {
	s := subject.Of(network.MLP{Hidden: []int{32}, Outputs: 10}.Model, dataset.Digits().First(128))
	s.DType = dtypes.Float64
	return s
}

// lossScales are so close to 1 that a fit is the slope there, which law.AdamExponent has.
var lossScales = ownscale.NearOne()

// lossStep measures by which power of a loss scale the first step of Adam goes, at a fixed ε.
func lossStep(where string, epsilon float64) experiment {
	return func(ctx context.Context, l *lab.Lab) (Case, error) {
		c := Case{
			Setting: "ℓ ← s·ℓ, first step of adam, ReLU perceptron, " + where, Law: "H: p − 1, p = 1 + Σs²ε/(|g|+ε)/Σs², s = |g|/(|g|+ε); Kingma & Ba 2015, algorithm 1",
			Facts: facts(scaling.OpScaleLoss, AllLayers, by(optim.Adam), Fact{Epsilon, where}),
		}
		c.Agrees = true
		for _, seed := range l.Seeds() {
			p, err := predictedPower(l, seed, epsilon)
			if err != nil {
				return c, err
			}
			steps, err := firstStepsOfLoss(ctx, l, optim.Adam, seed, optim.Values{optim.LearningRate: 0.001, optim.Epsilon: epsilon})
			if err != nil {
				return c, err
			}
			fit, err := c.addFit(lab.Relative("first step"), lossScales, lab.PerUnit(steps), p-1)
			if err != nil {
				return c, err
			}
			linear, err := firstStepsOfLoss(ctx, l, optim.SGD, seed, optim.Values{optim.LearningRate: 0.001})
			if err != nil {
				return c, err
			}
			if err := c.addMoved("first step of sgd", p-1, lossScales, linear); err != nil {
				return c, err
			}
			c.Agrees = c.Agrees && isExponent(fit, 0)
		}
		return c, nil
	}
}

// predictedPower is p by the gradients at the start.
func predictedPower(l *lab.Lab, seed int64, epsilon float64) (float64, error) {
	start, err := l.Initial(lossStepKey(optim.Adam), lossStepConfig(optim.Adam), seed)
	if err != nil {
		return 0, err
	}
	p, err := l.Probe(fmt.Sprintf("a few digits, seed %d", seed), func() (probe.Config, error) {
		return probe.Config{Subject: fewDigits(), Values: start}, nil
	})
	if err != nil {
		return 0, err
	}
	each, err := p.Gradients()
	if err != nil {
		return 0, err
	}
	var all []float64
	for _, one := range each {
		all = append(all, one...)
	}
	return l.Predict(law.AdamExponent(all, epsilon))
}

func lossStepKey(family optim.Family) string {
	return "a few digits with a loss scale, in float64, " + string(family)
}

func lossStepConfig(family optim.Family) func() (training.Config, error) {
	return func() (training.Config, error) {
		c := training.Config{
			Subject: fewDigits(), Optimizer: optim.New(family), Batch: 128, Steps: 1, Watched: scaling.Everything(),
			Instruments: []instrument.Instrument{instrument.UpdateNorm()},
		}
		c.Loss = withLossScale(c.Data.Loss())
		return c, nil
	}
}

// firstStepsOfLoss are the lengths of the first step over all weights at each of lossScales, or at what the lab has in their place.
func firstStepsOfLoss(ctx context.Context, l *lab.Lab, family optim.Family, seed int64, h optim.Values) ([]float64, error) {
	var settings []training.Settings
	for _, s := range lossScales {
		one, err := scaledBy(ctx, l, scaling.OpScaleLoss, s, training.Settings{Alpha: 1, Hyper: h, Seed: seed})
		if err != nil {
			return nil, err
		}
		settings = append(settings, one)
	}
	runs, err := l.Run(ctx, lossStepKey(family), lossStepConfig(family), settings...)
	if err != nil {
		return nil, err
	}
	var out []float64
	for _, run := range runs {
		step, err := ownscale.StepLength(run)
		if err != nil {
			return nil, err
		}
		out = append(out, step)
	}
	return out, nil
}

// alphaStep is the same for α on all weights, which stands beside.
func alphaStep(where string, epsilon float64) experiment {
	return func(ctx context.Context, l *lab.Lab) (Case, error) {
		c := Case{
			Setting: "u = α·w in all layers, first step of adam, ReLU perceptron, " + where, Law: "H: p = 1 + Σs²ε/(|g|+ε)/Σs²; Kingma & Ba 2015, algorithm 1",
			Facts: facts(scaling.OpReparameterise, AllLayers, by(optim.Adam), Fact{Epsilon, where}), Agrees: true,
		}
		for _, seed := range l.Seeds() {
			fits, err := l.Fits(fmt.Sprintf("first step of adam, ε = %g, seed %d", epsilon, seed), func() ([]result.Fit, error) {
				return ownscale.Epsilon{Subject: fewDigits(), Seed: seed}.Exponents(ctx, epsilon)
			})
			if err != nil {
				return c, err
			}
			predicted, err := l.Predict(fits[0].Predicted, nil)
			if err != nil {
				return c, err
			}
			fit, err := c.addFit(lab.Relative("first step of u"), fits[0].Points.Xs, lab.PerUnit(fits[0].Points.Ys), predicted)
			if err != nil {
				return c, err
			}
			c.Agrees = c.Agrees && isExponent(fit, 1) // as Adam's p without an ε
		}
		return c, nil
	}
}

// wholeRun multiplies the loss by 2⁻³⁰ for a whole training, in which every loss has to be the same: with ε moved along, or of a rule that
// has none. With ε left it must be the run with ε·2³⁰.
func wholeRun(family optim.Family, where string, moved bool) experiment {
	return func(ctx context.Context, l *lab.Lab) (Case, error) {
		c := Case{
			Setting: fmt.Sprintf("ℓ ← 2⁻³⁰·ℓ, ReLU perceptron trained by %s, %s", family, where), Law: "L10: ε has the unit of a gradient; without one η alone is left, which has none of it",
			Facts: facts(scaling.OpScaleLoss, AllLayers, by(family), Fact{Epsilon, where}), Agrees: true,
		}
		h := optim.Values{optim.LearningRate: 0.005}
		_, reads := optim.Defaults(family)[optim.Epsilon]
		if reads {
			h[optim.Epsilon] = 1e-8
		}
		q, err := l.Predict(scaling.LossLaw().EffectiveExponent(family, optim.LearningRate))
		if err != nil {
			return c, err
		}
		for _, seed := range l.Seeds() {
			plain := training.Settings{Alpha: 1, Hyper: h, Seed: seed, Steps: 60}
			scaled, named, wrong := plain, plain, plain
			named.Hyper = h.With(optim.LearningRate, h[optim.LearningRate]*math.Pow(vanishedLoss, q))
			wrong.Hyper = h.With(optim.LearningRate, 1.25*h[optim.LearningRate])
			switch {
			case moved:
				if scaled.Hyper, err = scaling.CompensateLoss(family, h, vanishedLoss); err != nil {
					return c, err
				}
			case reads:
				named.Hyper, wrong = named.Hyper.With(optim.Epsilon, h[optim.Epsilon]/vanishedLoss), plain
			}
			if scaled, err = scaledBy(ctx, l, scaling.OpScaleLoss, vanishedLoss, scaled); err != nil {
				return c, err
			}
			runs, err := lossScaleRuns(ctx, l, family, scaled, named, wrong, plain)
			if err != nil {
				return c, err
			}
			losses := make([]float64, len(runs[0].Loss))
			for i, loss := range runs[0].Loss {
				losses[i] = loss / vanishedLoss
			}
			c.Checks = append(c.Checks, judge.Identical("losses that differ from those of the run that the law names", runs[1].Loss, losses))
			c.Controls = append(c.Controls, judge.Identical("control: from those of another run", runs[2].Loss, losses))
			c.Agrees = c.Agrees && judge.Identical("losses that differ", runs[3].Loss, losses).Holds()
			shown, unscaled := runs[0].LossSeries(), runs[3].LossSeries()
			shown.Label, shown.Ys, unscaled.Label = "loss × 2⁻³⁰, drawn × 2³⁰", losses, "loss as it is"
			shown.Alpha, unscaled.Alpha = 0, 0
			c.Series = append(c.Series, unscaled, shown)
		}
		return c, nil
	}
}
