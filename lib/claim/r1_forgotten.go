package claim

import (
	"context"
	"math"

	"alphascale/lib/lab"

	"alphascale/lib/instrument"
	"alphascale/lib/judge"
	"alphascale/lib/law"
	"alphascale/lib/optim"
	"alphascale/lib/result"
	"alphascale/lib/scaling"
	"alphascale/lib/training"

	"gonum.org/v1/gonum/stat"
)

// The decayed run: 1/(ηλ) is 100 steps, of which α = 8 takes ln 8 more to be forgotten.
const (
	decayedRate   = 0.2
	decayedLambda = 0.05
	decayedAlpha  = 8.
	decayedSpan   = 1200
)

// forgottenCase multiplies scale-invariant weights once and trains on with weight decay until the angle of a step has settled: what
// α did to the effective learning rate is then gone. The law's angle is approximate, on a network by tens of percent, and is drawn
// beside; what is held against the law is that the angle does not depend on α, to a tenth.
func forgottenCase(ctx context.Context, l *lab.Lab) (Case, error) {
	c := Case{
		Setting: "w ← α·w before batch normalisation, long after, perceptron, SGD with weight decay",
		Law:     "L4: the angle per step settles at √(2ηλ), without α; Wan et al. 2021, Kosson et al. 2024 (approximate)",
		Facts:   facts(scaling.OpRescale, AllLayers, by(optim.SGD), Fact{Behind, normalised}, Fact{Looked, "the step after 1/(ηλ) steps of decay"}),
	}
	early, late, err := decayedAngles(ctx, l)
	if err != nil {
		return c, err
	}
	settled, err := law.EquilibriumAngle(law.GradientDescent, decayedRate, decayedLambda, 0)
	if err != nil {
		return c, err
	}
	forgotten, err := l.Predict(0, nil)
	if err != nil {
		return c, err
	}
	kept, err := scaling.ScaleInvariantLaw().EffectiveExponent(optim.SGD, optim.LearningRate)
	if err != nil {
		return c, err
	}
	ratio := late[1] / late[0]
	same := judge.Exact("angle per step at α = 8 over that at α = 1, at the end", math.Pow(decayedAlpha, forgotten), ratio, 0.1)
	c.Checks = []judge.Check{same}
	c.Controls = []judge.Check{
		same.Control("control: as if α were remembered", math.Pow(decayedAlpha, kept)),
		judge.Exact("control: the same of the first steps, when α is not forgotten", 1, early[1]/early[0], 0.1),
	}
	alphas, angle := []float64{1, decayedAlpha}, result.Quantity{Name: "angle per step"}
	c.Series = []result.Series{
		{Label: "in the first steps", X: result.Alpha(), Y: angle, Xs: alphas, Ys: early},
		{Label: "at the end", X: result.Alpha(), Y: angle, Xs: alphas, Ys: late},
		{Label: "√(2ηλ)", X: result.Alpha(), Y: angle, Xs: alphas, Ys: []float64{settled, settled}},
	}
	c.Agrees = ratio > 1.1
	return c, nil
}

// decayedAngles are the mean angles per step of the first layer at α = 1 and at decayedAlpha, over the first hundredth of the run and
// over the last third, averaged over the lab's seeds.
func decayedAngles(ctx context.Context, l *lab.Lab) (early, late []float64, err error) {
	const key = "normalised perceptron sgd with decay"
	config := func() (training.Config, error) {
		c, err := lab.NormalisedPerceptron()
		c.Optimizer, c.Steps = optim.New(optim.SGD, optim.L2), decayedSpan
		return c, err
	}
	h := optim.Values{optim.LearningRate: decayedRate, optim.L2: decayedLambda}
	early, late = make([]float64, 2), make([]float64, 2)
	for _, seed := range l.Seeds() {
		drawn, err := l.Initial(key, config, seed)
		if err != nil {
			return nil, nil, err
		}
		for i, alpha := range []float64{1, decayedAlpha} {
			s := training.Settings{Alpha: 1, Hyper: h, Seed: seed}
			if s.Initial, err = l.Rescaled(drawn, hiddenLayers, alpha); err != nil {
				return nil, nil, err
			}
			runs, err := l.Run(ctx, key, config, s)
			if err != nil {
				return nil, nil, err
			}
			angles, err := runs[0].Recorded(instrument.StepAngle().Name, lab.FirstWeights)
			if err != nil {
				return nil, nil, err
			}
			share := 1 / float64(len(l.Seeds()))
			early[i] += stat.Mean(angles[:decayedSpan/100], nil) * share
			late[i] += stat.Mean(angles[2*decayedSpan/3:], nil) * share
		}
	}
	return early, late, nil
}
