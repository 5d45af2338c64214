package claim

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"alphascale/lib/lab"

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

	"gonum.org/v1/gonum/floats"
)

// temperatures are the α that multiply the logits. From 2¹⁴ on the softmax of every example is all but one-hot.
var temperatures = []float64{1, 4, 1 << 10, 1 << 14, 1 << 17, 1 << 20}

const saturatedFrom = 3 // in temperatures

const temperatureLaws = "L7: ∇_z of the cross-entropy is α(p − y); dH/dα = −α·Var_p(z)"

// halfTrainedNet is the transformer block whose logits α multiplies, after so few steps that it classifies some digits
// correctly and others not.
var halfTrainedNet = network.Transformer{Width: 16, Outputs: 10, Norm: network.LayerNorm}

const halfTrainedSteps = 50

// temperatureFacts are those of logits that are multiplied with the bias in them.
func temperatureFacts(looked string) []Fact {
	return facts(scaling.OpScaleOutput, OneLayer, Fact{Behind, "the softmax"}, Fact{Looked, looked})
}

// correctCase multiplies the logits of a half-trained network by α and looks at the examples that it classifies
// correctly, and at the entropy of its softmax.
func correctCase(ctx context.Context, l *lab.Lab) (Case, error) {
	c := Case{Setting: fmt.Sprintf("logits αz, examples that a half-trained %s classifies correctly", halfTrainedNet), Facts: temperatureFacts("correctly classified examples"), Law: temperatureLaws, Agrees: true}
	for _, seed := range l.Seeds() {
		right, err := chooseExamples(ctx, l, true, seed)
		if err != nil {
			return c, err
		}
		curve, err := right.check(ctx, l, &c)
		if err != nil {
			return c, err
		}
		slope, control, err := entropySlope(ctx, l, seed)
		if err != nil {
			return c, err
		}
		c.Checks, c.Controls = append(c.Checks, slope), append(c.Controls, control)
		c.Agrees = c.Agrees && curve[len(curve)-1] < curve[0]/100
	}
	return c, nil
}

// wrongCase looks at the examples that it classifies wrongly.
func wrongCase(ctx context.Context, l *lab.Lab) (Case, error) {
	c := Case{Setting: fmt.Sprintf("logits αz, examples that a half-trained %s classifies wrongly", halfTrainedNet), Facts: temperatureFacts("misclassified examples"), Law: temperatureLaws}
	predicted, err := l.Exponent(scaling.OutputLaw(), scaling.OtherJacobian)
	if err != nil {
		return c, err
	}
	fit, err := addExponent(ctx, l, &c, "norm of the gradient of misclassified examples", predicted, temperatures[saturatedFrom:],
		func(seed int64) ([]float64, error) {
			wrong, err := chooseExamples(ctx, l, false, seed)
			if err != nil {
				return nil, err
			}
			curve, err := wrong.check(ctx, l, &c)
			if err != nil {
				return nil, err
			}
			return curve[saturatedFrom:], nil
		})
	c.Agrees = fit.High < -judge.ExponentTolerance
	return c, err
}

// examples are rows of the digits with the logits that a half-trained network gives them.
type examples struct {
	probe  *probe.Probe
	data   dataset.Set
	logits [][]float64
}

// chooseExamples takes the digits that a half-trained network classifies correctly, or the others.
func chooseExamples(ctx context.Context, l *lab.Lab, correctly bool, seed int64) (examples, error) {
	data := dataset.Digits().First(300)
	whole, err := halfTrained(ctx, l, "300 digits", data, seed)
	if err != nil {
		return examples{}, err
	}
	flat, _, err := whole.Outputs()
	if err != nil {
		return examples{}, err
	}
	var rows []int
	var logits [][]float64
	for row, label := range data.Labels {
		z := flat[row*data.Classes : (row+1)*data.Classes]
		if (floats.MaxIdx(z) == label) == correctly {
			rows, logits = append(rows, row), append(logits, z)
		}
	}
	if len(rows) == 0 {
		return examples{}, fmt.Errorf("no digit was classified correctly = %t: train the network for another number of steps", correctly)
	}
	chosen, err := data.Pick(rows)
	if err != nil {
		return examples{}, err
	}
	p, err := halfTrained(ctx, l, fmt.Sprintf("digits classified correctly = %t", correctly), chosen, seed)
	return examples{p, chosen, logits}, err
}

