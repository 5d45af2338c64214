package ownscale

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"

	"alphascale/lib/backend"
	"alphascale/lib/dataset"
	"alphascale/lib/optim"
	"alphascale/lib/scaling"
	"alphascale/lib/subject"
	"alphascale/lib/training"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
	"gonum.org/v1/gonum/mat"
)

// batch is the number of rows of a step.
const batch = 8

// layer is the matrix of one width: where its inputs stand in a row of the data, and after them the gradient with respect to its outputs.
type layer struct{ width, at, in, out int }

func (l layer) path() string { return fmt.Sprintf("/width_%d/weights", l.width) }

// layers are the matrices of all widths, side by side in one program, and the length of a row.
func (f Features) layers() (all []layer, row int, err error) {
	for _, n := range f.Widths {
		in, out := f.Shape.At(n)
		if n < 1 || in < 1 || out < 1 {
			return nil, 0, fmt.Errorf("width %d: a layer of %d inputs and %d outputs: give each at least one", n, in, out)
		}
		all = append(all, layer{n, row, in, out})
		row += in + out
	}
	return all, row, nil
}

// layersModel has a loss with a given gradient with respect to each h = x·W: the sum of ⟨gradient, h⟩ over the layers, averaged over rows.
func layersModel(all []layer) func(*model.Scope, any, []*Node) []*Node {
	return func(scope *model.Scope, _ any, inputs []*Node) []*Node {
		var sum *Node
		for _, l := range all {
			x := Slice(inputs[0], AxisRange(), AxisRange(l.at, l.at+l.in))
			gradient := Slice(inputs[0], AxisRange(), AxisRange(l.at+l.in, l.at+l.in+l.out))
			w := scope.In("width_%d", l.width).VariableWithShape("weights", shapes.Make(x.DType(), l.in, l.out)).NodeValue(x.Graph())
			if one := ReduceSum(Mul(MatMul(x, w), gradient), 1); sum == nil {
				sum = one
			} else {
				sum = Add(sum, one)
			}
		}
		return []*Node{sum}
	}
}

func mean(_, predictions []*Node) *Node { return ReduceAllMean(predictions[0]) }

// changes are the root mean squares of Δh at each width, over rows, outputs and draws.
func (f Features) changes(ctx context.Context) ([]float64, error) {
	all, row, err := f.layers()
	if err != nil {
		return nil, err
	}
	data := normalRows(batch*f.Draws, row)
	s := training.Settings{Alpha: 1, Start: training.KeepWeights, Hyper: optim.Values{optim.LearningRate: f.Rate}, Groups: map[string]training.GroupSettings{}, Keep: true}
	if _, reads := optim.Defaults(f.Optimizer)[optim.Epsilon]; reads {
		s.Hyper[optim.Epsilon] = 1e-30
	}
	c := training.Config{
		Subject: subject.Subject{Model: layersModel(all), Data: data, Loss: mean, DType: dtypes.Float64}, Optimizer: optim.New(f.Optimizer),
		Scaled: scaling.Nothing(), Batch: batch, Steps: 1,
	}
	for _, l := range all {
		if f.RatePower == 0 {
			break // one learning rate for all, and a quicker compilation
		}
		c.Groups = append(c.Groups, training.Group{Name: l.path(), Variables: scaling.Select(l.path())})
		s.Groups[l.path()] = training.GroupSettings{Hyper: s.Hyper.With(optim.LearningRate, f.Rate*math.Pow(float64(l.width), f.RatePower))}
	}
	p, err := training.Compile(c)
	if err != nil {
		return nil, err
	}
	defer p.Finalize()
	if s.Initial, err = p.Initial(1); err != nil {
		return nil, err
	}
	squares := make([]float64, len(all))
	for draw := range f.Draws {
		s.FirstStep = draw
		run, err := p.RunOn(ctx, 0, s)
		if err != nil {
			return nil, err
		}
		for i, l := range all {
			square, err := l.moved(data.Inputs[draw*batch*row:(draw+1)*batch*row], s.Initial[l.path()], run.Final[l.path()])
			if err != nil {
				return nil, err
			}
			squares[i] += square / float64(f.Draws)
		}
		if f.Progress != nil {
			f.Progress(draw+1, f.Draws)
		}
	}
	for i := range squares {
		squares[i] = math.Sqrt(squares[i])
	}
	return squares, nil
}

// moved is the mean square of x·(after − before) over the rows of x, which stand within those of a batch.
func (l layer) moved(rows []float64, before, after *tensors.Tensor) (float64, error) {
	var w [2]*mat.Dense
	for i, t := range []*tensors.Tensor{before, after} {
		flat, err := backend.Floats(t)
		if err != nil {
			return 0, err
		}
		w[i] = mat.NewDense(l.in, l.out, flat)
	}
	var change, dh mat.Dense
	change.Sub(w[1], w[0])
	dh.Mul(mat.NewDense(batch, len(rows)/batch, rows).Slice(0, batch, l.at, l.at+l.in), &change)
	norm := mat.Norm(&dh, 2)
	return norm * norm / float64(batch*l.out), nil
}

// normalRows are rows of independent normal numbers.
func normalRows(rows, width int) dataset.Set {
	random, s := rand.New(rand.NewPCG(1, 0xfea7)), dataset.Set{Name: "normal", Shape: []int{width}, Targets: make([]float64, rows)}
	for range rows * width {
		s.Inputs = append(s.Inputs, random.NormFloat64())
	}
	return s
}
