package law_test

import (
	"math"
	"testing"

	"alphascale/lib/law"

	"gonum.org/v1/gonum/diff/fd"
	"gonum.org/v1/gonum/stat"
)

var logits = [][]float64{{1, 2, 3}, {0.3, -1.2, 0.1, 2.4}, {5, 5, 5}, {300, 1, -200}}

func TestEntropySlopeIsTheDerivativeOfTheEntropy(t *testing.T) {
	for _, z := range logits {
		for _, alpha := range []float64{0.1, 1, 3.7} {
			p := law.Softmax(z, alpha)
			if want := stat.Entropy(p); math.Abs(law.Entropy(z, alpha)-want) > 1e-12 {
				t.Errorf("z = %v, α = %g: entropy %g, gonum's %g", z, alpha, law.Entropy(z, alpha), want)
			}
			got := law.EntropySlope(z, alpha)
			want := fd.Derivative(func(a float64) float64 { return law.Entropy(z, a) }, alpha, &fd.Settings{Formula: fd.Central})
			if math.Abs(got-want) > 1e-8*(1+math.Abs(want)) {
				t.Errorf("z = %v, α = %g: dH/dα = %g, by differences %g", z, alpha, got, want)
			}
			// The control: without the factor α it must be off wherever there is a slope.
			if wrong := got / alpha; alpha != 1 && math.Abs(want) > 1e-6 && math.Abs(wrong-want) < 1e-6 {
				t.Errorf("z = %v, α = %g: −Var passes as well", z, alpha)
			}
		}
	}
}

func TestCrossEntropyGradientByDifferences(t *testing.T) {
	for _, z := range logits[:3] {
		for _, alpha := range []float64{0.1, 1, 3.7} {
			for label := range z {
				loss := func(z []float64) float64 { return -math.Log(law.Softmax(z, alpha)[label]) }
				want := fd.Gradient(nil, loss, z, &fd.Settings{Formula: fd.Central})
				for i, got := range law.CrossEntropyGradient(z, label, alpha) {
					if math.Abs(got-want[i]) > 1e-8 {
						t.Errorf("z = %v, label %d, α = %g: ∂/∂z_%d = %g, by differences %g", z, label, alpha, i, got, want[i])
					}
				}
			}
		}
	}
}

// Correct examples fade and wrong ones grow in proportion to α.
func TestGradientsOfCorrectAndWrongExamplesPart(t *testing.T) {
	z := []float64{3, 0, -1}
	norm := func(label int, alpha float64) float64 {
		sum := 0.0
		for _, g := range law.CrossEntropyGradient(z, label, alpha) {
			sum += g * g
		}
		return math.Sqrt(sum)
	}
	if ratio := norm(0, 20) / norm(0, 1); ratio > 1e-10 {
		t.Errorf("a correct example's gradient is multiplied by %g at α = 20, not by almost 0", ratio)
	}
	if ratio := norm(1, 40) / norm(1, 20); math.Abs(ratio-2) > 1e-9 {
		t.Errorf("a wrong example's gradient is multiplied by %g from α = 20 to 40, not by 2", ratio)
	}
}
