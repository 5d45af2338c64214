package training_test

import (
	"testing"

	"alphascale/lib/backend"
	"alphascale/lib/network"
	"alphascale/lib/optim"
	"alphascale/lib/training"

	"github.com/gomlx/gomlx/ml/train"
)

// TestNetworksTrain runs every architecture and normalisation inside the compiled loop, which refuses constants made
// elsewhere, and expects them to learn.
func TestNetworksTrain(t *testing.T) {
	for name, model := range map[string]train.ModelFn{
		"CNN, batch norm":         network.CNN{Channels: []int{4, 8}, Outputs: 10, Norm: network.BatchNorm}.Model,
		"residual, RMS norm":      network.Residual{Width: 16, Blocks: 2, Outputs: 10, Norm: network.RMSNorm}.Model,
		"transformer, layer norm": network.Transformer{Width: 16, Outputs: 10, Norm: network.LayerNorm}.Model,
		"MLP, weight norm":        network.MLP{Hidden: []int{16}, Outputs: 10, Norm: network.WeightNorm}.Model,
	} {
		t.Run(name, func(t *testing.T) {
			o := optim.New(optim.Adam)
			c := normalisedConfig(t, backend.Open, o)
			c.Model, c.Scaled, c.Steps = model, selected(t, "weights"), 60
			r := run(t, compile(t, c), training.Settings{Alpha: 1, Hyper: optim.Values{optim.LearningRate: 0.01}, Seed: 1})
			if first, last := r.Loss[0], r.Loss[len(r.Loss)-1]; r.Diverged >= 0 || last > first/2 {
				t.Errorf("the loss went from %g to %g in %d steps", first, last, len(r.Loss))
			}
		})
	}
}
