package law_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"alphascale/lib/law"

	"gonum.org/v1/gonum/diff/fd"
	"gonum.org/v1/gonum/mat"
)

// pair is a ReLU network of 2 inputs, 3 hidden units and 1 output on fixed data; θ holds W₁ (3 × 2) and then W₂ (3).
func pair() (loss func(theta []float64) float64, theta []float64, first int) {
	random := rand.New(rand.NewPCG(4, 4))
	const rows, in, hidden = 8, 2, 3
	x, y := make([]float64, rows*in), make([]float64, rows)
	theta = make([]float64, hidden*(in+1))
	for _, values := range [][]float64{x, y, theta} {
		for i := range values {
			values[i] = random.NormFloat64()
		}
	}
	loss = func(theta []float64) float64 {
		sum := 0.0
		for r := range rows {
			f := 0.0
			for k := range hidden {
				z := 0.0
				for i := range in {
					z += theta[k*in+i] * x[r*in+i]
				}
				f += theta[hidden*in+k] * max(z, 0)
			}
			sum += (f - y[r]) * (f - y[r]) / 2
		}
		return sum
	}
	return loss, theta, hidden * in
}

func rebalanced(theta []float64, first int, alpha float64) []float64 {
	out := append([]float64(nil), theta...)
	for i := range out {
		if i < first {
			out[i] *= alpha
		} else {
			out[i] /= alpha
		}
	}
	return out
}

// hessian takes central differences; the loss is a polynomial of the fourth degree between kinks.
func hessian(loss func([]float64) float64, theta []float64) *mat.SymDense {
	const step = 1e-4
	h := mat.NewSymDense(len(theta), nil)
	at := func(i, j int, di, dj float64) float64 {
		moved := append([]float64(nil), theta...)
		moved[i] += di
		moved[j] += dj
		return loss(moved)
	}
	for i := range theta {
		for j := i; j < len(theta); j++ {
			d := at(i, j, step, step) - at(i, j, step, -step) - at(i, j, -step, step) + at(i, j, -step, -step)
			h.SetSym(i, j, d/(4*step*step))
		}
	}
	return h
}

func TestRebalancedHessianByDifferences(t *testing.T) {
	loss, theta, first := pair()
	const alpha = 1.5
	moved := rebalanced(theta, first, alpha)
	if a, b := loss(theta), loss(moved); math.Abs(a-b) > 1e-12*a {
		t.Fatalf("rebalancing changes the loss from %g to %g", a, b)
	}
	want := hessian(loss, moved)
	got, err := law.RebalancedHessian(hessian(loss, theta), first, alpha)
	if err != nil {
		t.Fatal(err)
	}
	wrong, err := law.RebalancedHessian(hessian(loss, theta), first, math.Pow(alpha, 1.1))
	if err != nil {
		t.Fatal(err)
	}
	size := mat.Norm(want, 2)
	var off, control mat.Dense
	off.Sub(got, want)
	control.Sub(wrong, want)
	if d := mat.Norm(&off, 2) / size; d > 1e-3 {
		t.Errorf("DHD differs from the Hessian by differences by %g of its size", d)
	}
	if d := mat.Norm(&control, 2) / size; d < 1e-2 {
		t.Error("an exponent of 1.1 passes too")
	}
}

func TestSharpnessExceedsAnyBound(t *testing.T) {
	loss, theta, first := pair()
	h := hessian(loss, theta)
	for _, bound := range []float64{1e3, 1e9} {
		alpha, err := law.AlphaForSharpness(h, first, bound)
		if err != nil {
			t.Fatal(err)
		}
		sharp, err := law.RebalancedHessian(h, first, alpha)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := law.Sharpness(sharp); err != nil || got < bound*(1-1e-12) {
			t.Errorf("sharpness %g at α = %g (%v), wanted at least %g", got, alpha, err, bound)
		}
	}
}

func TestBalanceDriftIsThatOfAStep(t *testing.T) {
	loss, theta, first := pair()
	square := func(v []float64) (sum float64) {
		for _, x := range v {
			sum += x * x
		}
		return sum
	}
	balance := func(theta []float64) float64 { return square(theta[:first]) - square(theta[first:]) }
	g := fd.Gradient(nil, loss, theta, &fd.Settings{Formula: fd.Central})
	const eta = 0.01
	next := append([]float64(nil), theta...)
	for i := range next {
		next[i] -= eta * g[i]
	}
	got := law.BalanceDrift(eta, math.Sqrt(square(g[:first])), math.Sqrt(square(g[first:])))
	if want := balance(next) - balance(theta); math.Abs(got-want) > 1e-8 {
		t.Errorf("drift %g, a step gives %g", got, want)
	}
}
