package result

import (
	"math"
	"strconv"
	"strings"
)

// Power writes a number as 2⁻³ if it is a power of two other than 1, otherwise in the shortest decimal form: 0.3, −2, 1.5·10⁷.
func Power(v float64) string {
	if frac, exp := math.Frexp(v); frac == 0.5 && exp != 1 {
		return "2" + Superscript(exp-1)
	}
	return Number(v, -1)
}

// Number writes v with the given number of significant digits (−1: as many as it takes), with the minus sign and the power of
// ten that a printed text has: 0.05, −2, 1.5·10⁷.
func Number(v float64, digits int) string {
	switch {
	case math.IsNaN(v):
		return "–"
	case math.IsInf(v, 1):
		return "∞"
	case math.IsInf(v, -1):
		return "−∞"
	case v == 0:
		return "0"
	}
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(v, 'e', max(digits-1, -1), 64), "e")
	exp, _ := strconv.Atoi(exponent) // FormatFloat always writes one
	if exp >= -4 && exp < 6 {
		decimals := -1
		if digits > 0 {
			decimals = max(0, digits-1-exp)
		}
		return minus(strconv.FormatFloat(v, 'f', decimals, 64))
	}
	return minus(mantissa) + "·10" + Superscript(exp)
}

func minus(s string) string { return strings.Replace(s, "-", "−", 1) }

var superscripts = strings.NewReplacer("-", "⁻", "0", "⁰", "1", "¹", "2", "²", "3", "³", "4", "⁴", "5", "⁵", "6", "⁶",
	"7", "⁷", "8", "⁸", "9", "⁹")

// Superscript writes an integer exponent in Unicode superscripts: ⁻³.
func Superscript(exponent int) string { return superscripts.Replace(strconv.Itoa(exponent)) }
