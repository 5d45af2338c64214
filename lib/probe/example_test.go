package probe_test

import (
	"fmt"

	"alphascale/lib/subject"

	"alphascale/lib/dataset"
	"alphascale/lib/network"
	"alphascale/lib/probe"
	"alphascale/lib/scaling"
)

// The per-layer table of L2: multiplying one layer by α leaves its own Jacobian as it is and multiplies the others'.
func ExampleProbe_JacobianNorms() {
	few := dataset.Digits().First(4)
	model := network.MLP{Hidden: []int{16, 16}, Outputs: 10, NoBias: true}
	p, err := probe.New(probe.Config{Subject: subject.Of(model.Model, few), Seed: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer p.Finalize()

	before, err := p.JacobianNorms()
	if err != nil {
		fmt.Println(err)
		return
	}
	after, err := p.JacobianNorms(probe.Rescale(scaling.Under("/layer_1"), 4))
	if err != nil {
		fmt.Println(err)
		return
	}
	for i, norm := range before {
		fmt.Printf("%-24s × %g\n", norm.Path, after[i].Value/norm.Value)
	}
	// Output:
	// /layer_0/dense/weights   × 4
	// /layer_1/dense/weights   × 1
	// /output/dense/weights    × 4
}

// The sharpness of a quadratic is known; u = α·w multiplies it by α² (L1).
func ExampleProbe_Sharpness() {
	quadratic, err := dataset.NewQuadratic([]float64{3, 1, 0.5}, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	p, err := probe.New(probe.Config{Subject: subject.Of(network.MLP{Outputs: 1, NoBias: true}.Model, quadratic.Set)})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer p.Finalize()
	for _, alpha := range []float64{0.5, 1, 2} {
		h, err := p.Sharpness(scaling.Everything(), probe.Reparameterise(scaling.Weights(), alpha))
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("α = %g: %.4f, converged %v\n", alpha, h.Value, h.Converged)
	}
	// Output:
	// α = 0.5: 0.7500, converged true
	// α = 1: 3.0000, converged true
	// α = 2: 12.0000, converged true
}
