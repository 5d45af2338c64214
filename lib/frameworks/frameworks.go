// Package frameworks answers in the words of PyTorch, Keras and optax: which hyperparameters an optimizer of theirs needs under
// u = α·w, so that a network trains as it would without α.
//
// [Advice] gives the line to write, with the framework's own defaults filled in, and what was measured of it. The units of
// hyperparameters are stated here, beside each rule; the defaults, and whether a compensation is exact, are read from tables that
// `make frameworks` writes by running every line in its framework (docker/frameworks), and that are part of the package:
// [Runs], [Defaults] and [Lines].
package frameworks

import (
	"fmt"
	"slices"
	"strings"
)

// The frameworks, by the names of the packages that hold their optimizers.
const (
	Torch = "torch"
	Keras = "keras" // on TensorFlow
	Optax = "optax" // on JAX
)

// All lists the frameworks.
func All() []string { return []string{Torch, Keras, Optax} }

// resolve takes "torch" or "torch==2.15.0", as pip writes a version.
func resolve(framework string) (string, error) {
	name, version, versioned := strings.Cut(framework, "==")
	if !slices.Contains(All(), name) {
		return "", fmt.Errorf("unknown framework %q: use one of %s", framework, strings.Join(All(), ", "))
	}
	if known := Version(name); versioned && version != release(known) {
		return "", fmt.Errorf("%s %s was not compared: the table is of %s; `make frameworks` compares what is installed", name, version, known)
	}
	return name, nil
}

// release is the number in "torch 2.15.0" or "keras 3.15.1 on tensorflow 2.21.0".
func release(version string) string {
	parts := strings.Fields(version)
	if len(parts) < 2 {
		return ""
	}
	return parts[1]
}

// Optimizers lists the optimizers and clippings of a framework that were compared, nil for an unknown framework.
func Optimizers(framework string) []string {
	var out []string
	for _, r := range rulesOf(framework) {
		out = append(out, r.name)
	}
	return out
}
