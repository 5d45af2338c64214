package scaling_test

import (
	"math"
	"testing"

	"alphascale/lib/backend"
	"alphascale/lib/network"
	"alphascale/lib/scaling"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// laboratory is a network in float64 with fixed data, whose derivatives are taken by automatic differentiation of the
// network itself: nothing of the laws is in it.
type laboratory struct {
	network    network.MLP
	own, other scaling.Selector
	store      *model.Store
	exec       *model.Exec
	names      []scaling.Observable       // of the outputs of exec
	values     map[string]*tensors.Tensor // at α = 1
}

const (
	labRows, labInputs = 7, 4
	labHiddens         = 2
)

func newLaboratory(t testing.TB, m network.MLP, own, other scaling.Selector) *laboratory {
	t.Helper()
	lab := &laboratory{network: m, own: own, other: other, store: model.NewStore()}
	b, err := backend.Open()
	if err == nil {
		err = lab.store.SetRNGStateFromSeed(3)
	}
	if err != nil {
		t.Fatal(err)
	}
	lab.exec, err = model.NewExec(b, lab.store, func(scope *model.Scope, alpha, s *Node) (nodes []*Node) {
		lab.names, nodes = lab.build(scope.Store(), alpha, s)
		return nodes
	})
	if err == nil {
		_, err = lab.exec.Call(1.0, 1.0) // draws the initial values
	}
	if err == nil {
		lab.values, err = scaling.ValuesOf(lab.store)
	}
	if err == nil {
		lab.values, err = scaling.Rescale(lab.values, lab.paths(scaling.Everything()), 1, scaling.KeepMoments) // copies
	}
	if err != nil {
		t.Fatal(err)
	}
	return lab
}

// paths lists the variables that a selector matches.
func (lab *laboratory) paths(selector scaling.Selector) (paths []string) {
	for _, v := range lab.pick(selector) {
		paths = append(paths, v.Path())
	}
	return paths
}

func (lab *laboratory) pick(selector scaling.Selector) (picked []*model.Variable) {
	for v := range lab.store.IterVariables() {
		if selector.Match(v) && v.DType() == dtypes.Float64 {
			picked = append(picked, v)
		}
	}
	return picked
}

// at observes the network with the given values, with u = alpha·w for its own weights and the loss times s.
func (lab *laboratory) at(t testing.TB, values map[string]*tensors.Tensor, alpha, s float64) map[scaling.Observable]float64 {
	t.Helper()
	weights := map[string]*tensors.Tensor{}
	for _, path := range lab.paths(scaling.Everything()) {
		weights[path] = values[path]
	}
	if err := scaling.SetValues(lab.store, weights); err != nil {
		t.Fatal(err)
	}
	outputs, err := lab.exec.Call(alpha, s)
	if err != nil {
		t.Fatal(err)
	}
	out := map[scaling.Observable]float64{}
	for i, name := range lab.names {
		out[name] = tensors.ToScalar[float64](outputs[i])
	}
	return out
}

// build returns scalars: norms of what laws are about. Derivatives are with respect to the weights that the store holds.
func (lab *laboratory) build(store *model.Store, alpha, s *Node) (names []scaling.Observable, nodes []*Node) {
	g := alpha.Graph()
	wave := func(n int, step float64, dims ...int) *Node {
		return Reshape(Cos(MulScalar(Iota(g, shapes.Make(dtypes.Float64, n), 0), step)), dims...)
	}
	inputs := wave(labRows*labInputs, 1.7, labRows, labInputs)
	forward := func() *Node { return lab.network.Model(store.RootScope(), nil, []*Node{inputs})[0] }
	forward() // creates the variables
	own, other := lab.pick(lab.own), lab.pick(lab.other)
	ownRaw, restore := scaling.Reparameterise(g, own, alpha)
	var otherRaw []*Node
	for _, v := range other {
		otherRaw = append(otherRaw, v.NodeValue(g))
	}
	f := forward()
	restore()
	targets, _ := scaling.ScaleLoss(func(labels, predictions []*Node) *Node {
		return Mul(s, ReduceAllMean(Square(Sub(predictions[0], labels[0]))))
	}, 1)
	loss := targets([]*Node{wave(f.Shape().Size(), 0.9, f.Shape().Dimensions...)}, []*Node{f})
	contracted := ReduceAllSum(Mul(f, wave(f.Shape().Size(), 0.4, f.Shape().Dimensions...)))

	add := func(name scaling.Observable, parts []*Node) {
		sum := ReduceAllSum(Square(parts[0]))
		for _, part := range parts[1:] {
			sum = Add(sum, ReduceAllSum(Square(part)))
		}
		names, nodes = append(names, name), append(nodes, Sqrt(sum))
	}
	hessian := func(by []*Node) []*Node {
		gradients := Gradient(loss, by...)
		along := ReduceAllSum(Mul(gradients[0], wave(by[0].Shape().Size(), 0.7, by[0].Shape().Dimensions...)))
		return Gradient(along, by[:1]...)
	}
	add(scaling.Function, []*Node{f})
	add(scaling.Weight, ownRaw)
	add(scaling.OtherWeight, otherRaw)
	add(scaling.Jacobian, Gradient(contracted, ownRaw...))
	add(scaling.OtherJacobian, Gradient(contracted, otherRaw...))
	add(scaling.Gradient, Gradient(loss, ownRaw...))
	add(scaling.OtherGradient, Gradient(loss, otherRaw...))
	add(scaling.Hessian, hessian(ownRaw))
	add(scaling.OtherHessian, hessian(otherRaw))
	names = append(names, scaling.L2Penalty, scaling.L1Penalty)
	nodes = append(nodes, ReduceAllSum(Square(ownRaw[0])), ReduceAllSum(Abs(ownRaw[0])))
	return names, nodes
}

// Every exponent of every law, against the derivatives of a network to which the operation is applied.
func TestLawsAgainstDerivatives(t *testing.T) {
	homogeneous := scaling.HomogeneousLaw(labHiddens + 1)
	hidden := []int{6, 5}
	relu := network.MLP{Hidden: hidden, Outputs: 3, NoBias: true}
	biased := network.MLP{Hidden: hidden, Outputs: 3, Activation: "tanh"}
	normalised := network.MLP{Hidden: hidden, Outputs: 3, NoBias: true, Norm: network.LayerNorm, NormEpsilon: -1}
	middle, first, last := scaling.Under("/layer_1/dense"), scaling.Under("/layer_0/dense"), scaling.Under("/output")
	keep := scaling.KeepMoments
	for _, test := range []struct {
		law        scaling.Law
		network    network.MLP
		own, other scaling.Selector
		factor     func(alpha float64) float64 // by which own weights are rescaled
		forward    bool                        // u = α·w in the forward pass
		loss       bool                        // α multiplies the loss
	}{
		{scaling.ReparameteriseLaw(), biased, middle, first, func(a float64) float64 { return 1 / a }, true, false},
		{homogeneous, relu, scaling.Weights(), first, func(a float64) float64 { return a }, false, false},
		{scaling.LayerLaw(), relu, middle, first, func(a float64) float64 { return a }, false, false},
		{scaling.OutputLaw(), relu, scaling.LayerOutput("/layer_1/dense"), first, nil, true, false},
		{scaling.ScaleInvariantLaw(), normalised, middle, last, func(a float64) float64 { return a }, false, false},
		{scaling.PenaltyLaw(), biased, middle, first, func(a float64) float64 { return a }, false, false},
		{scaling.RebalanceLaw(), relu, first, middle, func(a float64) float64 { return a }, false, false},
		{scaling.LossLaw(), biased, middle, first, nil, false, true},
		{scaling.LearningRateLaw(), biased, middle, first, nil, false, false},
	} {
		t.Run(test.law.ID+" "+test.law.Setting, func(t *testing.T) {
			lab := newLaboratory(t, test.network, test.own, test.other)
			before := lab.at(t, lab.values, 1, 1)
			for _, alpha := range []float64{0.3, 2, 3.7} {
				values, forward, s := lab.values, 1.0, 1.0
				var err error
				switch {
				case test.law.Operation == scaling.OpRebalance:
					values, err = scaling.Rebalance(values, lab.paths(test.own), lab.paths(test.other), alpha, keep)
				case test.factor != nil:
					values, err = scaling.Rescale(values, lab.paths(test.own), test.factor(alpha), keep)
				}
				if err != nil {
					t.Fatal(err)
				}
				if test.forward {
					forward = alpha
				}
				if test.loss {
					s = alpha
				}
				after := lab.at(t, values, forward, s)
				for of, exponent := range test.law.Effects {
					ratio := after[of] / before[of]
					want, err := test.law.Predict(of, alpha)
					if err != nil {
						t.Fatal(err)
					}
					if before[of] == 0 || math.Abs(ratio/want-1) > 1e-10 {
						t.Errorf("α = %g: the %s of %.4g is multiplied by %.12g, predicted α^%g = %.12g",
							alpha, of, before[of], ratio, exponent, want)
					}
					if wrong := math.Pow(alpha, exponent+0.1); math.Abs(ratio/wrong-1) < 1e-3 {
						t.Errorf("α = %g: an exponent of %g passes for the %s", alpha, exponent+0.1, of)
					}
				}
			}
		})
	}
}
