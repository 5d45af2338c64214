package network

import (
	"fmt"

	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
	. "github.com/gomlx/gomlx/support/exceptions"
)

// Residual is a residual MLP: a linear map to Width, then Blocks of x + W₂·φ(norm(W₁·x)), and a linear output (He et al.
// 2016, with full matrices). The normalisation makes W₁ scale-invariant and leaves W₂ as it is. The zero value of each
// setting but Width, Blocks and Outputs is its default.
type Residual struct {
	Width       int // of the stream and of the branches
	Blocks      int
	Outputs     int    // number of logits
	Activation  string // as in MLP
	NoBias      bool
	Norm        Normalisation
	NormEpsilon float64 // as in MLP
}

// String names the architecture, as "residual MLP 64×3-10 relu".
func (r Residual) String() string {
	return fmt.Sprintf("residual MLP %d×%d-%d %s", r.Width, r.Blocks, r.Outputs, r.style())
}

// Check returns an error for sizes that are not positive and for names that are not known.
func (r Residual) Check() error {
	if r.Width < 1 || r.Blocks < 1 || r.Outputs < 1 {
		return fmt.Errorf("a residual MLP of width %d with %d blocks and %d outputs: all three must be at least 1",
			r.Width, r.Blocks, r.Outputs)
	}
	return r.style().check()
}

// Model is GoMLX's model function: inputs[0] is shaped [batch, …] and flattened, the result is [batch, Outputs]. The
// first map lives in scope "/input", block k in "/block_k/inner" and "/block_k/outer". It panics as graph-building
// functions do.
func (r Residual) Model(scope *model.Scope, _ any, inputs []*Node) []*Node {
	if err := r.Check(); err != nil {
		Panicf("%v", err)
	}
	s := r.style()
	x := s.dense(scope.In("input"), flatten(inputs[0]), r.Width)
	for k := range r.Blocks {
		block := scope.In("block_%d", k)
		inner := block.In("inner")
		branch := s.finish(inner, s.dense(inner, x, r.Width))
		x = Add(x, s.dense(block.In("outer"), branch, r.Width))
	}
	return output(scope, x, s, r.Outputs)
}

func (r Residual) style() layerStyle { return newStyle(r.Activation, r.NoBias, r.Norm, r.NormEpsilon) }
