package frameworks

import (
	"math"
	"math/rand/v2"

	"alphascale/lib/dataset"
	"alphascale/lib/network"

	"github.com/gomlx/gomlx/core/tensors"
)

// What every framework trains, and GoMLX beside them: the same perceptron on the same batches, from the same weights.
const (
	Steps = 100
	Batch = 128 // rows, in the order of the data, round and round
)

// Perceptron is the network that is trained, 64 → 32 → 32 → 10 with tanh.
func Perceptron() network.MLP {
	return network.MLP{Hidden: []int{32, 32}, Outputs: 10, Activation: "tanh"}
}

// Data are the digits in whole batches.
func Data() dataset.Set {
	all := dataset.Digits()
	return all.First(all.Rows() / Batch * Batch)
}

// Layer are the weights from which a layer starts: W [inputs, outputs] row by row, B [outputs].
type Layer struct {
	Inputs, Outputs int
	W, B            []float32
}

// Start returns the initial weights, the same at every call: normal, of variance 1/inputs, and biases of variance 1/100, since
// from biases of zero an optimizer with a trust ratio takes steps of another kind.
func Start() []Layer {
	random := rand.New(rand.NewPCG(20, 0))
	draw := func(n int, scale float64) []float32 {
		out := make([]float32, n)
		for i := range out {
			out[i] = float32(scale * random.NormFloat64())
		}
		return out
	}
	inputs := Data().Width()
	var layers []Layer
	for _, outputs := range append(Perceptron().Hidden, Perceptron().Outputs) {
		layers = append(layers, Layer{
			Inputs: inputs, Outputs: outputs,
			W: draw(inputs*outputs, 1/math.Sqrt(float64(inputs))), B: draw(outputs, 0.1),
		})
		inputs = outputs
	}
	return layers
}

// Initial are the weights of Start by their paths in GoMLX, for training.Settings.Initial.
func Initial() map[string]*tensors.Tensor {
	out := map[string]*tensors.Tensor{}
	for i, layer := range Start() {
		scope := []string{"/layer_0", "/layer_1", "/output"}[i]
		out[scope+"/dense/weights"] = tensors.FromFlatDataAndDimensions(layer.W, layer.Inputs, layer.Outputs)
		out[scope+"/dense/biases"] = tensors.FromFlatDataAndDimensions(layer.B, layer.Outputs)
	}
	return out
}
