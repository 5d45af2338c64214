package training

import (
	"slices"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
)

// turnsOnly reports whether all that is done with x, [batch, …], is to transpose it as [batch, features]. The loop then
// keeps the data set with the examples in columns, so that no step has to turn its batch.
func turnsOnly(x *Node) bool {
	used := false
	for _, n := range x.Graph().Nodes() {
		if !slices.Contains(n.Inputs(), x) {
			continue
		}
		used = true
		turn := n.Type() == NodeTypeTranspose && n.Rank() == 2
		flatten := n.Type() == NodeTypeReshape && n.Rank() == 2 && n.Shape().Dim(0) == x.Shape().Dim(0) && turnsOnly(n)
		if !turn && !flatten {
			return false
		}
	}
	return used
}

// inputShape is that of the whole data set's inputs in the loop.
func (p *Program) inputShape() shapes.Shape {
	data, dtype := p.config.Data, p.config.DType
	if p.turned {
		return shapes.Make(dtype, data.Width(), data.Rows())
	}
	return data.InputShape(dtype, data.Rows())
}

// dataTensors copies the data set into tensors.
func (p *Program) dataTensors() (inputs, labels *tensors.Tensor, err error) {
	copied := p.config.Data.InputTensor
	if p.turned {
		copied = p.config.Data.InputColumns
	}
	if inputs, err = copied(p.config.DType); err != nil {
		return nil, nil, err
	}
	labels, err = p.config.Data.LabelTensor(p.config.DType)
	return inputs, labels, err
}

// takeBatch returns the rows of this step: the batches of the data set in order, round and round.
func (p *Program) takeBatch(f *frame) (inputs, labels *Node) {
	size, g := p.config.Batch, f.step.Graph()
	batches := Const(g, int32(p.config.Data.Rows()/size))
	start := Mul(Mod(Add(f.step, f.first), batches), Const(g, int32(size)))
	if !p.can(compute.OpTypeDynamicSlice) {
		rows := Add(Iota(g, shapes.Make(dtypes.Int32, size, 1), 0), start)
		return Gather(f.inputs, rows), Gather(f.labels, rows)
	}
	take := func(all *Node, axis int) *Node {
		starts, dims := make([]*Node, all.Rank()), slices.Clone(all.Shape().Dimensions)
		for i := range starts {
			starts[i] = ZerosLike(start)
		}
		starts[axis], dims[axis] = start, size
		return DynamicSlice(all, starts, dims)
	}
	labels = take(f.labels, 0)
	if !p.turned {
		return take(f.inputs, 0), labels
	}
	shape := p.config.Data.InputShape(p.config.DType, size)
	return Reshape(Transpose(take(f.inputs, 1), 0, 1), shape.Dimensions...), labels
}
