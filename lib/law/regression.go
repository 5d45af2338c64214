package law

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

// Ridge returns the w that minimises ½‖y − Xw‖² + ½λ‖w‖², with X of n rows and d columns and y of length n: w solves
// (XᵀX + λI)w = Xᵀy. Hoerl & Kennard 1970, equation 2.1. Shapes that do not fit, λ < 0 and a singular system are errors.
func Ridge(x mat.Matrix, y []float64, lambda float64) ([]float64, error) {
	if err := checkRegression(x, y, lambda); err != nil {
		return nil, err
	}
	_, d := x.Dims()
	var gram mat.SymDense
	gram.SymOuterK(1, x.T())
	for j := range d {
		gram.SetSym(j, j, gram.At(j, j)+lambda)
	}
	var right, w mat.VecDense
	right.MulVec(x.T(), mat.NewVecDense(len(y), y))
	var factor mat.Cholesky
	if !factor.Factorize(&gram) {
		return nil, fmt.Errorf("XᵀX + λI is singular at λ = %g: use a positive λ", lambda)
	}
	if err := factor.SolveVecTo(&w, &right); err != nil {
		return nil, fmt.Errorf("solving at λ = %g: %w; use a larger λ", lambda, err)
	}
	return w.RawVector().Data, nil
}

// Lasso returns the w that minimises ½‖y − Xw‖² + λ‖w‖₁, by cyclic coordinate descent, until no coordinate moves by more
// than 1e-13 of the largest, or of the largest that a column would have by itself without a penalty. Tibshirani 1996;
// Friedman et al. 2007, "Pathwise coordinate optimization". Shapes that do not fit, λ < 0 and a search that does not settle
// in 100,000 rounds are errors.
func Lasso(x mat.Matrix, y []float64, lambda float64) ([]float64, error) {
	if err := checkRegression(x, y, lambda); err != nil {
		return nil, err
	}
	n, d := x.Dims()
	columns, squares := make([][]float64, d), make([]float64, d)
	alone := 0.0 // steps are rounded in this size, whatever λ leaves of the coefficients
	for j := range d {
		columns[j] = mat.Col(nil, j, x)
		squares[j] = dot(columns[j], columns[j])
		if squares[j] > 0 {
			alone = max(alone, math.Abs(dot(columns[j], y))/squares[j])
		}
	}
	w, residual := make([]float64, d), append([]float64(nil), y...)
	const rounds, tolerance = 100_000, 1e-13
	for range rounds {
		moved, largest := 0.0, alone
		for j, column := range columns {
			if squares[j] == 0 {
				continue
			}
			next := softThreshold(dot(column, residual)+squares[j]*w[j], lambda) / squares[j]
			step := next - w[j]
			for i := range n {
				residual[i] -= step * column[i]
			}
			w[j] = next
			moved, largest = max(moved, math.Abs(step)), max(largest, math.Abs(next))
		}
		if moved <= tolerance*largest {
			return w, nil
		}
	}
	return nil, fmt.Errorf("the lasso at λ = %g did not settle in %d rounds: use a larger λ or fewer correlated columns",
		lambda, rounds)
}

// RidgeFold returns λ/α²: ridge regression on αX with λ has the predictions of ridge regression on X with the fold, for
// λ‖w‖² = (λ/α²)‖αw‖². A larger α regularises less.
func RidgeFold(lambda, alpha float64) float64 { return lambda / (alpha * alpha) }

// LassoFold returns λ/|α|, the same for the lasso, for λ‖w‖₁ = (λ/|α|)‖αw‖₁.
func LassoFold(lambda, alpha float64) float64 { return lambda / math.Abs(alpha) }

func checkRegression(x mat.Matrix, y []float64, lambda float64) error {
	if n, d := x.Dims(); n != len(y) || d == 0 {
		return fmt.Errorf("X is %d × %d and y has %d values: X needs a row for each", n, d, len(y))
	}
	if !(lambda >= 0) || math.IsInf(lambda, 1) {
		return fmt.Errorf("λ = %g: give a finite number that is not negative", lambda)
	}
	return nil
}

func softThreshold(z, lambda float64) float64 {
	return math.Copysign(max(math.Abs(z)-lambda, 0), z)
}

func dot(a, b []float64) float64 {
	sum := 0.0
	for i := range a {
		sum += a[i] * b[i]
	}
	return sum
}
