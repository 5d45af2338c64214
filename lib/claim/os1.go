package claim

import (
	"context"
	"fmt"
	"math"

	"alphascale/lib/dataset"
	"alphascale/lib/lab"
	"alphascale/lib/ownscale"

	"alphascale/lib/judge"
	"alphascale/lib/optim"
	"alphascale/lib/scaling"
	"alphascale/lib/training"
)

// The conventions of weight decay.
const (
	asAuthors   = "w ← (1 − λ)·w, as its authors write it"
	asLibraries = "w ← (1 − ηλ)·w, as libraries write it"
	inGradient  = "λ·w in the gradient"
)

var os1 = Claim{
	ID:          "OS1",
	Chapter:     "14_own_scales",
	Says:        "AdamW's weight decay is independent of the learning rate.",
	By:          "Loshchilov & Hutter 2019, abstract, of their algorithm 2",
	Link:        "https://arxiv.org/abs/1711.05101",
	Setting:     []Fact{{Penalty, asAuthors}},
	Operation:   scaling.OpScaleLearningRate,
	Words:       []Word{{"AdamW's weight decay", Optimizer, []string{string(optim.AdamW), string(ownscale.PaperAdamW)}}},
	Found:       "As its authors write it, it is: decay averages over 1/λ steps. As PyTorch, Keras and optax write it, it is not: over 1/(ηλ) steps, so that half the learning rate doubles the memory. Which of the two it is shows in λ's unit.",
	experiments: each(decays(), decayCase),
}

// decayed is a convention of decay on the perceptron.
type decayed struct {
	what   string
	family optim.Family
	name   optim.Hyper
	h      optim.Values
	wrong  float64 // the power of α for λ that is another convention's
}

func decays() []decayed {
	return []decayed{
		{asAuthors, ownscale.PaperAdamW, ownscale.IndependentDecay, optim.Values{optim.LearningRate: 0.002, optim.Epsilon: 1e-8, ownscale.IndependentDecay: 0.001}, 1},
		{asLibraries, optim.AdamW, optim.WeightDecay, optim.Values{optim.LearningRate: 0.002, optim.Epsilon: 1e-8, optim.WeightDecay: 0.1}, 0},
		{inGradient, optim.SGD, optim.L2, optim.Values{optim.LearningRate: 0.02, optim.L2: 0.01}, 1},
	}
}

// decayCase multiplies η by α in a training of digits and reads the share that decay takes in each step off the weights that no pixel
// reaches. Its inverse is the number of steps over which decay averages, whose power of α is that of η in the share, which units give.
// The second check is law 1's: under u = α·w each convention has a λ' of its own.
func decayCase(ctx context.Context, l *lab.Lab, d decayed) (Case, error) {
	c := Case{
		Setting: fmt.Sprintf("η ← α·η, ReLU perceptron, %s, %s", d.family, d.what), Law: "G: w ← (1−share)·w, share = λ·η^k without a unit; Wang & Aitchison 2024",
		Facts: facts(scaling.OpScaleLearningRate, AllLayers, by(d.family), Fact{Penalty, d.what}),
	}
	decay, err := ownscale.DecayOf(d.family, d.name)
	if err != nil {
		return c, err
	}
	predicted, err := l.Predict(-float64(decay.Power), nil)
	if err != nil {
		return c, err
	}
	var other []float64
	fit, err := addExponent(ctx, l, &c, "steps over which decay averages", predicted, fewAlphas, func(seed int64) (steps []float64, err error) {
		for _, alpha := range fewAlphas {
			one, err := d.averaged(ctx, l, seed, optim.LearningRate, alpha)
			if err != nil {
				return nil, err
			}
			another, err := d.averaged(ctx, l, seed, d.name, alpha)
			if err != nil {
				return nil, err
			}
			steps, other = append(steps, one), append(other, another)
		}
		return steps, nil
	})
	if err != nil {
		return c, err
	}
	c.Agrees = isExponent(fit, 0)
	if decay.Power == 0 {
		if err := c.addMoved("steps over which it averages with λ multiplied", predicted, fewAlphas, other[:len(fewAlphas)]); err != nil {
			return c, err
		}
	}
	return c, d.compensated(ctx, l, &c)
}

// averaged is 1/share, with one hyperparameter multiplied by α, or what the lab puts in the place of that: weights multiplied once, which
// are decayed as others are.
func (d decayed) averaged(ctx context.Context, l *lab.Lab, seed int64, name optim.Hyper, alpha float64) (float64, error) {
	const steps = 100
	key, config := penalty{d.what, d.family, d.name, d.h}.program()
	s := training.Settings{Alpha: 1, Hyper: d.h, Seed: seed, Steps: steps, Keep: true}
	start, err := l.Initial(key, config, seed)
	if err != nil {
		return 0, err
	}
	if l.Operation(scaling.OpScaleLearningRate) == scaling.OpScaleLearningRate {
		s.Hyper = s.Hyper.With(name, alpha*d.h[name])
	} else if start, err = scaling.Rescale(start, []string{lab.FirstWeights}, alpha, scaling.KeepMoments); err != nil {
		return 0, err
	}
	s.Initial = start
	runs, err := l.Run(ctx, key, config, s)
	if err != nil {
		return 0, err
	}
	kept, err := ownscale.Kept(start[lab.FirstWeights], runs[0].Final[lab.FirstWeights], ownscale.Unreached(dataset.Digits()))
	return 1 / -math.Expm1(math.Log(kept)/steps), err
}

// compensated adds that u = α·w trains as u with what the units make of η and λ, bit for bit, and the control with another convention's λ.
func (d decayed) compensated(ctx context.Context, l *lab.Lab, c *Case) error {
	const alpha = 4
	for _, seed := range l.Seeds() {
		s, err := l.Compensate(d.family, d.h, alpha, seed)
		if err != nil {
			return err
		}
		wrong := s
		wrong.ScaledHyper = s.ScaledHyper.With(d.name, d.h[d.name]*math.Pow(alpha, d.wrong))
		runs, err := penalisedRuns(ctx, l, penalty{d.what, d.family, d.name, d.h}, shortened(training.Settings{Alpha: 1, Hyper: d.h, Seed: seed}, s, wrong)...)
		if err != nil {
			return err
		}
		c.Checks = append(c.Checks, judge.Identical("losses that differ under u = 4·w", runs[0].Loss, runs[1].Loss))
		c.Controls = append(c.Controls, judge.Identical("control: with the λ of another convention", runs[0].Loss, runs[2].Loss))
		c.Series = append(c.Series, runs[0].LossSeries(), runs[2].LossSeries())
	}
	return nil
}
