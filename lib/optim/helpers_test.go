package optim_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"alphascale/lib/backend"
	"alphascale/lib/optim"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/ml/train/optimizer"
)

// The variables that optimizers are tried on: a tall and a wide matrix, a kernel of rank 3 and a vector.
var shapesOf = map[string][]int{"/layer/tall": {5, 3}, "/layer/wide": {2, 4}, "/layer/kernel": {2, 3, 4}, "/layer/bias": {4}}

var names = []string{"/layer/tall", "/layer/wide", "/layer/kernel", "/layer/bias"}

// problem is a start and a sequence of gradients by step and variable, which no loss needs to have.
type problem struct {
	start     map[string][]float64
	gradients []map[string][]float64
}

func newProblem(steps int) problem {
	random := rand.New(rand.NewPCG(1, 17))
	draw := func() map[string][]float64 {
		out := map[string][]float64{}
		for _, name := range names {
			out[name] = make([]float64, size(name))
			for i := range out[name] {
				out[name][i] = random.NormFloat64()
			}
		}
		return out
	}
	p := problem{start: draw()}
	for range steps {
		p.gradients = append(p.gradients, draw())
	}
	return p
}

func size(name string) int {
	n := 1
	for _, d := range shapesOf[name] {
		n *= d
	}
	return n
}

func open(t testing.TB) compute.Backend {
	t.Helper()
	b, err := backend.Open()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// trainer is an optimizer compiled for the variables, in float64. Its runs are independent of one another.
type trainer struct {
	store *model.Store
	step  *model.Exec
}

func newTrainer(t testing.TB, o optim.Interface) *trainer {
	t.Helper()
	store := model.NewStore()
	for _, name := range names {
		if _, err := store.CreateVariable(name, tensors.FromShape(shapes.Make(dtypes.Float64, shapesOf[name]...))); err != nil {
			t.Fatal(err)
		}
	}
	step, err := model.NewExec(open(t), store, func(scope *model.Scope, gradients []*graph.Node) {
		for _, name := range names {
			store.GetVariable(name).NodeValue(gradients[0].Graph()) // in use
		}
		o.UpdateGraphWithGradients(scope, gradients, dtypes.Float64)
	})
	if err != nil {
		t.Fatal(err)
	}
	return &trainer{store, step}
}

// run applies the optimizer to the problem and returns the weights after each step. What h leaves out has its default if
// no earlier run of the trainer has set it.
func (o *trainer) run(t testing.TB, h optim.Values, p problem) []map[string][]float64 {
	t.Helper()
	hyper := "/" + optimizer.Scope + "/"
	for v := range o.store.IterVariables() {
		if !strings.HasPrefix(v.Path(), hyper) {
			set(t, v, tensors.FromShape(v.Shape()))
		}
		if start, ok := p.start[v.Path()]; ok {
			set(t, v, tensors.FromFlatDataAndDimensions(start, shapesOf[v.Path()]...))
		}
	}
	for name, x := range h {
		set(t, o.store.VariableWithValue(hyper+string(name), x).SetTrainable(false), tensors.FromScalar(x))
	}
	var out []map[string][]float64
	for _, gradients := range p.gradients {
		var inputs []any
		for v := range o.store.IterVariables() { // gradients go in the order of creation
			if g, ok := gradients[v.Path()]; ok {
				inputs = append(inputs, tensors.FromFlatDataAndDimensions(g, shapesOf[v.Path()]...))
			}
		}
		if _, err := o.step.Call(inputs...); err != nil {
			t.Fatal(err)
		}
		weights := map[string][]float64{}
		for _, name := range names {
			weights[name] = tensors.MustCopyFlatData[float64](o.store.GetVariable(name).MustValue())
		}
		out = append(out, weights)
	}
	return out
}

// trained is one run of a new trainer.
func trained(t testing.TB, o optim.Interface, h optim.Values, p problem) []map[string][]float64 {
	t.Helper()
	return newTrainer(t, o).run(t, h, p)
}

func set(t testing.TB, v *model.Variable, value *tensors.Tensor) {
	t.Helper()
	if err := v.SetValue(value); err != nil {
		t.Fatal(err)
	}
}
