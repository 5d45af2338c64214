package network

import (
	"slices"
	"testing"

	"alphascale/internal/declared"
)

// Each normalisation that is declared is listed, where TestNormalisationsNormalise finds it, and states its ε.
func TestNormalisationsAreAll(t *testing.T) {
	names, err := declared.Constants(".", "Normalisation")
	if err != nil {
		t.Fatal(err)
	}
	if len(names) != len(normalisations) {
		t.Errorf("%v are declared, and normalisations lists %q", names, normalisations)
	}
	for _, kind := range normalisations {
		if _, stated := defaultEpsilon[kind]; !stated && kind != NoNorm {
			t.Errorf("defaultEpsilon has nothing for %q: state 0 where there is none", kind)
		}
	}
	for kind := range defaultEpsilon {
		if !slices.Contains(normalisations, kind) {
			t.Errorf("defaultEpsilon has %q, which normalisations does not list", kind)
		}
	}
}

// Normalisations lists them for tests outside the package.
var Normalisations = normalisations
