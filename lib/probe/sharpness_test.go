package probe_test

import (
	"math"
	"testing"

	"alphascale/lib/backend"
	"alphascale/lib/internal/testkit"
	"alphascale/lib/subject"

	"alphascale/lib/dataset"
	"alphascale/lib/network"
	"alphascale/lib/probe"
	"alphascale/lib/scaling"

	"github.com/gomlx/compute/dtypes"
	"gonum.org/v1/gonum/floats"
)

var linear = network.MLP{Outputs: 1, NoBias: true}

// TestSharpnessOfQuadratic compares with curvature known in closed form, and with α² times it (L1: H_w = α²·H_u).
func TestSharpnessOfQuadratic(t *testing.T) {
	for _, test := range []struct {
		name        string
		eigenvalues []float64
	}{
		{"distinct", []float64{0.1, 3, 1, 0.5, 0}},
		{"repeated", []float64{2, 2, 2, 1, 1}},
		{"close", []float64{1, 0.999, 0.998, 0.5, 0.1, 0.01}},
		{"one", []float64{7}},
		{"flat", []float64{0, 0, 0}},
	} {
		t.Run(test.name, func(t *testing.T) {
			q, err := dataset.NewQuadratic(test.eigenvalues, 1)
			if err != nil {
				t.Fatal(err)
			}
			p := probeAt(t, linear.Model, q.Set)
			for _, alpha := range []float64{1, 0.3, 4} {
				got := testkit.Must[probe.Eigenvalue](t)(p.Sharpness(scaling.Everything(), probe.Reparameterise(scaling.Weights(), alpha)))
				largest := floats.Max(test.eigenvalues)
				want := alpha * alpha * largest
				if math.Abs(got.Value-want) > 1e-12*want || !got.Converged {
					t.Errorf("α = %g: %+v, want %v", alpha, got, want)
				}
				if want > 0 && alpha != 1 && testkit.Near(got.Value, alpha*largest, 1e-3) {
					t.Errorf("α = %g: exponent 1 was confirmed", alpha)
				}
			}
		})
	}
}

// TestSharpnessVector checks the eigenvector against the basis that the quadratic was made with.
func TestSharpnessVector(t *testing.T) {
	q, err := dataset.NewQuadratic([]float64{1, 5, 2}, 2)
	if err != nil {
		t.Fatal(err)
	}
	p := probeAt(t, linear.Model, q.Set)
	got := testkit.Must[probe.Eigenvalue](t)(p.Sharpness(scaling.Everything()))
	if cosine := math.Abs(floats.Dot(got.Vector, q.Basis[1])); !testkit.Near(cosine, 1, 1e-12) {
		t.Errorf("the eigenvector has cosine %v with the true one", cosine)
	}
}

// TestSharpnessInFloat32 knows less but says so: the residual is that of float32.
func TestSharpnessInFloat32(t *testing.T) {
	q, err := dataset.NewQuadratic([]float64{1, 5, 2}, 2)
	if err != nil {
		t.Fatal(err)
	}
	p := probeOn(t, backend.Interpreter, probe.Config{Subject: subject.Subject{Model: linear.Model, Data: q.Set, DType: dtypes.Float32}})
	got := testkit.Must[probe.Eigenvalue](t)(p.Sharpness(scaling.Everything()))
	if !testkit.Near(got.Value, 5, 1e-5) || !got.Converged || got.Residual < 1e-12 {
		t.Errorf("%+v, want 5 with a residual of rounding", got)
	}
}

// TestSharpnessRunsOut has the spectrum of a path's Laplacian, dense at its end, which takes about as many products as
// there are weights. Not to converge is a result that says so, and still a lower bound.
func TestSharpnessRunsOut(t *testing.T) {
	eigenvalues := make([]float64, 300)
	for i := range eigenvalues {
		eigenvalues[i] = math.Pow(math.Sin(math.Pi/2*float64(i+1)/300), 2)
	}
	q, err := dataset.NewQuadratic(eigenvalues, 1)
	if err != nil {
		t.Fatal(err)
	}
	got := testkit.Must[probe.Eigenvalue](t)(probeAt(t, linear.Model, q.Set).Sharpness(scaling.Everything()))
	if got.Converged || got.Residual < 1e-6 || got.Value > 1 || got.Value < 0.99 {
		t.Errorf("%g after %d products with residual %g, converged %v: want a little less than 1 and no convergence",
			got.Value, got.Products, got.Residual, got.Converged)
	}
}

func TestSharpnessRefuses(t *testing.T) {
	p := probeAt(t, network.MLP{Hidden: []int{4}, Outputs: 10}.Model, dataset.Digits().First(4))
	if _, err := p.Sharpness(under("/nowhere")); err == nil {
		t.Error("a selector without a match was accepted")
	}
	if _, err := p.Sharpness(scaling.Everything(), probe.Rescale(scaling.Weights(), 1e200)); err == nil {
		t.Error("a Hessian that overflows was accepted")
	}
}
