package probe_test

import (
	"testing"

	"alphascale/lib/dataset"
	"alphascale/lib/internal/testkit"
	"alphascale/lib/network"
	"alphascale/lib/probe"
	"alphascale/lib/scaling"
)

// L9, rebalance (Dinh et al. 2017): (αW₁, W₂/α) computes the same function, its Hessian is D·H·D with D = diag(1/α, α), and
// its sharpness exceeds any bound.
func TestL9Rebalance(t *testing.T) {
	p := probeAt(t, network.MLP{Hidden: []int{8}, Outputs: 10, NoBias: true}.Model, dataset.Digits().First(32))
	all := scaling.Everything()
	rebalance := func(alpha float64) []probe.Change {
		return probe.Rebalance(under("/layer_0"), under("/output"), alpha)
	}
	f, _, err := p.Outputs()
	if err != nil {
		t.Fatal(err)
	}
	base := testkit.Must[probe.Eigenvalue](t)(p.Sharpness(all))
	gradients := testkit.Must[probe.Norms](t)(p.GradientNorms())
	first := size(t, p, "/layer_0/dense/weights")
	direction := make([]float64, first+size(t, p, "/output/dense/weights"))
	for i := range direction {
		direction[i] = float64(i%7) - 3
	}

	for _, alpha := range []float64{1. / 64, 0.25, 2, 1024} {
		got, _, err := p.Outputs(rebalance(alpha)...)
		if err != nil {
			t.Fatal(err)
		}
		for i := range f {
			if got[i] != f[i] {
				t.Errorf("α = %g: output %d went from %v to %v", alpha, i, f[i], got[i])
			}
		}
		rebalanced := testkit.Must[probe.Norms](t)(p.GradientNorms(rebalance(alpha)...))
		if rebalanced[0].Value != gradients[0].Value/alpha || rebalanced[1].Value != gradients[1].Value*alpha {
			t.Errorf("α = %g: gradients went from %v to %v, want × 1/α and × α", alpha, gradients, rebalanced)
		}

		diagonal := func(v []float64) []float64 {
			out := make([]float64, len(v))
			for i := range v {
				if i < first {
					out[i] = v[i] / alpha
				} else {
					out[i] = v[i] * alpha
				}
			}
			return out
		}
		want := diagonal(testkit.Must[[]float64](t)(p.HessianProduct(all, diagonal(direction))))
		product := testkit.Must[[]float64](t)(p.HessianProduct(all, direction, rebalance(alpha)...))
		for i := range want {
			if product[i] != want[i] {
				t.Fatalf("α = %g: (H·d)[%d] = %v, want (D·H·D·d)[%d] = %v", alpha, i, product[i], i, want[i])
			}
		}
	}

	// A bound, any bound: the sharpness grows like the larger of α² and 1/α² times a block of H.
	for _, bound := range []float64{1e2, 1e4, 1e6} {
		alpha := 1.0
		sharpness := base
		for sharpness.Value <= bound*base.Value && alpha < 1e6 {
			alpha *= 2
			sharpness = testkit.Must[probe.Eigenvalue](t)(p.Sharpness(all, rebalance(alpha)...))
		}
		if sharpness.Value <= bound*base.Value || !sharpness.Converged {
			t.Errorf("sharpness %+v stays below %g times %v", sharpness, bound, base.Value)
		}
	}

	// What is not a rebalance changes the function: the control.
	one, _, err := p.Outputs(probe.Rescale(under("/layer_0"), 2))
	if err != nil {
		t.Fatal(err)
	}
	if one[0] == f[0] {
		t.Error("rescaling one layer alone kept the function")
	}
}
