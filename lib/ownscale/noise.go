package ownscale

import (
	"fmt"
	"math"
	"math/rand/v2"

	"alphascale/lib/dataset"
	"alphascale/lib/subject"
	"alphascale/lib/training"

	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// NoiseWeights is the path of the only weights of Noise.
const NoiseWeights = "/noise/weights"

// Noise is a training in which the gradient of each step is pure noise: of the loss ⟨x,w⟩, with a row x of independent normal numbers for
// each step, of variance 1/weights. If invariant, the loss is ⟨x,w⟩/‖w‖, which does not depend on the scale of w: the gradient is
// perpendicular to w and has the norm 1/‖w‖. The optimizer is the caller's. Fewer than one weight or step is an error.
func Noise(weights, steps int, seed uint64, invariant bool) (training.Config, error) {
	if weights < 1 || steps < 1 {
		return training.Config{}, fmt.Errorf("%d weights for %d steps: give at least one of each", weights, steps)
	}
	random, data := rand.New(rand.NewPCG(seed, 0x5ca1e)), dataset.Set{Name: "noise", Shape: []int{weights}, Targets: make([]float64, steps)}
	for range weights * steps {
		data.Inputs = append(data.Inputs, random.NormFloat64()/math.Sqrt(float64(weights)))
	}
	net := func(scope *model.Scope, _ any, inputs []*Node) []*Node {
		x := inputs[0]
		w := scope.In("noise").VariableWithShape("weights", shapes.Make(x.DType(), weights, 1)).NodeValue(x.Graph())
		if invariant {
			w = Div(w, Sqrt(ReduceAllSum(Square(w))))
		}
		return []*Node{MatMul(x, w)}
	}
	return training.Config{Subject: subject.Subject{Model: net, Data: data, Loss: mean}, Batch: 1, Steps: steps}, nil
}
