package claim

import (
	"context"
	"fmt"
	"math"

	"alphascale/lib/lab"

	"alphascale/lib/dataset"
	"alphascale/lib/judge"
	"alphascale/lib/optim"
	"alphascale/lib/result"
	"alphascale/lib/scaling"
	"alphascale/lib/training"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// onLayer is α on the weights of one layer of the perceptron, and the loss by which the network is judged.
type onLayer struct {
	name, path string
	alpha      float64
	loss       string
}

// The losses by which a network is judged.
const (
	trainingLoss = "training loss"
	heldOutLoss  = "held-out loss"
)

// layersRetuned are multiplied in the settings of oneLayerCase: the first layer, then trained more slowly than the others, and the
// last, trained faster.
func layersRetuned() []onLayer {
	return []onLayer{
		{"the first layer", lab.FirstWeights, 1. / 8, trainingLoss},
		{"the first layer", lab.FirstWeights, 1. / 8, heldOutLoss},
		{"the output layer", outputWeights, 8, trainingLoss},
		{"the output layer", outputWeights, 8, heldOutLoss},
	}
}

const (
	// pairedSeeds are the networks, each with α and without, over which losses are compared.
	pairedSeeds = 20
	// trainedRows are the digits that a network of oneLayerCase learns, in eleven batches of 128; the rest are held out.
	trainedRows = 1408
	// worthwhile is the factor of the loss, a tenth, from which on a difference counts as a boost or a hindrance, if the interval over
	// the seeds confirms it. In the settings measured the factors are 2.7, 1.4, 0.8 and 0.96.
	worthwhile = 1.1
)

// oneLayerCase multiplies one layer in the forward pass from the same function and retunes the one η of the network. α is then a
// learning rate of that layer alone, which no η of the network is: each run is, bit for bit, one without α in which the layer has a
// rate of its own. Whether that boosts or hinders is measured on networks in pairs.
func oneLayerCase(ctx context.Context, l *lab.Lab, on onLayer) (Case, error) {
	c := Case{
		Setting: fmt.Sprintf("u = α·w in %s, α = %s, from the same function, one η retuned, ReLU perceptron, sgd, %s", on.name, result.Power(on.alpha), on.loss),
		Law:     "L1: α is a learning rate α²η of the layer; Yang & Hu 2021",
		Facts: facts(scaling.OpReparameterise, OneLayer, by(optim.SGD), Fact{Rate, "η retuned"},
			Fact{Looked, fmt.Sprintf("%s of α = %s on %s", on.loss, result.Power(on.alpha), on.name)}),
	}
	p, err := l.LearningRateExponent(optim.SGD)
	if err != nil {
		return c, err
	}
	gains := result.Series{
		Label: fmt.Sprintf("α = %s on %s", result.Power(on.alpha), on.name), X: result.Quantity{Name: "network"},
		Y: result.Quantity{Name: on.loss + " over that without α", Unit: "both at their best η"},
	}
	var logs, with, named, wrong []float64
	for seed := int64(1); seed <= pairedSeeds; seed++ {
		plain, err := bestOnLayer(ctx, l, on, 1, seed)
		if err != nil {
			return c, err
		}
		scaled, err := bestOnLayer(ctx, l, on, on.alpha, seed)
		if err != nil {
			return c, err
		}
		rated, err := ratedLayer(ctx, l, on, scaled.Settings, p, p-lab.WrongBy)
		if err != nil {
			return c, err
		}
		with, named, wrong = append(with, scaled.Loss...), append(named, rated[0].Loss...), append(wrong, rated[1].Loss...)
		gain := math.Log(finalLoss(scaled) / finalLoss(plain))
		if on.loss == heldOutLoss {
			if gain, err = heldOutGain(ctx, l, on, plain, scaled); err != nil {
				return c, err
			}
		}
		logs = append(logs, gain)
		gains.Xs, gains.Ys = append(gains.Xs, float64(seed)), append(gains.Ys, math.Exp(gain))
	}
	c.Checks = []judge.Check{judge.Identical("losses that differ from those with a learning rate α²η of the layer", named, with)}
	c.Controls = []judge.Check{judge.Identical("control: from those with a wrong power of α", wrong, with)}
	c.Series = []result.Series{gains}
	low, high := interval(logs)
	c.Agrees = (low > 0 || high < 0) && math.Abs(stat.Mean(logs, nil)) > math.Log(worthwhile)
	return c, nil
}

// interval is the 95 % interval of the mean of paired differences.
func interval(differences []float64) (low, high float64) {
	n := float64(len(differences))
	mean, deviation := stat.MeanStdDev(differences, nil)
	half := distuv.StudentsT{Sigma: 1, Nu: n - 1}.Quantile(0.975) * deviation / math.Sqrt(n)
	return mean - half, mean + half
}

// program is the training of oneLayerCase: α on one layer, the rest of the digits held out.
func (on onLayer) program() (key string, config func() (training.Config, error)) {
	return "perceptron with α on " + on.path, func() (training.Config, error) {
		c := lab.Perceptron(optim.SGD)
		c.Data = dataset.Digits().First(trainedRows)
		c.Scaled, c.Watched, c.Instruments = scaling.Select(on.path), scaling.Select(on.path), nil
		return c, nil
	}
}

// bestOnLayer trains one network at learning rates from 2⁻¹⁰ to 2, in factors of two, and returns the run with the best final loss.
// It must not be that of the least or the largest of them.
func bestOnLayer(ctx context.Context, l *lab.Lab, on onLayer, alpha float64, seed int64) (*training.Run, error) {
	var settings []training.Settings
	for power := -10.; power <= 1; power++ {
		s := training.Settings{Alpha: alpha, Hyper: optim.Values{optim.LearningRate: math.Exp2(power)}, Seed: seed, Keep: true}
		settings = append(settings, l.Reparameterised(s))
	}
	key, config := on.program()
	runs, err := l.Run(ctx, key, config, settings...)
	if err != nil {
		return nil, err
	}
	best := floats.MinIdx(rateCurve(alpha, runs).Ys)
	if best == 0 || best == len(runs)-1 {
		return nil, fmt.Errorf("the best learning rate with α = %g on %s is at an end of the search, %g", alpha, on.path, runs[best].Settings.Hyper[optim.LearningRate])
	}
	return runs[best], nil
}

// ratedLayer trains without α, the layer with the learning rate η·α^power, for each power.
func ratedLayer(ctx context.Context, l *lab.Lab, on onLayer, s training.Settings, powers ...float64) ([]*training.Run, error) {
	var settings []training.Settings
	for _, power := range powers {
		rated := s
		rated.Alpha = 1
		rated.ScaledHyper = s.Hyper.With(optim.LearningRate, s.Hyper[optim.LearningRate]*math.Pow(on.alpha, power))
		settings = append(settings, rated)
	}
	key, config := on.program()
	return l.Run(ctx, key, config, settings...)
}

// heldOutGain is the logarithm of the held-out loss of the second run over that of the first: a run of one step without a learning
// rate reads the loss at the weights that it is given.
func heldOutGain(ctx context.Context, l *lab.Lab, on onLayer, plain, scaled *training.Run) (float64, error) {
	_, trained := on.program()
	config := func() (training.Config, error) {
		c, err := trained()
		digits := dataset.Digits()
		var rows []int
		for row := trainedRows; row < digits.Rows(); row++ {
			rows = append(rows, row)
		}
		if err == nil {
			c.Data, err = digits.Pick(rows)
		}
		c.Batch, c.Steps = len(rows), 1
		return c, err
	}
	var settings []training.Settings
	for _, run := range []*training.Run{plain, scaled} {
		settings = append(settings, training.Settings{
			Alpha: run.Settings.Alpha, Start: training.KeepWeights, Hyper: optim.Values{optim.LearningRate: 0},
			Seed: run.Settings.Seed, Initial: run.Final,
		})
	}
	runs, err := l.Run(ctx, "held out, α on "+on.path, config, settings...)
	if err != nil {
		return 0, err
	}
	return math.Log(runs[1].Loss[0] / runs[0].Loss[0]), nil
}
