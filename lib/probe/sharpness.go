package probe

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"alphascale/lib/scaling"

	"github.com/gomlx/compute/dtypes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// Eigenvalue is the largest eigenvalue of a Hessian. That it did not converge is a result, not an error.
type Eigenvalue struct {
	Value     float64
	Vector    []float64 // of unit length, over the selected variables one after the other
	Residual  float64   // ‖H·v − λ·v‖/|λ|, from a product with the vector returned: an eigenvalue lies within |λ| times it
	Products  int       // Hessian-vector products that it took
	Converged bool      // Residual is at most 1e-6 (1e-3 in a dtype narrower than float64)
}

// maxProducts bounds the dimension of the Krylov space.
const maxProducts = 200

// Sharpness returns the largest eigenvalue of the Hessian of the loss by the selected weights (others held fixed; the
// zero selector means all), by the Lanczos process with full reorthogonalisation (Golub & Van Loan 2013, §10.3).
//
// A Hessian that is not finite at this point, and a model without second derivatives, are errors.
func (p *Probe) Sharpness(selected scaling.Selector, changes ...Change) (Eigenvalue, error) {
	size, err := p.size(selected)
	if err != nil {
		return Eigenvalue{}, err
	}
	tolerance := 1e-6
	if p.config.DType != dtypes.Float64 {
		tolerance = 1e-3
	}
	product := func(v []float64) ([]float64, error) { return p.HessianProduct(selected, v, changes...) }
	krylov := lanczos{tolerance: tolerance / 10, product: product}
	vector, err := krylov.largest(size)
	if err != nil {
		return Eigenvalue{}, err
	}
	image, err := product(vector)
	if err != nil {
		return Eigenvalue{}, err
	}
	value := floats.Dot(vector, image)
	floats.AddScaled(image, -value, vector)
	residual := floats.Norm(image, 2)
	if residual > 0 {
		residual /= math.Abs(value)
	}
	return Eigenvalue{value, vector, residual, len(krylov.basis) + 1, residual <= tolerance}, nil
}

// HessianProduct returns H·d for a direction d over the selected weights, one variable after the other, and the Hessian H
// of the loss by them. A direction of another length and a product that is not finite are errors.
func (p *Probe) HessianProduct(selected scaling.Selector, direction []float64, changes ...Change) ([]float64, error) {
	size, err := p.size(selected)
	if err != nil {
		return nil, err
	}
	if len(direction) != size {
		return nil, fmt.Errorf("a direction of %d numbers over %d selected weights: give one number a weight", len(direction), size)
	}
	picked, _ := p.pick(selected) // size has checked it
	var inputs []*tensors.Tensor
	for i, v := range p.trained {
		part := make([]float64, v.Shape().Size())
		if slices.Contains(picked, i) {
			copy(part, direction)
			direction = direction[len(part):]
		}
		t, err := p.tensor(part, v.Shape().Dimensions...)
		if err != nil {
			return nil, err
		}
		defer t.FinalizeAll()
		inputs = append(inputs, t)
	}
	parts, err := p.run("Hessian product", p.buildHessianProduct, changes, inputs...)
	if err != nil {
		return nil, err
	}
	var out []float64
	for _, i := range picked {
		out = append(out, parts[i]...)
	}
	if sum := floats.Sum(out); math.IsNaN(sum) || math.IsInf(sum, 0) {
		return nil, fmt.Errorf("the Hessian is not finite at these weights: take an α nearer to 1")
	}
	return out, nil
}

// buildHessianProduct differentiates ⟨∂ℓ/∂w, d⟩ with respect to w (Pearlmutter 1994).
func (p *Probe) buildHessianProduct(g *Graph, at *point) []*Node {
	var slope *Node
	for i, gradient := range Gradient(at.loss, at.weights...) {
		term := inner(gradient, Parameter(g, fmt.Sprintf("#direction%d", i), gradient.Shape()))
		if slope == nil {
			slope = term
		} else {
			slope = Add(slope, term)
		}
	}
	return Gradient(slope, at.weights...)
}

// size is the number of selected weights.
func (p *Probe) size(selected scaling.Selector) (int, error) {
	picked, err := p.pick(selected)
	size := 0
	for _, i := range picked {
		size += p.trained[i].Shape().Size()
	}
	return size, err
}

// lanczos builds an orthonormal basis of the Krylov space of a symmetric operator, in which the operator is tridiagonal.
type lanczos struct {
	product   func(v []float64) ([]float64, error)
	tolerance float64 // of the residual relative to the eigenvalue

	basis        [][]float64
	diagonal     []float64
	offDiagonals []float64
}

// largest returns a unit vector that approximates the eigenvector of the largest eigenvalue.
func (l *lanczos) largest(size int) ([]float64, error) {
	random := rand.New(rand.NewPCG(1, 0x1a))
	next := make([]float64, size)
	for i := range next {
		next[i] = random.NormFloat64()
	}
	floats.Scale(1/floats.Norm(next, 2), next)
	for {
		image, err := l.product(next)
		if err != nil {
			return nil, err
		}
		l.basis = append(l.basis, next)
		l.diagonal = append(l.diagonal, floats.Dot(next, image))
		for range 2 { // once is not enough in floating point
			for _, q := range l.basis {
				floats.AddScaled(image, -floats.Dot(q, image), q)
			}
		}
		rest := floats.Norm(image, 2)
		value, coordinates, err := l.ritz()
		if err != nil {
			return nil, err
		}
		bound := rest * math.Abs(coordinates[len(coordinates)-1])
		if bound <= l.tolerance*math.Abs(value) || len(l.basis) == min(size, maxProducts) {
			return l.combine(coordinates), nil
		}
		l.offDiagonals = append(l.offDiagonals, rest)
		floats.Scale(1/rest, image)
		next = image
	}
}

// ritz returns the largest eigenvalue of the tridiagonal matrix and its eigenvector.
func (l *lanczos) ritz() (float64, []float64, error) {
	n := len(l.diagonal)
	tridiagonal := mat.NewSymDense(n, nil)
	for i, x := range l.diagonal {
		tridiagonal.SetSym(i, i, x)
	}
	for i, x := range l.offDiagonals {
		tridiagonal.SetSym(i, i+1, x)
	}
	var eigen mat.EigenSym
	if !eigen.Factorize(tridiagonal, true) {
		return 0, nil, fmt.Errorf("the eigenvalues of the Hessian cannot be found at these weights: take an α nearer to 1")
	}
	var vectors mat.Dense
	eigen.VectorsTo(&vectors)
	return eigen.Values(nil)[n-1], mat.Col(nil, n-1, &vectors), nil
}

// combine returns the unit vector with the given coordinates in the basis.
func (l *lanczos) combine(coordinates []float64) []float64 {
	out := make([]float64, len(l.basis[0]))
	for i, q := range l.basis {
		floats.AddScaled(out, coordinates[i], q)
	}
	floats.Scale(1/floats.Norm(out, 2), out)
	return out
}