// halfTrained is a probe of the network after a few steps of training.
func halfTrained(ctx context.Context, l *lab.Lab, on string, data dataset.Set, seed int64) (*probe.Probe, error) {
	halfTrained := "half-trained " + halfTrainedNet.String()
	runs, err := l.Run(ctx, halfTrained, func() (training.Config, error) {
		config := lab.Perceptron(optim.SGD)
		config.Model, config.Instruments = halfTrainedNet.Model, nil
		config.Scaled, config.Watched = scaling.Weights(), scaling.Weights()
		return config, nil
	}, training.Settings{Alpha: 1, Hyper: optim.Values{optim.LearningRate: 0.1}, Seed: seed, Steps: halfTrainedSteps, Keep: true})
	if err != nil {
		return nil, err
	}
	return l.Probe(fmt.Sprintf("%s on %s, seed %d", halfTrained, on, seed), func() (probe.Config, error) {
		return probe.Config{Subject: subject.Of(halfTrainedNet.Model, data), Values: runs[0].Final}, nil
	})
}

// scaledLogits multiplies weights and bias of the output layer by α.
func scaledLogits(ctx context.Context, l *lab.Lab, alpha float64) ([]probe.Change, error) {
	return l.Changes(scaling.OpReparameterise, training.KeepWeights, scaling.LayerOutput("/output/dense"), alpha)
}

// check measures the gradient with respect to the output bias b, which equals that with respect to the logits since u = α·b
// adds to them, at every α, and holds it against the law's α(p − y), averaged over the rows. The control leaves the factor α
// away.
func (e examples) check(ctx context.Context, l *lab.Lab, c *Case) ([]float64, error) {
	var curve, lawful, without []float64
	for _, alpha := range temperatures {
		changes, err := scaledLogits(ctx, l, alpha)
		if err != nil {
			return nil, err
		}
		norms, err := e.probe.GradientNorms(changes...)
		if err != nil {
			return nil, err
		}
		norm, err := norms.Of("/output/dense/biases")
		if err != nil {
			return nil, err
		}
		mean := make([]float64, e.data.Classes)
		for row, z := range e.logits {
			floats.AddScaled(mean, 1/float64(len(e.logits)), law.CrossEntropyGradient(z, e.data.Labels[row], alpha))
		}
		expected := floats.Norm(mean, 2)
		curve, lawful, without = append(curve, norm), append(lawful, expected), append(without, expected/alpha)
	}
	off, offWithout := farthest(curve, lawful), farthest(curve, without)
	c.Checks = append(c.Checks, judge.Exact("gradient with respect to the logits less α(p − y), relative", 0, off, 1e-9))
	c.Controls = append(c.Controls, judge.Exact("control: gradient with respect to the logits less p − y, relative", 0, offWithout, 1e-9))
	c.Series = append(c.Series, result.Series{Label: "measured", X: result.Alpha(), Y: instrument.GradientNorm().Quantity, Xs: temperatures, Ys: curve})
	return curve, nil
}

// farthest is the largest difference between two curves, in units of the first one's largest value.
func farthest(a, b []float64) float64 { return floats.Distance(a, b, math.Inf(1)) / floats.Max(a) }

// entropySlope differentiates the measured entropy of the softmax by α at α = 2, averaged over 300 digits.
func entropySlope(ctx context.Context, l *lab.Lab, seed int64) (check, control judge.Check, err error) {
	const alpha, h = 2, 1e-4
	data := dataset.Digits().First(300)
	p, err := halfTrained(ctx, l, "300 digits", data, seed)
	if err != nil {
		return check, control, err
	}
	mean := func(at float64, of func(z []float64) float64) float64 {
		changes, changeErr := scaledLogits(ctx, l, at)
		flat, _, outputErr := p.Outputs(changes...)
		err = errors.Join(err, changeErr, outputErr)
		sum := 0.0
		for z := range slices.Chunk(flat, data.Classes) {
			sum += of(z) / float64(data.Rows())
		}
		return sum
	}
	entropy := func(z []float64) float64 { return law.Entropy(z, 1) }
	slope := (mean(alpha+h, entropy) - mean(alpha-h, entropy)) / (2 * h)
	predicted, err := l.Predict(mean(1, func(z []float64) float64 { return law.EntropySlope(z, alpha) }), err)
	check = judge.Exact("dH/dα at α = 2", predicted, slope, 1e-6)
	return check, check.Control("control: −Var_p(z), without the factor α", predicted/alpha), err
}
