package law

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

// RebalancedHessian returns D·H·D with D = diag(1/α for the first rows, α for the rest): the Hessian with respect to (W₁,
// W₂), of which the first belong to W₁, after the rebalancing (αW₁, W₂/α) that keeps the function. Dinh et al. 2017, "Sharp
// minima can generalize for deep nets", theorem 4. A number of first rows that leaves a side empty and an α that is not
// positive are errors.
func RebalancedHessian(h mat.Symmetric, first int, alpha float64) (*mat.SymDense, error) {
	if err := checkPair(h, first, alpha); err != nil {
		return nil, err
	}
	n := h.SymmetricDim()
	scale := func(i int) float64 {
		if i < first {
			return 1 / alpha
		}
		return alpha
	}
	out := mat.NewSymDense(n, nil)
	for i := range n {
		for j := i; j < n; j++ {
			out.SetSym(i, j, scale(i)*scale(j)*h.At(i, j))
		}
	}
	return out, nil
}

// AlphaForSharpness returns an α at which the largest eigenvalue of RebalancedHessian is at least the bound: √(bound/h),
// with h the largest diagonal entry of the second block, for an eigenvalue is at least any diagonal entry. Sharpness
// alone therefore says nothing about a function. It is an error if no such h is positive.
func AlphaForSharpness(h mat.Symmetric, first int, bound float64) (float64, error) {
	if err := checkPair(h, first, 1); err != nil {
		return 0, err
	}
	largest := math.Inf(-1)
	for j := first; j < h.SymmetricDim(); j++ {
		largest = max(largest, h.At(j, j))
	}
	if !(largest > 0) || !(bound > 0) {
		return 0, fmt.Errorf("sharpness %g from curvature %g of the second layer: both must be positive", bound, largest)
	}
	return math.Sqrt(bound / largest), nil
}

// Sharpness returns the largest eigenvalue of a symmetric matrix, or an error if the decomposition does not converge.
func Sharpness(h mat.Symmetric) (float64, error) {
	var decomposition mat.EigenSym
	if !decomposition.Factorize(h, false) {
		return 0, fmt.Errorf("the eigenvalues of a %d × %d matrix did not converge: look for NaN in it",
			h.SymmetricDim(), h.SymmetricDim())
	}
	values := decomposition.Values(nil)
	return values[len(values)-1], nil
}

// BalanceDrift returns by how much one step of gradient descent changes ‖W₁‖² − ‖W₂‖² of two consecutive layers with a
// homogeneous activation between them: η²(‖∇₁‖² − ‖∇₂‖²). The first order vanishes because ⟨W₁,∇₁⟩ = ⟨W₂,∇₂⟩, so gradient
// flow conserves the difference. Du, Hu & Lee 2018, "Algorithmic regularization in learning deep homogeneous models",
// theorem 2.1.
func BalanceDrift(eta, gradientNorm1, gradientNorm2 float64) float64 {
	return eta * eta * (gradientNorm1*gradientNorm1 - gradientNorm2*gradientNorm2)
}

func checkPair(h mat.Symmetric, first int, alpha float64) error {
	if n := h.SymmetricDim(); first < 1 || first >= n {
		return fmt.Errorf("%d of %d rows belong to the first layer: leave at least one on each side", first, n)
	}
	if !(alpha > 0) || math.IsInf(alpha, 1) {
		return fmt.Errorf("α = %g: a rebalancing needs a positive, finite factor", alpha)
	}
	return nil
}
