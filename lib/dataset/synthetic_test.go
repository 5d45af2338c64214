package dataset_test

import (
	"math"
	"testing"

	"alphascale/lib/dataset"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"
)

// TestQuadratic computes the Hessian and the loss at the optimum from the data.
func TestQuadratic(t *testing.T) {
	eigenvalues := []float64{4, 1, 0.25, 0}
	q, err := dataset.NewQuadratic(eigenvalues, 3)
	if err != nil {
		t.Fatal(err)
	}
	n := q.Rows()
	x := mat.NewDense(n, n, q.Inputs)
	var hessian, image mat.Dense
	hessian.Mul(x.T(), x)
	hessian.Scale(2/float64(n), &hessian)
	for i, h := range eigenvalues {
		v := mat.NewVecDense(n, q.Basis[i])
		image.Mul(&hessian, v)
		for k := range n {
			if math.Abs(image.At(k, 0)-h*v.AtVec(k)) > 1e-14 {
				t.Errorf("H·v%d = %v, want %g·%v", i, mat.Col(nil, 0, &image), h, q.Basis[i])
			}
		}
	}
	image.Mul(x, mat.NewVecDense(n, q.Optimum))
	for i, y := range q.Targets {
		if math.Abs(image.At(i, 0)-y) > 1e-14 {
			t.Errorf("row %d: %v at the optimum, want %v", i, image.At(i, 0), y)
		}
	}
	for _, bad := range [][]float64{nil, {1, -1}, {math.NaN()}, {math.Inf(1)}} {
		if _, err := dataset.NewQuadratic(bad, 1); err == nil {
			t.Errorf("eigenvalues %v were accepted", bad)
		}
	}
}

func TestGaussian(t *testing.T) {
	set, err := dataset.Gaussian(5000, 3, 1)
	if err != nil {
		t.Fatal(err)
	}
	x := mat.NewDense(set.Rows(), 3, set.Inputs)
	var covariance mat.SymDense
	stat.CovarianceMatrix(&covariance, x, nil)
	for i := range 3 {
		for j := range 3 {
			want := 0.0
			if i == j {
				want = 1
			}
			// The standard error is √2/√5000 = 0.02.
			if math.Abs(covariance.At(i, j)-want) > 0.08 {
				t.Errorf("covariance[%d,%d] = %v, want %v", i, j, covariance.At(i, j), want)
			}
		}
	}
	if _, err := dataset.Gaussian(0, 3, 1); err == nil {
		t.Error("no rows were accepted")
	}
}

func TestDiabetesLike(t *testing.T) {
	r, err := dataset.DiabetesLike(442, 1)
	if err != nil {
		t.Fatal(err)
	}
	x := mat.NewDense(r.Rows(), r.Width(), r.Inputs)
	var strongest float64
	for i := range r.Width() {
		column := mat.Col(nil, i, x)
		if mean, variance := stat.PopMeanVariance(column, nil); math.Abs(mean) > 1e-14 || math.Abs(variance-1) > 1e-13 {
			t.Errorf("feature %d has mean %v and variance %v", i, mean, variance)
		}
		for j := range i {
			strongest = max(strongest, math.Abs(stat.Correlation(column, mat.Col(nil, j, x), nil)))
		}
	}
	if strongest < 0.8 || strongest > 0.97 {
		t.Errorf("strongest correlation %v, want about 0.9", strongest)
	}

	// Least squares finds the coefficients to within a few standard errors.
	var fitted mat.VecDense
	if err := fitted.SolveVec(x, mat.NewVecDense(r.Rows(), r.Targets)); err != nil {
		t.Fatal(err)
	}
	for i, want := range r.Coefficients {
		if got := fitted.AtVec(i); math.Abs(got-want) > 0.5 {
			t.Errorf("coefficient %d: %v by least squares, want %v", i, got, want)
		}
	}
	if _, err := dataset.DiabetesLike(19, 1); err == nil {
		t.Error("19 rows were accepted")
	}
}
