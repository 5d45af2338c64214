package claim

import (
	"context"
	"fmt"
	"math"

	"alphascale/lib/lab"

	"alphascale/lib/backend"
	"alphascale/lib/judge"
	"alphascale/lib/optim"
	"alphascale/lib/result"
	"alphascale/lib/scaling"
	"alphascale/lib/training"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/ml/train"
)

var r2 = Claim{
	ID:          "R2",
	Chapter:     "04_learning_rate",
	Says:        "Scaled weights affect the learning rate because they scale the gradients.",
	Operation:   scaling.OpReparameterise,
	Found:       "Half of it, with SGD: of α² one α is the gradient's and one that of the forward pass. With Adam none of it: scaled gradients change nothing, and α¹ is that of the forward pass alone.",
	experiments: each([]optim.Family{optim.SGD, optim.Adam}, causeCase),
}

// causeCase separates what α does to the effective learning rate through the gradient, which a scaled loss scales just
// as well, from what it does in the forward pass.
func causeCase(ctx context.Context, l *lab.Lab, family optim.Family) (Case, error) {
	c := Case{
		Setting: fmt.Sprintf("u = α·w in the first layer beside ℓ ← α·ℓ, ReLU perceptron, %s", family), Law: "L1, L10: Micikevicius et al. 2018, section 3.2",
		Facts: facts(scaling.OpReparameterise, OneLayer, by(family)),
	}
	p, err := l.LearningRateExponent(family)
	if err != nil {
		return c, err
	}
	gradients, err := l.Predict(scaling.LossLaw().EffectiveExponent(family, optim.LearningRate))
	if err != nil {
		return c, err
	}
	both, err := addRates(ctx, l, &c, "effective learning rate under u = α·w", p, family, scaling.OpReparameterise)
	if err != nil {
		return c, err
	}
	alone, err := addRates(ctx, l, &c, "effective learning rate under ℓ ← α·ℓ", gradients, family, scaling.OpScaleLoss)
	if err != nil {
		return c, err
	}
	// The article's reason holds where scaled gradients by themselves change the learning rate.
	c.Agrees = both.Low > judge.ExponentTolerance && alone.Low > judge.ExponentTolerance
	err = addLossScale(ctx, l, &c, family, gradients)
	return c, err
}

// addRates adds the exponent of the effective learning rate under an operation, from the length of the first step.
func addRates(ctx context.Context, l *lab.Lab, c *Case, what string, predicted float64, family optim.Family, op scaling.Operation) (result.Fit, error) {
	model := lab.Perceptron(family).Model
	return addExponent(ctx, l, c, what, predicted, fewAlphas, func(seed int64) ([]float64, error) {
		key, config := lossScaled(family)
		initial, err := l.Initial(key, config, seed)
		if err != nil {
			return nil, err
		}
		var settings []training.Settings
		for _, alpha := range fewAlphas {
			s, err := scaledBy(ctx, l, op, alpha, training.Settings{Alpha: 1, Hyper: tinyEpsilon(family), Seed: seed, Steps: 1, Keep: true})
			if err != nil {
				return nil, err
			}
			settings = append(settings, s)
		}
		runs, err := lossScaleRuns(ctx, l, family, settings...)
		if err != nil {
			return nil, err
		}
		return lab.FirstSteps(model, initial, runs...)
	})
}

// tinyEpsilon are hyperparameters with an ε far below every gradient: it has the gradient's unit, so scaling moves it.
func tinyEpsilon(family optim.Family) optim.Values {
	h := optim.Values{optim.LearningRate: 0.01}
	if _, read := optim.Defaults(family)[optim.Epsilon]; read {
		h = h.With(optim.Epsilon, 1e-14)
	}
	return h
}

// scaledBy returns the settings with an operation carried out, or the one that the lab puts in its place.
func scaledBy(ctx context.Context, l *lab.Lab, op scaling.Operation, factor float64, s training.Settings) (training.Settings, error) {
	switch op = l.Operation(op); op {
	case scaling.OpReparameterise:
		s.Alpha *= factor
	case scaling.OpScaleLearningRate:
		s.Hyper = s.Hyper.With(optim.LearningRate, factor*s.Hyper[optim.LearningRate])
	case scaling.OpScaleLoss:
		scale, err := backend.Tensor([]float64{factor}, shapes.Make(dtypes.Float32))
		s.Initial = map[string]*tensors.Tensor{lossScale: scale}
		return s, err
	default:
		return s, fmt.Errorf("a run with a scaled loss cannot carry out %q", op)
	}
	return s, nil
}

// lossScale is the variable that multiplies the loss. As a variable, it needs no new compilation for each value.
const lossScale = "/loss_scale"

// lossScaleRuns trains the perceptron with the loss multiplied by the initial value of lossScale, 1 if none is given.
func lossScaleRuns(ctx context.Context, l *lab.Lab, family optim.Family, settings ...training.Settings) ([]*training.Run, error) {
	key, config := lossScaled(family)
	return l.Run(ctx, key, config, settings...)
}

// lossScaled is the training of lossScaleRuns, and its key in the lab.
func lossScaled(family optim.Family) (key string, config func() (training.Config, error)) {
	return "perceptron with a loss scale " + string(family), func() (training.Config, error) {
		c := lab.Perceptron(family)
		c.Loss = withLossScale(c.Data.Loss())
		return c, nil
	}
}

func withLossScale(loss train.LossFn) train.LossFn {
	return func(labels, predictions []*graph.Node) *graph.Node {
		g := predictions[0].Graph()
		scale := model.GetStore(g).VariableWithValue(lossScale, float32(1)).SetTrainable(false)
		mean := graph.ReduceAllMean(loss(labels, predictions))
		return scaling.ScaleOutput(mean, scale.NodeValue(g))
	}
}

// addLossScale adds, bit for bit over twenty steps, that a loss scaled by a power of two is a learning rate multiplied by
// it to the given exponent; ε, which has the unit of a gradient, is multiplied with the loss.
func addLossScale(ctx context.Context, l *lab.Lab, c *Case, family optim.Family, exponent float64) error {
	const scale = 8
	plain := training.Settings{Alpha: 1, Hyper: tinyEpsilon(family), Seed: l.Seeds()[0], Steps: 20}
	faster := func(exponent float64) training.Settings {
		s := plain
		s.Hyper = plain.Hyper.With(optim.LearningRate, math.Pow(scale, exponent)*plain.Hyper[optim.LearningRate])
		return s
	}
	scaled := plain
	compensated, err := scaling.CompensateLoss(family, plain.Hyper, scale)
	if err != nil {
		return err
	}
	if epsilon, read := compensated[optim.Epsilon]; read {
		scaled.Hyper = plain.Hyper.With(optim.Epsilon, epsilon)
	}
	if scaled, err = scaledBy(ctx, l, scaling.OpScaleLoss, scale, scaled); err != nil {
		return err
	}
	runs, err := lossScaleRuns(ctx, l, family, scaled, faster(exponent), faster(exponent-lab.WrongBy))
	if err != nil {
		return err
	}
	losses := make([]float64, len(runs[0].Loss))
	for i, loss := range runs[0].Loss {
		losses[i] = loss / scale
	}
	c.Checks = append(c.Checks, judge.Identical("losses that differ from a run with αᵖ·η, ℓ ← 8·ℓ", runs[1].Loss, losses))
	c.Controls = append(c.Controls, judge.Identical("control: losses that differ with a wrong exponent", runs[2].Loss, losses))
	return nil
}
