package plots

import "math"

const smallestNormal = 0x1p-1022

// ln is the natural logarithm of subnormal numbers too: on amd64 math.Log takes the smallest of them for 10⁻³⁰⁸.
func ln(x float64) float64 {
	if x < smallestNormal {
		return math.Log(x*0x1p60) - 60*math.Ln2
	}
	return math.Log(x)
}

func log10(x float64) float64 {
	if x < smallestNormal {
		return math.Log10(x*0x1p60) - 60*math.Log10E*math.Ln2
	}
	return math.Log10(x)
}

// exp is the exponential up to the largest float64: on amd64 math.Exp is infinite somewhat before.
func exp(v float64) float64 {
	if math.Abs(v) < 700 {
		return math.Exp(v)
	}
	half := math.Exp(v / 2)
	return half * half
}
