package optim_test

import (
	"math"

	"alphascale/lib/optim"

	"gonum.org/v1/gonum/mat"
)

// reference is the oracle: the papers' algorithms in plain Go, one weight tensor at a time.
type reference struct {
	family     optim.Family
	h          optim.Values
	m, v, a, b []float64 // moments, by the papers' letters; a: velocity or differences, b: accumulator or the gradient before
	t          float64
}

func newReference(family optim.Family, h optim.Values, size int) *reference {
	zero := func() []float64 { return make([]float64, size) }
	return &reference{family: family, h: optim.Defaults(family).Merge(h), m: zero(), v: zero(), a: zero(), b: zero()}
}

// step updates w in place.
func (r *reference) step(name string, w, g []float64) {
	eta, beta, lambda, eps := r.h[optim.LearningRate], r.h[optim.Momentum], r.h[optim.WeightDecay], r.h[optim.Epsilon]
	beta1, beta2, tau := r.h[optim.Beta1], r.h[optim.Beta2], r.h[optim.TrustCoefficient]
	r.t++
	switch r.family {
	case optim.SGD:
		each(w, func(i int) { w[i] -= eta * g[i] })
	case optim.HeavyBall:
		each(w, func(i int) { r.a[i] = beta*r.a[i] + g[i]; w[i] -= eta * r.a[i] })
	case optim.Nesterov:
		each(w, func(i int) { r.a[i] = beta*r.a[i] + g[i]; w[i] -= eta * (g[i] + beta*r.a[i]) })
	case optim.SignSGD:
		each(w, func(i int) { w[i] -= eta * sign(g[i]) })
	case optim.Lion:
		each(w, func(i int) {
			w[i] -= eta * (sign(beta1*r.m[i]+(1-beta1)*g[i]) + lambda*w[i])
			r.m[i] = beta2*r.m[i] + (1-beta2)*g[i]
		})
	case optim.RMSProp:
		each(w, func(i int) {
			r.v[i] = beta2*r.v[i] + (1-beta2)*g[i]*g[i]
			w[i] -= eta * g[i] / (math.Sqrt(r.v[i]) + eps)
		})
	case optim.Adagrad:
		if r.t == 1 {
			each(w, func(i int) { r.b[i] = r.h[optim.InitialAccumulator] })
		}
		each(w, func(i int) { r.b[i] += g[i] * g[i]; w[i] -= eta * g[i] / (math.Sqrt(r.b[i]) + eps) })
	case optim.Adam, optim.AdamW:
		direction := r.adam(g, beta1, beta2, eps)
		each(w, func(i int) { w[i] -= eta * (direction[i] + lambda*w[i]) })
	case optim.Muon:
		direction := r.adam(g, beta1, beta2, eps)
		if dims := shapesOf[name]; len(dims) > 1 {
			each(w, func(i int) {
				r.a[i] = beta*r.a[i] + (1-beta)*g[i]
				direction[i] = (1-beta)*g[i] + beta*r.a[i]
			})
			out := dims[len(dims)-1]
			direction = muonDirection(direction, len(w)/out, out, eps)
		}
		each(w, func(i int) { w[i] -= eta * (direction[i] + lambda*w[i]) })
	case optim.Adan: // with the β of the authors' code; theirs of the paper are 1 − β
		beta3 := r.h[optim.Beta3]
		each(w, func(i int) {
			d := 0.0
			if r.t > 1 {
				d = g[i] - r.b[i]
			}
			r.b[i] = g[i]
			r.m[i] = beta1*r.m[i] + (1-beta1)*g[i]
			r.a[i] = beta2*r.a[i] + (1-beta2)*d
			r.v[i] = beta3*r.v[i] + (1-beta3)*math.Pow(g[i]+beta2*d, 2)
			ahead := r.m[i]/(1-math.Pow(beta1, r.t)) + beta2*r.a[i]/(1-math.Pow(beta2, r.t))
			w[i] -= eta * (ahead/(math.Sqrt(r.v[i]/(1-math.Pow(beta3, r.t)))+eps) + lambda*w[i])
		})
	case optim.LARS:
		rate := 1.0
		if norm(w) > 0 && norm(g)+lambda*norm(w) > 0 {
			rate = tau * norm(w) / (norm(g) + lambda*norm(w))
		}
		each(w, func(i int) { r.a[i] = beta*r.a[i] + eta*rate*(g[i]+lambda*w[i]) })
		each(w, func(i int) { w[i] -= r.a[i] })
	case optim.LAMB:
		direction := r.adam(g, beta1, beta2, eps)
		each(w, func(i int) { direction[i] += lambda * w[i] })
		rate := 1.0
		if norm(w) > 0 && norm(direction) > 0 {
			rate = norm(w) / norm(direction)
		}
		each(w, func(i int) { w[i] -= eta * rate * direction[i] })
	}
}

// adam advances both moments and returns the direction.
func (r *reference) adam(g []float64, beta1, beta2, eps float64) []float64 {
	direction := make([]float64, len(g))
	each(g, func(i int) {
		r.m[i] = beta1*r.m[i] + (1-beta1)*g[i]
		r.v[i] = beta2*r.v[i] + (1-beta2)*g[i]*g[i]
		mean, square := r.m[i]/(1-math.Pow(beta1, r.t)), r.v[i]/(1-math.Pow(beta2, r.t))
		direction[i] = mean / (math.Sqrt(square) + eps)
	})
	return direction
}

// muonDirection applies Jordan's polynomial to the singular values of the matrix: the iterations X ← aX + (bA + cA²)X keep
// singular vectors and map each singular value s to as + bs³ + cs⁵.
func muonDirection(flat []float64, in, out int, eps float64) []float64 {
	x := mat.NewDense(in, out, append([]float64(nil), flat...))
	x.Scale(1/(mat.Norm(x, 2)+eps), x)
	var svd mat.SVD
	if !svd.Factorize(x, mat.SVDThin) {
		panic("no singular value decomposition")
	}
	values := svd.Values(nil)
	for i := range values {
		for range 5 {
			s := values[i]
			values[i] = 3.4445*s - 4.7750*math.Pow(s, 3) + 2.0315*math.Pow(s, 5)
		}
	}
	var u, v, us, result mat.Dense
	svd.UTo(&u)
	svd.VTo(&v)
	us.Mul(&u, mat.NewDiagDense(len(values), values))
	result.Mul(&us, v.T())
	result.Scale(math.Sqrt(max(1, float64(out)/float64(in))), &result)
	return result.RawMatrix().Data
}

func each(x []float64, do func(i int)) {
	for i := range x {
		do(i)
	}
}

func sign(x float64) float64 {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return 0
}

func norm(x []float64) float64 {
	sum := 0.0
	for _, xi := range x {
		sum += xi * xi
	}
	return math.Sqrt(sum)
}
