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

	"gonum.org/v1/gonum/floats"
)

var w2 = Claim{
	ID:          "W2",
	Chapter:     "01_weights",
	Says:        "tf.multiply(w, α), α·w and a Keras Lambda are the same operation.",
	Operation:   scaling.OpReparameterise,
	Words:       []Word{{"tf.multiply, α·w, Lambda", Operation, []string{string(scaling.OpReparameterise), string(scaling.OpScaleOutput)}}},
	Found:       "On a weight tensor in float32 they are, bit for bit. In bfloat16 a scalar that is first rounded to the weights' format gives other products than one that is not, except at powers of two. A Lambda behind a layer multiplies the bias too, and w ← α·w once instead of in every forward pass trains differently from the same function on.",
	experiments: append([]experiment{tensorCase, roundedScalarCase, layerCase, zeroBiasCase, onceCase}, each([]string{"float32", "bfloat16"}, linesCase)...),
}

// trained is a perceptron after training, when no bias is zero any more.
func trained(ctx context.Context, l *lab.Lab) (*training.Run, error) {
	h := optim.Values{optim.LearningRate: 0.1}
	runs, err := l.Run(ctx, perceptronSGD, perceptronConfig, training.Settings{Alpha: 1, Hyper: h, Seed: l.Seeds()[0], Keep: true})
	if err != nil {
		return nil, err
	}
	return runs[0], nil
}

const perceptronSGD = "perceptron " + string(optim.SGD)

func perceptronConfig() (training.Config, error) { return lab.Perceptron(optim.SGD), nil }

// tensorCase compares the spellings that multiply the weight tensor.
func tensorCase(ctx context.Context, l *lab.Lab) (Case, error) {
	c := Case{Setting: "on the weight tensor of the last layer, " + biasedNet().String(), Facts: facts(scaling.OpReparameterise, OneLayer, Fact{Number, "float32"}), Law: "L1: u = α·w; L2: f is linear in each layer"}
	trained, err := trained(ctx, l)
	if err != nil {
		return c, err
	}
	predicted, err := l.FromSameWeights(scaling.LayerLaw(), scaling.Function)
	if err != nil {
		return c, err
	}
	if err := addOutputs(ctx, l, &c, predicted, multiply); err != nil {
		return c, err
	}
	var outputs [layerLambda + 1][]float64
	for _, alpha := range append(fewAlphas[:len(fewAlphas):len(fewAlphas)], 0.3, 3.7) {
		f, err := outputsOf(ctx, l, "trained", trained.Final, l.Seeds()[0], alpha)
		if err != nil {
			return c, err
		}
		for i := range f {
			outputs[i] = append(outputs[i], f[i]...)
		}
	}
	reversed := judge.Identical("outputs by which α·w differs from tf.multiply(w, α)", outputs[multiply], outputs[product])
	function := judge.Identical("outputs by which Lambda(w) differs from tf.multiply(w, α)", outputs[multiply], outputs[lambda])
	c.Checks = append(c.Checks, reversed, function)
	c.Controls = append(c.Controls, judge.Identical("control: outputs by which a Lambda behind the layer differs from tf.multiply(w, α)", outputs[multiply], outputs[layerLambda]))
	c.Agrees = reversed.Holds() && function.Holds()
	return c, nil
}

// addOutputs adds the exponent of the outputs of one spelling at the initial weights, where biases are zero.
func addOutputs(ctx context.Context, l *lab.Lab, c *Case, predicted float64, which spelling) error {
	_, err := addExponent(ctx, l, c, "norm of the outputs without biases", predicted, fewAlphas, func(seed int64) (sizes []float64, err error) {
		for _, alpha := range fewAlphas {
			f, err := outputsOf(ctx, l, "initial", nil, seed, alpha)
			if err != nil {
				return nil, err
			}
			sizes = append(sizes, floats.Norm(f[which], 2))
		}
		return sizes, nil
	})
	return err
}

