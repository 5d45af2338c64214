package optim

import (
	"github.com/gomlx/compute/dtypes"
	. "github.com/gomlx/gomlx/core/graph"
)

// Wide is the dtype in which updates of weights of the given one are computed, and in which moments, hyperparameters and counts
// of steps are kept: float64 for itself, float32 for all narrower floats. In bfloat16 β₂ = 0.999 would be 1, in float16
// ε = 1e-8 would be 0 and a count would end at 2048.
func Wide(dtype dtypes.DType) dtypes.DType {
	if dtype == dtypes.Float64 {
		return dtype
	}
	return dtypes.Float32
}

// Norm is the Euclidean norm of a tensor of floats, a scalar of dtype float64. It neither over- nor underflows where the norm
// itself is within the range of float64: squares of float32 and narrower numbers are summed in float64, and numbers of
// float64 are divided by the largest of them first. A graph-building function.
func Norm(x *Node) *Node {
	if x.DType() != dtypes.Float64 {
		return Sqrt(ReduceAllSum(Square(ConvertDType(x, dtypes.Float64))))
	}
	largest := ReduceAllMax(Abs(x))
	divisor := Where(GreaterThan(largest, ZerosLike(largest)), largest, OnesLike(largest))
	return Mul(divisor, Sqrt(ReduceAllSum(Square(Div(x, divisor)))))
}

// Norm is the function Norm in the dtype that the rule works in.
func (u *Update) Norm(x *Node) *Node { return ConvertDType(Norm(x), x.DType()) }

// widened are tensors in the dtype in which updates are computed.
func widened(nodes []*Node) []*Node {
	out := make([]*Node, len(nodes))
	for i, n := range nodes {
		out[i] = ConvertDType(n, Wide(n.DType()))
	}
	return out
}
