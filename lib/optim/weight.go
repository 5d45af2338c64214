package optim

import (
	"path"
	"slices"
	"strings"
	"unicode"

	"github.com/gomlx/gomlx/ml/model"
)

// How the words begin by which the variables of GoMLX's layers, and of those of most other libraries, say what they are.
var (
	weightWords = []string{"weight", "kernel", "embed", "table", "proj", "matrix", "recurrent", "inputs", "control", "splines"}
	otherWords  = []string{"bias", "gain", "offset", "shift", "temperature", "peephole", "split", "threshold"}
	// These are whole words: an alphabet is no alpha.
	otherNames = []string{"scale", "scales", "gamma", "beta", "alpha", "g", "b"}
)

// IsWeight reports whether a variable is a weight, which multiplies what comes from many units: a matrix, a kernel, an
// embedding. Biases, and the gains and offsets of a normalisation, whatever their rank, are none: a normalisation over two
// axes has gains of rank 2, and a LayerScale of shape [1, 1, C] one gain for each channel.
//
// The variable's name decides where it says what it is, and a scope that is a normalisation's. Otherwise a weight has at least two
// axes that are longer than 1, or is a matrix of one column.
func IsWeight(v *model.Variable) bool {
	dims := v.Shape().Dimensions
	if len(dims) < 2 {
		return false
	}
	words := strings.FieldsFunc(strings.ToLower(v.Name()), func(r rune) bool { return !unicode.IsLetter(r) })
	begins := func(with []string) bool {
		return slices.ContainsFunc(words, func(word string) bool {
			return slices.ContainsFunc(with, func(w string) bool { return strings.HasPrefix(word, w) })
		})
	}
	named := slices.ContainsFunc(words, func(word string) bool { return slices.Contains(otherNames, word) })
	switch {
	case named || begins(otherWords) || isNorm(path.Base(v.Scope())): // "kan_pwl_bias", "layer_scale", "biasesW"
		return false
	case begins(weightWords) || slices.Contains(words, "w"):
		return true
	}
	long := 0
	for _, n := range dims {
		if n > 1 {
			long++
		}
	}
	return long >= 2 || len(dims) == 2 && dims[1] == 1
}

// isNorm reports whether a scope is that of a normalisation of activations, whose gain other libraries call "weight".
func isNorm(scope string) bool {
	scope = strings.ToLower(scope)
	return strings.Contains(scope, "norm") && !strings.Contains(scope, "weight")
}