// layerCase compares a Lambda behind the trained last layer with a multiplication of its weights.
func layerCase(ctx context.Context, l *lab.Lab) (Case, error) {
	c := Case{Setting: "Lambda behind the last layer, trained " + biasedNet().String(), Facts: facts(scaling.OpScaleOutput, OneLayer, Fact{Looked, "a bias that is not zero"}), Law: "L2: y = α·(Wx + b) = αWx + b + (α−1)·b"}
	trained, err := trained(ctx, l)
	if err != nil {
		return c, err
	}
	predicted, err := l.Exponent(scaling.OutputLaw(), scaling.Function)
	if err != nil {
		return c, err
	}
	bias, err := backend.Floats(trained.Final[outputBiases])
	if err != nil {
		return c, err
	}
	apart := result.Series{Label: "Lambda behind the layer", X: result.Alpha(), Y: lab.Relative("distance from the outputs of scaled weights")}
	var sizes, tensor, layer, shifted []float64
	for _, alpha := range fewAlphas {
		f, err := outputsOf(ctx, l, "trained", trained.Final, l.Seeds()[0], alpha)
		if err != nil {
			return c, err
		}
		sizes = append(sizes, floats.Norm(f[layerLambda], 2))
		apart.Xs = append(apart.Xs, alpha)
		apart.Ys = append(apart.Ys, floats.Distance(f[layerLambda], f[multiply], 2)/floats.Norm(f[multiply], 2))
		tensor, layer = append(tensor, f[multiply]...), append(layer, f[layerLambda]...)
		for i, y := range f[multiply] {
			shifted = append(shifted, y+(alpha-1)*bias[i%len(bias)])
		}
	}
	_, err = addExponent(ctx, l, &c, "norm of the outputs", predicted, fewAlphas, func(int64) ([]float64, error) { return sizes, nil })
	same := judge.Identical("control: outputs by which it differs from scaled weights", tensor, layer)
	c.Checks = append(c.Checks, near("distance from the outputs of scaled weights and (α−1)·b, relative", shifted, layer, 1e-12))
	c.Controls = append(c.Controls, same)
	c.Series, c.Agrees = []result.Series{apart}, same.Holds()
	return c, err
}

// zeroBiasCase is the same at the initial weights, where the bias is zero.
func zeroBiasCase(ctx context.Context, l *lab.Lab) (Case, error) {
	c := Case{Setting: "Lambda behind the last layer, " + biasedNet().String() + " with biases of zero", Facts: facts(scaling.OpScaleOutput, OneLayer, Fact{Looked, "biases of zero"}), Law: "L2: y = α·Wx"}
	predicted, err := l.Exponent(scaling.OutputLaw(), scaling.Function)
	if err != nil {
		return c, err
	}
	if err := addOutputs(ctx, l, &c, predicted, layerLambda); err != nil {
		return c, err
	}
	f, err := outputsOf(ctx, l, "initial", nil, l.Seeds()[0], 8) // a power of two, with which rounding commutes
	if err != nil {
		return c, err
	}
	same := judge.Identical("outputs by which it differs from scaled weights, α = 2³", f[multiply], f[layerLambda])
	unscaled, err := outputsOf(ctx, l, "initial", nil, l.Seeds()[0], 1)
	if err != nil {
		return c, err
	}
	c.Controls = append(c.Controls, judge.Identical("control: outputs by which it differs from those at α = 1", unscaled[multiply], f[layerLambda]))
	c.Checks, c.Agrees = append(c.Checks, same), same.Holds()
	return c, nil
}

// onceCase trains a network whose weights are multiplied in every forward pass beside one where that was done once.
func onceCase(ctx context.Context, l *lab.Lab) (Case, error) {
	const alpha = 2 // a power of two, at which equal runs are equal to the last bit
	c := Case{
		Setting: fmt.Sprintf("w ← α·w once instead of u = α·w in every forward pass, trained %s, %s", biasedNet(), optim.SGD),
		Facts:   facts(scaling.OpRescale, OneLayer, Fact{Looked, "training after it"}),
		Law:     "L1: the gradient with respect to w is α times that with respect to α·w",
	}
	trained, err := trained(ctx, l)
	if err != nil {
		return c, err
	}
	if err := addRatio(ctx, l, &c); err != nil {
		return c, err
	}
	p, err := l.LearningRateExponent(optim.SGD)
	if err != nil {
		return c, err
	}
	forward := training.Settings{Alpha: alpha, Hyper: optim.Values{optim.LearningRate: 0.01}, Start: training.KeepWeights, Initial: trained.Final, Steps: 20}
	once := forward
	once.Alpha = 1
	if once.Initial, err = l.Rescaled(trained.Final, trained.Watched(), alpha); err != nil {
		return c, err
	}
	faster := once
	faster.ScaledHyper = optim.Values{optim.LearningRate: math.Pow(alpha, p) * once.Hyper[optim.LearningRate]}
	runs, err := l.Run(ctx, perceptronSGD, perceptronConfig, l.Reparameterised(forward), once, faster)
	if err != nil {
		return c, err
	}
	same := judge.Identical("control: losses by which the runs differ", runs[0].Loss, runs[1].Loss)
	c.Checks = append(c.Checks, judge.Identical("first losses by which the runs differ", runs[0].Loss[:1], runs[1].Loss[:1]),
		judge.Identical("losses by which the run differs from one rescaled once with αᵖ·η", runs[0].Loss, runs[2].Loss))
	c.Controls = append(c.Controls, same)
	c.Series, c.Agrees = []result.Series{runs[0].LossSeries(), runs[1].LossSeries()}, same.Holds()
	return c, nil
}
