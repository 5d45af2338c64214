package network

import (
	"cmp"
	"fmt"
	"math"

	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
	. "github.com/gomlx/gomlx/support/exceptions"
)

// Transformer is an encoder of one or more blocks (Vaswani et al. 2017, with the normalisation before each branch, as
// Xiong et al. 2020 write it): x + attention(norm(x)), then x + MLP(norm(x)). A row of inputs is cut into Tokens, and the
// mean over the tokens feeds a linear output. The zero value of each setting but Outputs is its default.
type Transformer struct {
	Tokens     int     // into which a row is cut, in order; 8, the digits' rows of pixels
	Width      int     // of a token in the stream; 32
	Heads      int     // which share Width; 2
	Blocks     int     // 1
	Hidden     int     // width of the MLP in a block; 2·Width
	Outputs    int     // number of logits
	LogitScale float64 // the factor of query·key before the softmax, its inverse temperature; 1/√d for heads of width d

	Activation  string // of the MLP; as in MLP
	NoBias      bool
	Norm        Normalisation
	NormEpsilon float64 // as in MLP
	FinalNorm   bool    // the stream is normalised once more before its mean over the tokens, as GPT-2 does (Radford et al. 2019)
}

// resolve fills in the defaults.
func (t Transformer) resolve() Transformer {
	t.Tokens = cmp.Or(t.Tokens, 8)
	t.Width = cmp.Or(t.Width, 32)
	t.Heads = cmp.Or(t.Heads, 2)
	t.Blocks = cmp.Or(t.Blocks, 1)
	t.Hidden = cmp.Or(t.Hidden, 2*t.Width)
	if t.LogitScale == 0 && t.Heads > 0 {
		t.LogitScale = 1 / math.Sqrt(float64(t.Width)/float64(t.Heads))
	}
	return t
}

// String names the architecture, as "transformer 8×32, 1 block of 2 heads, logits × 0.25, 10 outputs, relu": tokens ×
// width, then the rest.
func (t Transformer) String() string {
	t = t.resolve()
	blocks := fmt.Sprintf("%d blocks", t.Blocks)
	if t.Blocks == 1 {
		blocks = "1 block"
	}
	final := ""
	if t.FinalNorm {
		final = ", a final normalisation"
	}
	return fmt.Sprintf("transformer %d×%d, %s of %d heads, logits × %.4g, %d outputs, %s%s",
		t.Tokens, t.Width, blocks, t.Heads, t.LogitScale, t.Outputs, t.style(), final)
}

// Check returns an error for sizes that are not positive or do not divide, and for names that are not known.
func (t Transformer) Check() error {
	t = t.resolve()
	if t.Tokens < 1 || t.Width < 1 || t.Heads < 1 || t.Blocks < 1 || t.Hidden < 1 || t.Outputs < 1 {
		return fmt.Errorf("%s: every size must be at least 1", t)
	}
	if t.Width%t.Heads != 0 {
		return fmt.Errorf("%d heads cannot share a width of %d: choose a divisor of the width", t.Heads, t.Width)
	}
	return t.style().check()
}

// Model is GoMLX's model function: inputs[0] is shaped [batch, …], a multiple of Tokens values per row; the result is
// [batch, Outputs]. Block k lives in scope "/block_k", in which "attention/query", "…/key", "…/value", "…/merge",
// "mlp/inner" and "mlp/outer" are its linear maps. It panics as graph-building functions do.
func (t Transformer) Model(scope *model.Scope, _ any, inputs []*Node) []*Node {
	if err := t.Check(); err != nil {
		Panicf("%v", err)
	}
	t = t.resolve()
	s := t.style()
	x := flatten(inputs[0])
	batch, values := x.Shape().Dim(0), x.Shape().Dim(1)
	if values%t.Tokens != 0 {
		Panicf("a row of %d values cannot be cut into %d tokens: choose a divisor", values, t.Tokens)
	}
	x = s.dense(scope.In("embedding"), Reshape(x, batch, t.Tokens, values/t.Tokens), t.Width)
	position := scope.In("position").VariableWithShape("weights", shapes.Make(x.DType(), t.Tokens, t.Width))
	x = Add(x, ExpandLeftToRank(position.NodeValue(x.Graph()), 3))
	for k := range t.Blocks {
		block := scope.In("block_%d", k)
		attention := block.In("attention")
		x = Add(x, t.attend(attention, s.normalise(attention, x)))
		mlp := block.In("mlp")
		inner := mlp.In("inner")
		h := s.activate(inner, s.dense(inner, s.normalise(mlp, x), t.Hidden))
		x = Add(x, s.dense(mlp.In("outer"), h, t.Width))
	}
	if t.FinalNorm {
		x = s.normalise(scope.In("final"), x)
	}
	return output(scope, ReduceMean(x, 1), s, t.Outputs)
}

// attend is multi-head self-attention over the tokens of x [batch, tokens, width].
func (t Transformer) attend(scope *model.Scope, x *Node) *Node {
	s := t.style()
	batch := x.Shape().Dim(0)
	heads := func(name string) *Node {
		return Reshape(s.dense(scope.In("%s", name), x, t.Width), batch, t.Tokens, t.Heads, t.Width/t.Heads)
	}
	query, key, value := heads("query"), heads("key"), heads("value")
	logits := MulScalar(Einsum("bqhd,bkhd->bhqk", query, key), t.LogitScale)
	mixed := Einsum("bhqk,bkhd->bqhd", Softmax(logits, -1), value)
	return s.dense(scope.In("merge"), Reshape(mixed, batch, t.Tokens, t.Width), t.Width)
}

func (t Transformer) style() layerStyle {
	return newStyle(t.Activation, t.NoBias, t.Norm, t.NormEpsilon)
}
