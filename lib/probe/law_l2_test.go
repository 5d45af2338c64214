package probe_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"alphascale/lib/backend"
	"alphascale/lib/dataset"
	"alphascale/lib/internal/testkit"
	"alphascale/lib/subject"

	"alphascale/lib/network"
	"alphascale/lib/probe"
	"alphascale/lib/result"
	"alphascale/lib/scaling"

	"pgregory.net/rapid"
)

// L2, positively homogeneous networks: f(αθ) = α^D·f(θ) and ∂f/∂W(αθ) = α^(D−1)·∂f/∂W(θ) for a bias-free ReLU network of
// depth L; α on layer k alone multiplies f and every other layer's ∂f/∂W by α and leaves ∂f/∂W_k as it is.

// deep is the bias-free ReLU network with the given number of weight matrices.
func deep(depth, width int) network.MLP {
	return network.MLP{Hidden: slices.Repeat([]int{width}, depth-1), Outputs: 10, NoBias: true}
}

// layerPath is the path of the weights of layer k of a network of the given depth.
func layerPath(k, depth int) string {
	if k == depth-1 {
		return "/output/dense/weights"
	}
	return fmt.Sprintf("/layer_%d/dense/weights", k)
}

// scaledBy reports whether every norm of after is factor times that of before, bit for bit.
func scaledBy(before, after probe.Norms, factor float64) bool {
	return slices.EqualFunc(before, after, func(a, b probe.Norm) bool {
		return a.Path == b.Path && b.Value == a.Value*factor
	})
}

func TestL2Jacobian(t *testing.T) {
	for depth := 2; depth <= 6; depth++ {
		for name, open := range backends {
			if name == "compiled" && depth != 3 {
				continue // one depth is enough to see that compiling changes nothing
			}
			t.Run(fmt.Sprintf("depth %d %s", depth, name), func(t *testing.T) {
				p := probeOn(t, open, probe.Config{Subject: subject.Of(deep(depth, 12).Model, dataset.Digits().First(3)), Seed: 1})
				checkJacobianExponent(t, p, float64(depth-1))
				for k := range depth {
					checkOneLayer(t, p, layerPath(k, depth), 0.125)
				}
			})
		}
	}
}

// checkJacobianExponent rescales all weights and compares ‖∂f/∂W‖ with the law, bit for bit at powers of two and by a
// fit elsewhere.
func checkJacobianExponent(t *testing.T, p *probe.Probe, exponent float64) {
	t.Helper()
	jacobian := func(alpha float64) probe.Norms {
		return testkit.Must[probe.Norms](t)(p.JacobianNorms(probe.Rescale(scaling.Weights(), alpha)))
	}
	base := jacobian(1)
	for _, alpha := range []float64{1. / 64, 0.5, 8} {
		got := jacobian(alpha)
		if !scaledBy(base, got, math.Pow(alpha, exponent)) {
			t.Errorf("α = %g: ‖∂f/∂W‖ went from %v to %v, not by α^%g bit for bit", alpha, base, got, exponent)
		}
		if scaledBy(base, got, math.Pow(alpha, exponent+0.1)) || scaledBy(base, got, math.Pow(alpha, exponent+1)) {
			t.Errorf("α = %g: a wrong exponent was confirmed", alpha)
		}
	}
	for i, norm := range base {
		points := result.Series{Label: norm.Path, X: result.Alpha(), Y: result.Quantity{Name: "Jacobian norm"}}
		for _, alpha := range []float64{0.3, 0.7, 1.3, 3.7} {
			points.Xs, points.Ys = append(points.Xs, alpha), append(points.Ys, jacobian(alpha)[i].Value)
		}
		fit := testkit.Must[result.Fit](t)(result.FitExponent(points))
		if math.Abs(fit.Exponent-exponent) > 1e-3 {
			t.Errorf("%s: exponent %v, want %g ± 0.001", norm.Path, fit, exponent)
		}
	}
}

// TestL2LossGradient shows what the law does not claim: the gradient of a cross-entropy carries ℓ'(α^D·f) as well.
func TestL2LossGradient(t *testing.T) {
	const depth, alpha = 3, 4.0
	p := probeAt(t, deep(depth, 12).Model, dataset.Digits().First(16))
	before := testkit.Must[probe.Norms](t)(p.GradientNorms())
	after := testkit.Must[probe.Norms](t)(p.GradientNorms(probe.Rescale(scaling.Weights(), alpha)))
	for i := range before {
		exponent := math.Log(after[i].Value/before[i].Value) / math.Log(alpha)
		if math.Abs(exponent-(depth-1)) < 0.05 {
			t.Errorf("%s: the loss gradient has the Jacobian's exponent, %v", before[i].Path, exponent)
		}
	}
}

// fataler is what a test and a property have in common.
type fataler interface {
	Helper()
	Errorf(format string, args ...any)
	Fatal(args ...any)
}

// checkOneLayer multiplies one layer by a power of two and compares f and every ∂f/∂W bit for bit.
func checkOneLayer(t fataler, p *probe.Probe, path string, alpha float64) {
	t.Helper()
	selected := scaling.Select(path)
	change := probe.Rescale(selected, alpha)
	f, _, err := p.Outputs()
	if err != nil {
		t.Fatal(err)
	}
	scaled, _, err := p.Outputs(change)
	if err != nil {
		t.Fatal(err)
	}
	for i := range f {
		if scaled[i] != alpha*f[i] {
			t.Errorf("%s × %g: output %d went from %v to %v", path, alpha, i, f[i], scaled[i])
		}
	}
	before, err := p.JacobianNorms()
	if err != nil {
		t.Fatal(err)
	}
	after, err := p.JacobianNorms(change)
	if err != nil {
		t.Fatal(err)
	}
	for i, norm := range before {
		factor := alpha
		if norm.Path == path {
			factor = 1
		}
		if after[i].Value != factor*norm.Value {
			t.Errorf("%s × %g: ‖∂f/∂w‖ of %s went from %v to %v, want × %g", path, alpha, norm.Path, norm.Value, after[i].Value, factor)
		}
		if norm.Value != 0 && after[i].Value == factor*alpha*norm.Value {
			t.Errorf("%s × %g: the wrong factor was confirmed for %s", path, alpha, norm.Path)
		}
	}
}

// TestL2Property draws architecture, weights, layer and power of two.
func TestL2Property(t *testing.T) {
	data := dataset.Digits().First(2)
	rapid.Check(t, func(r *rapid.T) {
		depth := rapid.IntRange(1, 5).Draw(r, "depth")
		model := deep(depth, rapid.IntRange(1, 9).Draw(r, "width"))
		b, err := backend.Interpreter()
		if err != nil {
			r.Fatal(err)
		}
		p, err := probe.New(probe.Config{Subject: subject.Subject{Model: model.Model, Data: data, Backend: b}, Seed: rapid.Int64().Draw(r, "seed")})
		if err != nil {
			r.Fatal(err)
		}
		defer p.Finalize()
		exponent := rapid.IntRange(-20, 20).Filter(func(k int) bool { return k != 0 }).Draw(r, "log2 α")
		path := layerPath(rapid.IntRange(0, depth-1).Draw(r, "layer"), depth)
		checkOneLayer(r, p, path, math.Ldexp(1, exponent))
	})
}
