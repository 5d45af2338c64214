package diagnose_test

import (
	"slices"
	"testing"

	"alphascale/lib/dataset"
	"alphascale/lib/subject"

	"alphascale/lib/diagnose"
	"alphascale/lib/network"
	"alphascale/lib/optim"
	"alphascale/lib/training"
)

// until is the run as it was after n steps.
func until(t *testing.T, r *training.Run, n int) *training.Run {
	t.Helper()
	records := r.Records()
	for i := range records {
		records[i].Values = records[i].Values[:n]
	}
	out, err := training.Restore(r.Settings, r.Loss[:n], records)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestHealthy looks fifteen times at runs that learn, with each optimizer, and has nothing to say.
func TestHealthy(t *testing.T) {
	rates := map[optim.Family]float64{
		optim.SGD: 0.2, optim.HeavyBall: 0.03, optim.Nesterov: 0.03, optim.SignSGD: 0.002, optim.Lion: 0.001, optim.RMSProp: 0.003,
		optim.Adam: 0.003, optim.AdamW: 0.003, optim.Adagrad: 0.03, optim.Muon: 0.01, optim.Adan: 0.003, optim.LARS: 5, optim.LAMB: 0.005,
	}
	norms := []network.Normalisation{network.NoNorm, network.BatchNorm, network.LayerNorm, network.RMSNorm, network.WeightNorm}
	for i, family := range optim.Families() {
		net := network.MLP{
			Hidden: slices.Repeat([]int{32 << (i % 2)}, 1+i%3), Outputs: 10, Norm: norms[i%len(norms)], Activation: []string{"relu", "tanh"}[i/2%2],
		}
		t.Run(string(family)+" "+net.String(), func(t *testing.T) {
			p := compile(t, training.Config{
				Subject: subject.Of(net.Model, dataset.Digits()), Optimizer: optim.New(family), Steps: 300, Instruments: diagnose.Instruments(),
			})
			for seed := range int64(3) {
				r := run(t, p, training.Settings{Alpha: 1, Seed: seed, Hyper: eta(rates[family])})
				if last := r.Loss[len(r.Loss)-1]; !(last < chance/2) {
					t.Errorf("seed %d ends at %g, so the test is no test", seed, last)
				}
				for look := 1; look <= 15; look++ {
					if findings := diagnose.Findings(until(t, r, 20*look)); len(findings) > 0 {
						t.Errorf("seed %d after %d steps:\n%s", seed, 20*look, text(findings))
					}
				}
			}
		})
	}
}
