package claim

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"alphascale/lib/dataset"
	"alphascale/lib/law"
	"alphascale/lib/measure"
	"alphascale/lib/optim"
	"alphascale/lib/result"
	"alphascale/lib/scaling"
	"alphascale/lib/training"

	"gonum.org/v1/gonum/floats"
)

// temperatures are the α that multiply the logits. From 2¹⁴ on the softmax of every example is all but one-hot.
var temperatures = []float64{1, 4, 1 << 10, 1 << 14, 1 << 17, 1 << 20}

const saturatedFrom = 3 // in temperatures

// temperatureCases multiplies the logits of a half-trained network by α and looks at the examples that it classifies
// correctly and at the others apart.
func (l *Lab) temperatureCases() ([]Case, error) {
	const laws = "L7: ∇_z of the cross-entropy is α(p − y); dH/dα = −α·Var_p(z)"
	correct := Case{Setting: "logits αz, examples that a half-trained perceptron classifies correctly", Law: laws, Agrees: true}
	wrong := Case{Setting: "logits αz, examples that it classifies wrongly", Law: laws}
	predicted, err := l.exponent(scaling.OutputLaw(), scaling.OtherJacobian)
	if err != nil {
		return nil, err
	}
	var alphas, norms []float64
	for _, seed := range l.seeds() {
		right, err := l.examples(true, seed)
		if err != nil {
			return nil, err
		}
		curve, err := right.check(l, &correct)
		if err != nil {
			return nil, err
		}
		slope, control, err := l.entropySlope(seed)
		if err != nil {
			return nil, err
		}
		correct.Checks, correct.Controls = append(correct.Checks, slope), append(correct.Controls, control)
		correct.Agrees = correct.Agrees && curve[len(curve)-1] < curve[0]/100
		others, err := l.examples(false, seed)
		if err != nil {
			return nil, err
		}
		if curve, err = others.check(l, &wrong); err != nil {
			return nil, err
		}
		alphas, norms = append(alphas, temperatures[saturatedFrom:]...), append(norms, perUnit(curve[saturatedFrom:])...)
	}
	check, control, fit, err := l.fit("exponent of the gradient norm of misclassified examples", alphas, norms, predicted)
	wrong.Checks, wrong.Controls, wrong.Fits = append(wrong.Checks, check), append(wrong.Controls, control), append(wrong.Fits, fit)
	wrong.Agrees = fit.High < -exponentTolerance
	return []Case{correct, wrong}, err
}

// examples are rows of the digits with the logits that a half-trained network gives them.
type examples struct {
	probe  *measure.Probe
	data   dataset.Set
	logits [][]float64
}

// examples takes the digits that a half-trained perceptron classifies correctly, or the others.
func (l *Lab) examples(correctly bool, seed int64) (examples, error) {
	data, err := digits(300)
	if err != nil {
		return examples{}, err
	}
	whole, err := l.halfTrained("300 digits", data, seed)
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
	chosen := rowsOf(data, rows)
	p, err := l.halfTrained(fmt.Sprintf("digits classified correctly = %t", correctly), chosen, seed)
	return examples{p, chosen, logits}, err
}

// halfTrained is a probe of the perceptron after a few steps of training.
func (l *Lab) halfTrained(on string, data dataset.Set, seed int64) (*measure.Probe, error) {
	s := training.Settings{Alpha: 1, Hyper: optim.Values{optim.LearningRate: 0.1}, Seed: seed, Steps: 50, Keep: true}
	runs, err := l.perceptronRuns(optim.SGD, s)
	if err != nil {
		return nil, err
	}
	return l.probe(fmt.Sprintf("half-trained perceptron on %s, seed %d", on, seed), func() (measure.Config, error) {
		config, err := perceptron(optim.SGD)
		return measure.Config{Model: config.Model, Data: data, Values: runs[0].Final}, err
	})
}

// scaledLogits multiplies weights and bias of the output layer by α.
func (l *Lab) scaledLogits(alpha float64) ([]measure.Change, error) {
	return l.changes(scaling.OpReparameterise, training.KeepWeights, scaling.LayerOutput("/output/dense"), alpha)
}

// check measures the gradient by the output bias b, which is that by the logits since u = α·b adds to them, at every α,
// and holds it against the law's α(p − y), averaged over the rows. The control leaves the factor α away.
func (e examples) check(l *Lab, c *Case) ([]float64, error) {
	var curve, lawful, without []float64
	for _, alpha := range temperatures {
		changes, err := l.scaledLogits(alpha)
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
	c.Checks = append(c.Checks, Check{"gradient by the logits less α(p − y), relative", 0, off, off, off, 1e-9})
	c.Controls = append(c.Controls, Check{"control: gradient by the logits less p − y, relative", 0, offWithout, offWithout, offWithout, 1e-9})
	c.Series = append(c.Series, result.Series{Label: "measured", X: result.Alpha(), Y: measure.GradientNorm().Quantity, Xs: temperatures, Ys: curve})
	return curve, nil
}

// farthest is the largest difference between two curves, in units of the first one's largest value.
func farthest(a, b []float64) float64 { return floats.Distance(a, b, math.Inf(1)) / floats.Max(a) }

// entropySlope differentiates the measured entropy of the softmax by α at α = 2, averaged over 300 digits.
func (l *Lab) entropySlope(seed int64) (check, control Check, err error) {
	const alpha, h = 2, 1e-4
	data, err := digits(300)
	if err != nil {
		return check, control, err
	}
	p, err := l.halfTrained("300 digits", data, seed)
	if err != nil {
		return check, control, err
	}
	mean := func(at float64, of func(z []float64) float64) float64 {
		changes, changeErr := l.scaledLogits(at)
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
	predicted, err := l.predict(mean(1, func(z []float64) float64 { return law.EntropySlope(z, alpha) }), err)
	return Check{"dH/dα at α = 2", predicted, slope, slope, slope, 1e-6},
		Check{"control: −Var_p(z), without the factor α", predicted / alpha, slope, slope, slope, 1e-6}, err
}
