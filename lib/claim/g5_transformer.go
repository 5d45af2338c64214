package claim

import (
	"context"

	"alphascale/lib/lab"

	"alphascale/lib/judge"
	"alphascale/lib/network"
	"alphascale/lib/probe"
	"alphascale/lib/scaling"
	"alphascale/lib/training"
)

// preNorm is a transformer of two blocks with a normalisation before each branch and behind the last, as in GPT-2, without ε.
var preNorm = network.Transformer{Width: 16, Blocks: 2, Outputs: 10, NoBias: true, Norm: network.LayerNorm, NormEpsilon: -1, FinalNorm: true}

// What α multiplies in a transformer.
const (
	stream       = "the stream of a pre-norm transformer"
	oneMatrix    = "one matrix of a pre-norm transformer"
	valueWeights = "/block_0/attention/value/dense/weights"
	mergeWeights = "/block_0/attention/merge/dense/weights"
)

// streamWriters select all weights that write into the stream: embedding, positions, and the last map of each branch.
var streamWriters = []string{"/embedding/dense/weights", "/position/weights", "/block_*/attention/merge/dense/weights", "/block_*/mlp/outer/dense/weights"}

// streamCase multiplies all that writes into the stream, which only normalisations read.
func streamCase(ctx context.Context, l *lab.Lab) (Case, error) {
	c := Case{
		Setting: "w ← α·w in all that writes into the stream, pre-norm " + preNorm.String(), Law: "L3: together they are scale-invariant; Xiong et al. 2020 for the network",
		Facts: facts(scaling.OpRescale, AllLayers, Fact{Behind, stream}),
	}
	predicted, err := l.Exponent(scaling.ScaleInvariantLaw(), scaling.Gradient)
	if err != nil {
		return c, err
	}
	written := func(alpha float64) (changes []probe.Change, err error) {
		for _, path := range streamWriters {
			more, err := l.Changes(scaling.OpRescale, training.KeepFunction, scaling.Select(path), alpha)
			if err != nil {
				return nil, err
			}
			changes = append(changes, more...)
		}
		return changes, nil
	}
	fit, err := addExponent(ctx, l, &c, "norm of the embedding's gradient", predicted, fewAlphas, func(seed int64) ([]float64, error) {
		return normsAt(l, preNorm, seed, streamWriters[0], written)
	})
	if err != nil {
		return c, err
	}
	c.Agrees = fit.High < -judge.ExponentTolerance
	return c, addKept(l, &c, "all of them", written, func(alpha float64) ([]probe.Change, error) {
		return l.Changes(scaling.OpRescale, training.KeepFunction, scaling.Select(streamWriters[0]), alpha)
	})
}

// singleMatrixCase multiplies the weights of the values alone, which are not scale-invariant, and as the law's pair (αW_v, W_o/α).
func singleMatrixCase(ctx context.Context, l *lab.Lab) (Case, error) {
	c := Case{
		Setting: "w ← α·w in the weights of the values alone, pre-norm " + preNorm.String(), Law: "L9 inside attention: only (αW_v, W_o/α) keeps the function",
		Facts: facts(scaling.OpRescale, OneLayer, Fact{Behind, oneMatrix}),
	}
	predicted, err := l.Exponent(scaling.RebalanceLaw(), scaling.Gradient)
	if err != nil {
		return c, err
	}
	pair := func(alpha float64) ([]probe.Change, error) {
		return l.Rebalanced(scaling.Select(valueWeights), scaling.Select(mergeWeights), alpha)
	}
	alone := func(alpha float64) ([]probe.Change, error) {
		return l.Changes(scaling.OpRescale, training.KeepFunction, scaling.Select(valueWeights), alpha)
	}
	if _, err = addExponent(ctx, l, &c, "norm of the gradient of W_v where W_o is divided by α", predicted, fewAlphas, func(seed int64) ([]float64, error) {
		return normsAt(l, preNorm, seed, valueWeights, pair)
	}); err != nil {
		return c, err
	}
	norms, err := normsAt(l, preNorm, l.Seeds()[0], valueWeights, alone)
	if err != nil {
		return c, err
	}
	falls := true
	for i := 1; i < len(norms); i++ {
		falls = falls && norms[i] < norms[i-1]
	}
	c.Agrees = falls
	return c, addKept(l, &c, "(αW_v, W_o/α)", pair, alone)
}

// normsAt is the gradient norm of the weights with the path at each of fewAlphas.
func normsAt(l *lab.Lab, net lab.Architecture, seed int64, path string, changed func(alpha float64) ([]probe.Change, error)) ([]float64, error) {
	p, err := l.InitialProbe(net, 100, seed)
	if err != nil {
		return nil, err
	}
	var out []float64
	for _, alpha := range fewAlphas {
		changes, err := changed(alpha)
		if err != nil {
			return nil, err
		}
		norm, err := p.GradientNorm(path, changes...)
		if err != nil {
			return nil, err
		}
		out = append(out, norm)
	}
	return out, nil
}

// addKept adds that α = 8 under one change leaves every output of the transformer as it is, bit for bit, and under the other, the
// control, does not.
func addKept(l *lab.Lab, c *Case, what string, kept, moved func(alpha float64) ([]probe.Change, error)) error {
	const alpha = 8
	p, err := l.InitialProbe(preNorm, 100, l.Seeds()[0])
	if err != nil {
		return err
	}
	var outputs [3][]float64
	for i, changed := range []func(alpha float64) ([]probe.Change, error){
		func(float64) ([]probe.Change, error) { return nil, nil }, kept, moved,
	} {
		changes, err := changed(alpha)
		if err != nil {
			return err
		}
		if outputs[i], _, err = p.Outputs(changes...); err != nil {
			return err
		}
	}
	c.Checks = append(c.Checks, judge.Identical("outputs that α = 8 changes on "+what, outputs[0], outputs[1]))
	c.Controls = append(c.Controls, judge.Identical("control: outputs that it changes on one matrix alone", outputs[0], outputs[2]))
	return nil
}
