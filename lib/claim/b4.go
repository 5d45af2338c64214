package claim

import (
	"context"
	"fmt"

	"alphascale/lib/lab"

	"alphascale/lib/network"
	"alphascale/lib/optim"
	"alphascale/lib/scaling"
	"alphascale/lib/training"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/ml/train"
)

var b4 = Claim{
	ID:        "B4",
	Chapter:   "06_regularisation",
	Says:      "Adjust L1 and L2 when the weights are scaled.",
	Operation: scaling.OpReparameterise,
	Found:     "With the penalty on w: λ' = α²·λ for L2 in the gradient, α·λ for L1 and for decay in the form η·λ, λ itself for a decay that η does not multiply, together with η' = η/αᵖ; the run is then the same, bit for bit at α = 2^k. A penalty on u is left as it is.",
	experiments: append(append(each(append(penalties(), independentDecay()), adjustedPenaltyCase), effectivePenaltyCase),
		each(recordedDecay(), recordedCase())...),
}

// adjustedPenaltyCase compares whole runs at powers of two, all with η' = η/αᵖ: λ adjusted by the law, by another power,
// not at all.
func adjustedPenaltyCase(ctx context.Context, l *lab.Lab, p penalty) (Case, error) {
	c := Case{
		Setting: fmt.Sprintf("u = α·w in the first layer, penalty on w, ReLU perceptron, %s with %s", p.family, p.what),
		Facts:   facts(scaling.OpReparameterise, OneLayer, by(p.family), Fact{Penalty, p.what}),
		Law:     "L1: the penalty's unit is that of gradient and weight; Yang & Hu 2021",
	}
	c.Agrees = true
	q, err := l.EffectiveExponent(scaling.ReparameteriseLaw(), p.family, p.name)
	if err != nil {
		return c, err
	}
	for _, seed := range l.Seeds() {
		settings := []training.Settings{{Alpha: 1, Hyper: p.h, Seed: seed}}
		for _, alpha := range []float64{1. / 8, 8} {
			plain, err := l.Compensate(p.family, p.h, alpha, seed)
			if err != nil {
				return c, err
			}
			plain.ScaledHyper = plain.ScaledHyper.With(p.name, p.h[p.name])
			settings = append(settings, withFactor(plain, p.name, -q), withFactor(plain, p.name, lab.WrongBy-q), plain)
		}
		runs, err := penalisedRuns(ctx, l, p, shortened(settings...)...)
		if err != nil {
			return c, err
		}
		c.Series = append(c.Series, runs[0].LossSeries())
		c.compareRuns("α = 1/8", runs[0], runs[1], runs[2], runs[3])
		c.compareRuns("α = 8", runs[0], runs[4], runs[5], runs[6])
	}
	return c, nil
}

// effectivePenaltyCase has ½λ‖u‖² in the loss: what is penalised is the function's own weights, and λ is not adjusted.
func effectivePenaltyCase(ctx context.Context, l *lab.Lab) (Case, error) {
	c := Case{
		Setting: "u = α·w in the first layer, ½λ‖u‖² part of the loss, ReLU perceptron, sgd",
		Facts:   facts(scaling.OpReparameterise, OneLayer, by(optim.SGD), Fact{Penalty, "½λ‖u‖² on the weights in use"}),
		Law:     "L1: a loss in u alone keeps the trajectory of u with η' = η/α²",
	}
	c.Agrees = true
	for _, seed := range l.Seeds() {
		s, err := l.Compensate(optim.SGD, adjusted[optim.SGD], 8, seed)
		if err != nil {
			return c, err
		}
		runs, err := l.Run(ctx, "perceptron sgd, penalty in the loss", penaltyInLoss, l.ReparameterisedAll(shortened(
			training.Settings{Alpha: 1, Hyper: s.Hyper, Seed: seed}, s, withFactor(s, optim.LearningRate, lab.WrongBy)))...)
		if err != nil {
			return c, err
		}
		// The run that the law names is the one with λ as it was.
		c.compareRuns("α = 8 and λ as it was", runs[0], runs[1], runs[2], runs[1])
	}
	return c, nil
}

// penaltyInLoss adds ½·0.01·‖u‖² to the loss of the perceptron, u being what its forward pass uses.
func penaltyInLoss() (training.Config, error) {
	c := lab.Perceptron(optim.SGD)
	net := network.MLP{Hidden: []int{16}, Outputs: 10}
	c.Model = func(scope *model.Scope, spec any, inputs []*graph.Node) []*graph.Node {
		outputs := net.Model(scope, spec, inputs)
		g := inputs[0].Graph()
		for v := range scope.Store().IterVariables() {
			if scaling.Weights().Match(v) && v.InUseByGraph(g) {
				square := graph.ReduceAllSum(graph.Square(v.NodeValue(g)))
				train.AddRegularizationLoss(graph.MulScalar(square, 0.01/2))
			}
		}
		return outputs
	}
	return c, nil
}
