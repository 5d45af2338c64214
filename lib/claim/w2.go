package claim

import (
	"fmt"
	"math"

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
	Says:        "tf.multiply(w, α), α·w and a Keras Lambda are the same operation.",
	Operation:   scaling.OpReparameterise,
	Found:       "On the weight tensor they are, bit for bit. A Lambda behind a layer multiplies the bias too, and w ← α·w once instead of in every forward pass trains differently from the same function on.",
	Flips:       "a bias that is not zero, or a multiplication that is done once",
	experiments: []experiment{(*Lab).tensorCase, (*Lab).layerCase, (*Lab).zeroBiasCase, (*Lab).onceCase},
}

// trained is a perceptron after training, when no bias is zero any more.
func (l *Lab) trained() (*training.Run, error) {
	h := optim.Values{optim.LearningRate: 0.1}
	runs, err := l.run(perceptronSGD, perceptronConfig, training.Settings{Alpha: 1, Hyper: h, Seed: l.seeds()[0], Keep: true})
	if err != nil {
		return nil, err
	}
	return runs[0], nil
}

const perceptronSGD = "perceptron " + string(optim.SGD)

func perceptronConfig() (training.Config, error) { return perceptron(optim.SGD) }

// tensorCase compares the spellings that multiply the weight tensor.
func (l *Lab) tensorCase() (Case, error) {
	c := Case{Setting: "on the weight tensor of the last layer, " + biasedNet().String(), Law: "L1: u = α·w; L2: f is linear in each layer"}
	trained, err := l.trained()
	if err != nil {
		return c, err
	}
	predicted, err := l.fromSameWeights(scaling.LayerLaw(), scaling.Function)
	if err != nil {
		return c, err
	}
	if err := l.addOutputs(&c, predicted, multiply); err != nil {
		return c, err
	}
	var outputs [layerLambda + 1][]float64
	for _, alpha := range append(fewAlphas[:len(fewAlphas):len(fewAlphas)], 0.3, 3.7) {
		f, err := l.outputsOf("trained", trained.Final, l.seeds()[0], alpha)
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
	c.Agrees = reversed.Holds() && function.Holds()
	return c, nil
}

// addOutputs adds the exponent of the outputs of one spelling at the initial weights, where biases are zero.
func (l *Lab) addOutputs(c *Case, predicted float64, which spelling) error {
	_, err := l.addExponent(c, "norm of the outputs without biases", predicted, fewAlphas, func(seed int64) (sizes []float64, err error) {
		for _, alpha := range fewAlphas {
			f, err := l.outputsOf("initial", nil, seed, alpha)
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
func (l *Lab) layerCase() (Case, error) {
	c := Case{Setting: "Lambda behind the last layer, trained " + biasedNet().String(), Law: "L2: y = α·(Wx + b) = αWx + b + (α−1)·b"}
	trained, err := l.trained()
	if err != nil {
		return c, err
	}
	predicted, err := l.exponent(scaling.OutputLaw(), scaling.Function)
	if err != nil {
		return c, err
	}
	bias, err := backend.Floats(trained.Final[outputBiases])
	if err != nil {
		return c, err
	}
	apart := result.Series{Label: "Lambda behind the layer", X: result.Alpha(), Y: relative("distance from the outputs of scaled weights")}
	var sizes, tensor, layer, shifted []float64
	for _, alpha := range fewAlphas {
		f, err := l.outputsOf("trained", trained.Final, l.seeds()[0], alpha)
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
	_, err = l.addExponent(&c, "norm of the outputs", predicted, fewAlphas, func(int64) ([]float64, error) { return sizes, nil })
	same := judge.Identical("control: outputs by which it differs from scaled weights", tensor, layer)
	c.Checks = append(c.Checks, near("distance from the outputs of scaled weights and (α−1)·b, relative", shifted, layer, 1e-12))
	c.Controls = append(c.Controls, same)
	c.Series, c.Agrees = []result.Series{apart}, same.Holds()
	return c, err
}

// zeroBiasCase is the same at the initial weights, where the bias is zero.
func (l *Lab) zeroBiasCase() (Case, error) {
	c := Case{Setting: "Lambda behind the last layer, " + biasedNet().String() + " with biases of zero", Law: "L2: y = α·Wx", Beyond: true}
	predicted, err := l.exponent(scaling.OutputLaw(), scaling.Function)
	if err != nil {
		return c, err
	}
	if err := l.addOutputs(&c, predicted, layerLambda); err != nil {
		return c, err
	}
	f, err := l.outputsOf("initial", nil, l.seeds()[0], 8) // a power of two, with which rounding commutes
	same := judge.Identical("outputs by which it differs from scaled weights, α = 2³", f[multiply], f[layerLambda])
	c.Checks, c.Agrees = append(c.Checks, same), same.Holds()
	return c, err
}

// onceCase trains a network whose weights are multiplied in every forward pass beside one where that was done once.
func (l *Lab) onceCase() (Case, error) {
	const alpha = 2 // a power of two, at which equal runs are equal to the last bit
	c := Case{
		Setting: fmt.Sprintf("w ← α·w once instead of u = α·w in every forward pass, trained %s, %s", biasedNet(), optim.SGD),
		Law:     "L1: the gradient by w is α times that by α·w",
	}
	trained, err := l.trained()
	if err != nil {
		return c, err
	}
	if err := l.addRatio(&c); err != nil {
		return c, err
	}
	p, err := l.learningRateExponent(optim.SGD)
	if err != nil {
		return c, err
	}
	forward := training.Settings{Alpha: alpha, Hyper: optim.Values{optim.LearningRate: 0.01}, Start: training.KeepWeights, Initial: trained.Final, Steps: 20}
	once := forward
	once.Alpha = 1
	if l.operation(scaling.OpRescale) == scaling.OpRescale {
		if once.Initial, err = scaling.Rescale(trained.Final, trained.Watched(), alpha, scaling.KeepMoments); err != nil {
			return c, err
		}
	}
	faster := once
	faster.Scaled = optim.Values{optim.LearningRate: math.Pow(alpha, p) * once.Hyper[optim.LearningRate]}
	runs, err := l.run(perceptronSGD, perceptronConfig, l.reparameterised(forward), once, faster)
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
