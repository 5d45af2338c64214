package lawtest

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"alphascale/lib/backend"
	"alphascale/lib/dataset"
	"alphascale/lib/instrument"
	"alphascale/lib/network"
	"alphascale/lib/optim"
	"alphascale/lib/scaling"
	"alphascale/lib/subject"
	"alphascale/lib/training"

	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

const (
	// lossScale is the path of what multiplies the loss. Being a variable it is an input of the program, as α is: runs can be
	// the same to the last bit only where they are of one program.
	lossScale = "/loss_scale"
	lastLayer = "/output/"
)

// config is a small network with matrices and vectors, of which α multiplies the matrices.
func config(family optim.Family) training.Config {
	data := dataset.Digits().First(256)
	net := network.MLP{Hidden: []int{12}, Outputs: 10}
	of := subject.Of(func(scope *model.Scope, spec any, inputs []*Node) []*Node {
		factor := scope.VariableWithValue(lossScale[1:], float32(1)).SetTrainable(false)
		return append(net.Model(scope, spec, inputs), factor.NodeValue(inputs[0].Graph()))
	}, data)
	of.Loss = func(labels, predictions []*Node) *Node {
		return Mul(ReduceAllMean(data.Loss()(labels, predictions[:1])), predictions[1])
	}
	return training.Config{
		Subject: of, Optimizer: optim.New(family), Batch: 64, Steps: steps, Scaled: scaling.Weights(),
		Instruments: []instrument.Instrument{instrument.UpdateNorm()},
	}
}

// newLaw compiles the program and trains without α; nil where that fails, which fails the test.
func newLaw(t testing.TB, family optim.Family, h optim.Values) *law {
	t.Helper()
	p, err := training.Compile(config(family))
	if err != nil {
		t.Errorf("%s: %v", family, err)
		return nil
	}
	l := &law{t: t, family: family, h: h, program: p}
	if l.start, err = p.Initial(1); err != nil {
		t.Errorf("%s: %v", family, err)
	} else {
		l.start = l.withBiases(l.start)
		l.without = l.run(training.Settings{Alpha: 1, Hyper: h, Initial: l.start})
	}
	if l.without != nil && l.without.Diverged < 0 {
		return l
	}
	if l.without != nil {
		t.Errorf("%s diverges at step %d with %v, where nothing can be compared: give a smaller learning rate", family, l.without.Diverged, h)
	}
	p.Finalize()
	return nil
}

// run trains; nil where that fails, which fails the test.
func (l *law) run(s training.Settings) *training.Run {
	l.t.Helper()
	r, err := l.program.Run(s)
	if err != nil {
		l.t.Errorf("%s: %v", l.family, err)
		return nil
	}
	return r
}

// withBiases has other biases than zeros, for which a rule with a trust ratio has no ratio.
func (l *law) withBiases(values map[string]*tensors.Tensor) map[string]*tensors.Tensor {
	return l.changed(values, l.variables(false), func(i int, _ float64) float64 { return float64(1+i%3) / 16 })
}

// variables are the paths of those trained, by whether α multiplies them.
func (l *law) variables(scaled bool) []string {
	var paths []string
	for path, multiplied := range l.program.Variables() {
		if multiplied == scaled {
			paths = append(paths, path)
		}
	}
	return paths
}

// slots are the paths at which a slot of every variable is kept.
func (l *law) slots(name string) []string {
	var paths []string
	for _, v := range slices.Concat(l.variables(true), l.variables(false)) {
		paths = append(paths, optim.SlotPath(l.family, v, name))
	}
	return paths
}

// times multiplies the values of variables, those that are not there left out.
func (l *law) times(values map[string]*tensors.Tensor, factor float64, paths ...string) map[string]*tensors.Tensor {
	return l.changed(values, paths, func(_ int, x float64) float64 { return factor * x })
}

// changed is a copy of the values in which the elements of some are changed.
func (l *law) changed(values map[string]*tensors.Tensor, paths []string, change func(i int, x float64) float64) map[string]*tensors.Tensor {
	l.t.Helper()
	out := maps.Clone(values)
	for _, path := range paths {
		if values[path] == nil {
			continue
		}
		flat, err := backend.Floats(values[path])
		if err == nil {
			for i := range flat {
				flat[i] = change(i, flat[i])
			}
			out[path], err = backend.Tensor(flat, values[path].Shape())
		}
		if err != nil {
			l.t.Errorf("%s: %v", path, err)
		}
	}
	return out
}

func at(alpha float64) string { return fmt.Sprintf("α = %g", alpha) }

// divided are losses without what multiplies them.
func divided(losses []float64) []float64 {
	out := slices.Clone(losses)
	for i := range out {
		out[i] /= scaled
	}
	return out
}
