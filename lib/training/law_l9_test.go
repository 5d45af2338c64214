package training_test

import (
	"math"
	"testing"

	"alphascale/lib/backend"
	"alphascale/lib/instrument"
	"alphascale/lib/network"
	"alphascale/lib/optim"
	"alphascale/lib/result"
	"alphascale/lib/training"
)

// L9, balance (Du, Hu & Lee 2018): gradient flow conserves ‖W₁‖² − ‖W₂‖² of a bias-free ReLU pair. Gradient descent moves
// it by η²(‖g₁‖² − ‖g₂‖²) per step, so by O(η) over a given time.
func TestL9Balance(t *testing.T) {
	drift := func(activation string, eta float64, steps int) float64 {
		o := optim.New(optim.SGD)
		c := normalisedConfig(t, backend.Interpreter, o)
		c.Model = network.MLP{Hidden: []int{12}, Outputs: 10, NoBias: true, Activation: activation}.Model
		c.Steps, c.Batch, c.Scaled = steps, c.Data.Rows(), selected(t, "weights")
		c.Instruments = []instrument.Instrument{instrument.WeightNorm(), instrument.GradientNorm(), instrument.Radial()}
		r := run(t, compile(t, c), training.Settings{Alpha: 1, Hyper: optim.Values{optim.LearningRate: eta}, Seed: 1})
		balance := differenceOfSquares(t, r, instrument.WeightNorm())
		if activation == "relu" {
			slope := differenceOfSquares(t, r, instrument.GradientNorm())
			for i := 1; i < len(balance); i++ {
				if off := balance[i] - balance[i-1] - eta*eta*slope[i-1]; math.Abs(off) > 1e-12 {
					t.Errorf("step %d: the balance moved by %v, want %v", i, balance[i]-balance[i-1], eta*eta*slope[i-1])
				}
			}
			first, second := recorded(t, r, instrument.Radial(), "/layer_0/dense/weights"), recorded(t, r, instrument.Radial(), "/output/dense/weights")
			if off := result.RelativeDifference(first, second); off > 1e-12 {
				t.Errorf("⟨W₁,g₁⟩ and ⟨W₂,g₂⟩ differ by %g", off)
			}
		}
		return balance[len(balance)-1] - balance[0]
	}
	if ratio := drift("relu", 0.04, 26) / drift("relu", 0.02, 51); math.Abs(ratio-2) > 0.2 {
		t.Errorf("half the learning rate drifts %g times less over the same time, want 2", ratio)
	}
	// Without homogeneity there is nothing to conserve: the drift hardly depends on the learning rate.
	if ratio := drift("tanh", 0.04, 26) / drift("tanh", 0.02, 51); ratio > 1.5 {
		t.Errorf("tanh: half the learning rate drifts %g times less, want about 1", ratio)
	}
}

// differenceOfSquares is ‖first layer‖² − ‖output layer‖² of a recorded norm at each step.
func differenceOfSquares(t *testing.T, r *training.Run, i instrument.Instrument) []float64 {
	t.Helper()
	first, second := recorded(t, r, i, "/layer_0/dense/weights"), recorded(t, r, i, "/output/dense/weights")
	out := make([]float64, len(first))
	for k := range out {
		out[k] = first[k]*first[k] - second[k]*second[k]
	}
	return out
}
