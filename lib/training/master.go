package training

import (
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/ml/model"
)

// heldShape is that of what a run holds of a variable.
func (p *Program) heldShape(v *model.Variable) shapes.Shape {
	if p.isMaster(v) {
		return shapes.Make(dtypes.Float32, v.Shape().Dimensions...)
	}
	return v.Shape()
}

// isMaster reports whether the run holds a master copy of a variable, which is wider than what the model uses.
func (p *Program) isMaster(v *model.Variable) bool {
	return p.config.Master && v.Trainable && (v.DType() == dtypes.Float16 || v.DType() == dtypes.BFloat16)
}

// masters are the trained variables of which the run holds a copy that is wider than what the model uses.
func (p *Program) masters() []*model.Variable {
	var out []*model.Variable
	for _, v := range p.state {
		if p.isMaster(v) {
			out = append(out, v)
		}
	}
	return out
}
