package law

import "math"

// Softmax returns p, pᵢ = e^(αzᵢ)/Σe^(αzⱼ): the probabilities when the logits z are multiplied by α, a temperature 1/α.
func Softmax(z []float64, alpha float64) []float64 {
	largest := math.Inf(-1)
	for _, x := range z {
		largest = max(largest, alpha*x)
	}
	p, sum := make([]float64, len(z)), 0.0
	for i, x := range z {
		p[i] = math.Exp(alpha*x - largest)
		sum += p[i]
	}
	for i := range p {
		p[i] /= sum
	}
	return p
}

// Entropy returns H = −Σ pᵢ ln pᵢ of Softmax(z, α), in nats.
func Entropy(z []float64, alpha float64) float64 {
	h := 0.0
	for _, p := range Softmax(z, alpha) {
		if p > 0 {
			h -= p * math.Log(p)
		}
	}
	return h
}

// EntropySlope returns dH/dα = −α·Var_p(z), in nats: the larger α, the sharper the distribution. Source: ln p = αz − ln Z,
// d ln Z/dα = E_p[z] and dE_p[z]/dα = Var_p(z).
func EntropySlope(z []float64, alpha float64) float64 {
	p := Softmax(z, alpha)
	mean, variance := 0.0, 0.0
	for i, x := range z {
		mean += p[i] * x
	}
	for i, x := range z {
		variance += p[i] * (x - mean) * (x - mean)
	}
	return -alpha * variance
}

// CrossEntropyGradient returns ∂/∂z of −ln Softmax(z, α)[label], which is α·(p − y) with y the one-hot label. The label
// must index z.
func CrossEntropyGradient(z []float64, label int, alpha float64) []float64 {
	g := Softmax(z, alpha)
	g[label]--
	for i := range g {
		g[i] *= alpha
	}
	return g
}
