package law_test

import (
	"math"
	"testing"

	"alphascale/lib/dataset"
	"alphascale/lib/law"

	"gonum.org/v1/gonum/diff/fd"
	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// regression is the diabetes-like set: 442 rows of ten correlated features.
func regression(t *testing.T) (*mat.Dense, []float64) {
	t.Helper()
	set, err := dataset.DiabetesLike(442, 1)
	if err != nil {
		t.Fatal(err)
	}
	return mat.NewDense(set.Rows(), set.Width(), set.Inputs), set.Targets
}

func scaled(x *mat.Dense, alpha float64) *mat.Dense {
	var out mat.Dense
	out.Scale(alpha, x)
	return &out
}

func TestRidgeIsStationary(t *testing.T) {
	x, y := regression(t)
	const lambda = 7
	w, err := law.Ridge(x, y, lambda)
	if err != nil {
		t.Fatal(err)
	}
	objective := func(w []float64) float64 {
		var r mat.VecDense
		r.MulVec(x, mat.NewVecDense(len(w), w))
		r.SubVec(mat.NewVecDense(len(y), y), &r)
		return 0.5*mat.Dot(&r, &r) + 0.5*lambda*floats.Dot(w, w)
	}
	for j, g := range fd.Gradient(nil, objective, w, &fd.Settings{Formula: fd.Central}) {
		if math.Abs(g) > 1e-4 { // differences of an objective near 1e3
			t.Errorf("the objective's slope by w_%d is %g at the ridge solution", j, g)
		}
	}
}

// On orthogonal columns the lasso is known in closed form, the soft threshold; elsewhere the subgradient must hold zero.
func TestLassoAgainstClosedFormAndOptimality(t *testing.T) {
	orthogonal := mat.NewDense(4, 2, []float64{1, 1, 1, -1, 1, 1, 1, -1})
	y := []float64{3, 1, 2, 0.5}
	w, err := law.Lasso(orthogonal, y, 2)
	if err != nil {
		t.Fatal(err)
	}
	for j, correlation := range []float64{3 + 1 + 2 + 0.5, 3 - 1 + 2 - 0.5} {
		if want := (correlation - 2) / 4; math.Abs(w[j]-want) > 1e-12 {
			t.Errorf("w_%d = %g, the soft threshold gives %g", j, w[j], want)
		}
	}
	x, target := regression(t)
	for _, lambda := range []float64{1, 100, 300} {
		w, err := law.Lasso(x, target, lambda)
		if err != nil {
			t.Fatal(err)
		}
		var r mat.VecDense
		r.MulVec(x, mat.NewVecDense(len(w), w))
		r.SubVec(mat.NewVecDense(len(target), target), &r)
		for j, wj := range w {
			c := mat.Dot(x.ColView(j), &r)
			if wj != 0 && math.Abs(c-math.Copysign(lambda, wj)) > 1e-8 || wj == 0 && math.Abs(c) > lambda+1e-8 {
				t.Errorf("λ = %g: column %d correlates with the residual by %g at w = %g", lambda, j, c, wj)
			}
		}
	}
}

func TestPenaltiesFold(t *testing.T) {
	x, y := regression(t)
	for name, law := range map[string]struct {
		solve func(mat.Matrix, []float64, float64) ([]float64, error)
		fold  func(lambda, alpha float64) float64
	}{"ridge": {law.Ridge, law.RidgeFold}, "lasso": {law.Lasso, law.LassoFold}} {
		for _, alpha := range []float64{0.3, 3.7} {
			const lambda = 40
			w, err := law.solve(scaled(x, alpha), y, lambda)
			if err != nil {
				t.Fatal(err)
			}
			u, err := law.solve(x, y, law.fold(lambda, alpha))
			if err != nil {
				t.Fatal(err)
			}
			wrong, err := law.solve(x, y, law.fold(lambda, alpha)*math.Pow(alpha, 0.1))
			if err != nil {
				t.Fatal(err)
			}
			floats.Scale(alpha, w)
			if d := floats.Distance(w, u, 2) / floats.Norm(u, 2); d > 1e-10 {
				t.Errorf("%s at α = %g: αw and u differ by %g of their size", name, alpha, d)
			}
			if d := floats.Distance(w, wrong, 2) / floats.Norm(u, 2); d < 1e-5 {
				t.Errorf("%s at α = %g: a fold with an exponent off by 0.1 passes", name, alpha)
			}
		}
	}
}

// Steps are rounded in the size of what they are taken from, which at a large penalty is many times the coefficients.
func TestLassoSettles(t *testing.T) {
	x, y := regression(t)
	few := x.Slice(0, 40, 0, 10)
	for _, lambda := range []float64{1, 128 / math.Pow(2, 1.9), 1e3} {
		if _, err := law.Lasso(few, y[:40], lambda); err != nil {
			t.Error(err)
		}
	}
}
