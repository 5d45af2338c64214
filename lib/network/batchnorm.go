package network

import (
	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/layers/norm"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/ml/model/initializer"
)

// runningMomentum is the weight of the past in the running averages, GoMLX's and Keras's default.
const runningMomentum = 0.99

// batchNorm normalises each feature (last axis) over all other axes and applies a learned gain and offset: in training
// by the batch's own mean and biased variance, otherwise by their running averages. Ioffe & Szegedy 2015, algorithm 1.
//
// GoMLX's own cannot serve here. Its gradient is one backend operation without a derivative, so there is no Hessian; its
// other form stops the gradient at mean and variance, so the weights before it are no longer scale-invariant. Variables
// have GoMLX's names, and values agree with GoMLX's.
func batchNorm(scope *model.Scope, x *Node, epsilon float64) *Node {
	g := x.Graph()
	scope = scope.In(norm.BatchNormalizationScopeName)
	shape := shapes.Make(x.DType(), x.Shape().Dim(-1))
	ones, zeros := scope.WithInitializer(initializer.One), scope.WithInitializer(initializer.Zero)
	gain := ones.VariableWithShape("scale", shape)
	offset := zeros.VariableWithShape("offset", shape)
	runningMean := zeros.VariableWithShape("mean", shape).SetTrainable(false)
	runningVariance := ones.VariableWithShape("variance", shape).SetTrainable(false)
	seen := zeros.VariableWithShape("avg_weight", shape).SetTrainable(false)

	mean, variance := runningMean.NodeValue(g), runningVariance.NodeValue(g)
	if scope.IsTraining(g) {
		axes := make([]int, x.Rank()-1)
		for axis := range axes {
			axes[axis] = axis
		}
		mean = ReduceMean(x, axes...)
		variance = ReduceMean(Square(Sub(x, ExpandLeftToRank(mean, x.Rank()))), axes...)
		updateAverages(g, seen, []*model.Variable{runningMean, runningVariance}, []*Node{mean, variance})
	}
	if epsilon != 0 {
		variance = AddScalar(variance, epsilon)
	}
	feature := func(n *Node) *Node { return ExpandLeftToRank(n, x.Rank()) }
	normalised := Div(Sub(x, feature(mean)), feature(Sqrt(variance)))
	return Add(Mul(normalised, feature(gain.NodeValue(g))), feature(offset.NodeValue(g)))
}

// updateAverages moves each average towards the batch's value. The first batches are averaged plainly, so that the
// initial values leave no trace; seen counts them.
func updateAverages(g *Graph, seen *model.Variable, averages []*model.Variable, batch []*Node) {
	count := OnePlus(seen.NodeValue(g))
	seen.SetNodeValue(count)
	keep := MinScalar(OneMinus(Reciprocal(count)), runningMomentum)
	for i, average := range averages {
		average.SetNodeValue(Add(Mul(keep, average.NodeValue(g)), Mul(OneMinus(keep), StopGradient(batch[i]))))
	}
}
