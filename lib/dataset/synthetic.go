package dataset

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"
)

// Quadratic is a noise-free linear regression whose loss is a quadratic of known curvature: for a linear model without
// bias, f(x) = ⟨w,x⟩, and the mean squared error (without a ½), L(w) = ½·(w − w*)ᵀ·H·(w − w*).
type Quadratic struct {
	Set
	Eigenvalues []float64   // of H, in the order given
	Basis       [][]float64 // the unit eigenvector of each
	Optimum     []float64   // w*, where the loss is 0; of unit length along each eigenvector
}

// NewQuadratic makes a regression whose Hessian has the given eigenvalues, with eigenvectors in random directions that the
// seed determines. It has as many rows as there are eigenvalues. No eigenvalue, or one that is negative or not finite, is
// an error.
func NewQuadratic(eigenvalues []float64, seed uint64) (Quadratic, error) {
	n := len(eigenvalues)
	if n == 0 {
		return Quadratic{}, fmt.Errorf("a quadratic without eigenvalues: give one for each weight")
	}
	for i, h := range eigenvalues {
		if !(h >= 0) || math.IsInf(h, 1) {
			return Quadratic{}, fmt.Errorf("eigenvalue %d is %g: a regression's Hessian has finite ones that are not negative", i, h)
		}
	}
	random := rand.New(rand.NewPCG(seed, 0x40ad))
	left, right := orthogonal(n, random), orthogonal(n, random)

	// With X = √(n/2)·U·√h·Vᵀ, the Hessian (2/n)·XᵀX of (1/n)·‖Xw − y‖² is V·h·Vᵀ.
	roots := make([]float64, n)
	for i, h := range eigenvalues {
		roots[i] = math.Sqrt(h * float64(n) / 2)
	}
	var x mat.Dense
	x.Mul(left, mat.NewDiagDense(n, roots))
	x.Mul(&x, right.T())

	q := Quadratic{
		Eigenvalues: slices.Clone(eigenvalues), Optimum: make([]float64, n),
		Set: Set{Name: "quadratic", Shape: []int{n}, Inputs: slices.Clone(x.RawMatrix().Data)},
	}
	for i := range n {
		vector := mat.Col(nil, i, right)
		q.Basis = append(q.Basis, vector)
		for k, v := range vector {
			q.Optimum[k] += v
		}
	}
	var y mat.VecDense
	y.MulVec(&x, mat.NewVecDense(n, q.Optimum))
	q.Targets = slices.Clone(y.RawVector().Data)
	return q, nil
}

// orthogonal draws an orthogonal matrix: the Q of a Gaussian matrix's QR factors.
func orthogonal(n int, random *rand.Rand) *mat.Dense {
	gaussian := mat.NewDense(n, n, nil)
	for i := range n {
		for j := range n {
			gaussian.Set(i, j, random.NormFloat64())
		}
	}
	var qr mat.QR
	qr.Factorize(gaussian)
	var q mat.Dense
	qr.QTo(&q)
	return &q
}

// Gaussian returns a regression without structure: inputs and targets are independent standard normal numbers. The
// gradient of a linear output with respect to its weights, the input, is then isotropic. Rows and width below 1 are errors.
func Gaussian(rows, width int, seed uint64) (Set, error) {
	if rows < 1 || width < 1 {
		return Set{}, fmt.Errorf("%d rows of %d Gaussian numbers: both must be at least 1", rows, width)
	}
	random := rand.New(rand.NewPCG(seed, 0x6a55))
	set := Set{Name: "gaussian", Shape: []int{width}, Inputs: make([]float64, rows*width), Targets: make([]float64, rows)}
	for _, numbers := range [][]float64{set.Inputs, set.Targets} {
		for i := range numbers {
			numbers[i] = random.NormFloat64()
		}
	}
	return set, nil
}

// Regression is a linear regression with noise: y = ⟨w*,x⟩ + noise.
type Regression struct {
	Set
	Coefficients []float64 // w*; some are 0
	Noise        float64   // standard deviation
}

// DiabetesLike draws a regression in the likeness of the diabetes data of Efron et al. 2004, which has 442 rows: ten
// features, strongly correlated (three hidden causes behind most of them; two features agree to about 0.9), each with
// mean 0 and variance 1 over the rows, half of the coefficients 0, and about half of the variance of y noise. Targets have
// mean 0, so no intercept is needed. Fewer than 20 rows are an error.
func DiabetesLike(rows int, seed uint64) (Regression, error) {
	if rows < 20 {
		return Regression{}, fmt.Errorf("%d rows for ten correlated features: give at least 20", rows)
	}
	// How much each feature follows each hidden cause; the rest of its variance is its own.
	loadings := [][3]float64{
		{0.2, 0.1, 0.3},
		{0, 0.3, 0},
		{0.3, 0.5, 0.2},
		{0.3, 0.3, 0.2},
		{0.95, 0, 0.1},
		{0.93, 0.15, 0},
		{-0.1, -0.85, 0},
		{0.5, 0.8, 0},
		{0.4, 0.4, 0.4},
		{0.2, 0.3, 0.4},
	}
	r := Regression{
		Noise: 1, Coefficients: []float64{0, 0, 0.7, 0.4, -0.3, 0, 0, 0, 0.6, 0},
		Set: Set{
			Name: "diabetes-like", Shape: []int{len(loadings)}, Inputs: make([]float64, rows*len(loadings)),
			Targets: make([]float64, rows),
		},
	}
	random := rand.New(rand.NewPCG(seed, 0xd1ab))
	columns := make([][]float64, len(loadings))
	for range rows {
		causes := [3]float64{random.NormFloat64(), random.NormFloat64(), random.NormFloat64()}
		for j, l := range loadings {
			own := math.Sqrt(1 - l[0]*l[0] - l[1]*l[1] - l[2]*l[2])
			x := l[0]*causes[0] + l[1]*causes[1] + l[2]*causes[2] + own*random.NormFloat64()
			columns[j] = append(columns[j], x)
		}
	}
	for j, column := range columns {
		mean, variance := stat.PopMeanVariance(column, nil)
		for i, x := range column {
			x = (x - mean) / math.Sqrt(variance)
			r.Inputs[i*len(columns)+j] = x
			r.Targets[i] += r.Coefficients[j] * x
		}
	}
	for i := range r.Targets {
		r.Targets[i] += r.Noise * random.NormFloat64()
	}
	mean := stat.Mean(r.Targets, nil)
	for i := range r.Targets {
		r.Targets[i] -= mean
	}
	return r, nil
}
