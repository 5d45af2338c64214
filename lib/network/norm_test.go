package network_test

import (
	"math"
	"testing"

	"alphascale/lib/backend"
	"alphascale/lib/network"

	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/layers"
	"github.com/gomlx/gomlx/ml/layers/norm"
	"github.com/gomlx/gomlx/ml/model"
)

// TestBatchNorm compares batch normalisation with GoMLX's own, in training and in evaluation: values, gradients by input
// and running statistics.
func TestBatchNorm(t *testing.T) {
	x := waves(t, 6, 4)
	for _, training := range []bool{true, false} {
		build := func(own bool) func(scope *model.Scope, x *Node) []*Node {
			return func(scope *model.Scope, x *Node) []*Node {
				g := x.Graph()
				scope.Store().SetTraining(g, training)
				x = MulScalar(x, 3)
				var y *Node
				if own {
					m := network.MLP{Hidden: []int{4}, Outputs: 4, Activation: "none", NoBias: true, Norm: network.BatchNorm}
					y = m.Model(scope, nil, []*Node{x})[0]
				} else {
					layer := scope.In("layer_0")
					y = norm.BatchNorm(layer, layers.Dense(layer, x, false, 4), -1).UseBackendInference(training).Done()
					y = layers.Dense(scope.In("output"), y, false, 4)
				}
				out := append([]*Node{y}, Gradient(ReduceAllSum(Mul(y, Sin(IotaFull(g, y.Shape())))), x)...)
				for _, name := range []string{"mean", "variance"} {
					path := "/layer_0/batch_normalization/" + name
					out = append(out, scope.Store().GetVariable(path).NodeValue(g))
				}
				return out
			}
		}
		store := model.NewStore()
		mine := runOn(t, open(t, backend.Open), store, build(true), x)
		again := runOn(t, open(t, backend.Open), store, build(true), x) // the second batch counts half
		other := cloneWeights(t, store)
		theirs := runOn(t, open(t, backend.Open), other, build(false), x)
		if training {
			compare(t, mine, theirs, 1e-6) // GoMLX rounds ε to float32
		}
		theirs = runOn(t, open(t, backend.Open), other, build(false), x)
		compare(t, again, theirs, 1e-6)
	}
}

// TestNormalisationsNormalise multiplies the weights before each normalisation by 5, which the outputs must not notice; as a
// control, without a normalisation they do.
func TestNormalisationsNormalise(t *testing.T) {
	x := waves(t, 3, 5)
	for _, kind := range network.Normalisations {
		store := model.NewStore()
		m := network.MLP{Hidden: []int{4}, Outputs: 2, NoBias: true, Norm: kind, NormEpsilon: -1}
		want := run(t, store, timesHidden(m, 1), x)[0]
		got := run(t, store, timesHidden(m, 5), x)[0]
		apart := 0.0
		for i := range want {
			apart = max(apart, math.Abs(got[i]-want[i]))
		}
		if invariant := apart < 1e-12; invariant != (kind != network.NoNorm) {
			t.Errorf("normalisation %q: with weights × 5 before it the outputs move by %g", kind, apart)
		}
	}
}

// timesHidden is the model in training, with the weights of its hidden layer multiplied by a factor.
func timesHidden(m network.MLP, factor float64) func(scope *model.Scope, x *Node) []*Node {
	return func(scope *model.Scope, x *Node) []*Node {
		scope.Store().SetTraining(x.Graph(), true)
		if v := scope.Store().GetVariable("/layer_0/dense/weights"); v != nil {
			raw := v.NodeValue(x.Graph())
			v.SetNodeValue(MulScalar(raw, factor))
			defer v.SetNodeValue(raw)
		}
		return m.Model(scope, nil, []*Node{x})
	}
}

// Weight normalisation has one trainable gain per unit.
func TestWeightNormHasGains(t *testing.T) {
	store := model.NewStore()
	run(t, store, timesHidden(network.MLP{Hidden: []int{4}, Outputs: 2, NoBias: true, Norm: network.WeightNorm}, 1), waves(t, 3, 5))
	if gain := store.GetVariable("/layer_0/dense/gain"); gain.Shape().Size() != 4 || !gain.Trainable {
		t.Errorf("gain %s: want one per unit, trainable", gain)
	}
}
