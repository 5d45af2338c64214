package training_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"alphascale/lib/backend"
	"alphascale/lib/network"
	"alphascale/lib/optim"
	"alphascale/lib/training"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// A seed means the same weights on every backend, bit for bit; another seed means others.
func TestSeedsMeanTheSameOnEveryBackend(t *testing.T) {
	interpreter, err := backend.Interpreter()
	if err != nil {
		t.Fatal(err)
	}
	for _, dtype := range []dtypes.DType{dtypes.Float64, dtypes.Float32, dtypes.BFloat16} {
		c := digitsConfig(t, optim.Adam)
		c.Model = network.MLP{Hidden: []int{8}, Outputs: c.Data.Classes, Norm: network.BatchNorm}.Model
		c.DType = dtype
		chosen := compile(t, c)
		c.Backend = interpreter
		interpreted := compile(t, c)
		if got, want := weightsOf(t, chosen, 3), weightsOf(t, interpreted, 3); got != want {
			t.Errorf("%s: the backends begin at different weights", dtype)
		}
		if weightsOf(t, chosen, 3) == weightsOf(t, chosen, 4) {
			t.Errorf("%s: two seeds begin at the same weights", dtype)
		}
	}
}

// weightsOf are the bytes of all that a run with the seed starts from.
func weightsOf(t *testing.T, p *training.Program, seed int64) string {
	t.Helper()
	values, err := p.Initial(seed)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for _, path := range slices.Sorted(maps.Keys(values)) {
		value := values[path]
		if err := value.ConstBytes(func(data []byte) { out.Write(data) }); err != nil {
			t.Fatal(err)
		}
	}
	return out.String()
}

// An initializer that cannot be used is an error before anything is compiled.
func TestFailingInitializer(t *testing.T) {
	c := digitsConfig(t, optim.SGD)
	plain := c.Model
	c.Model = func(scope *model.Scope, spec any, inputs []*Node) []*Node {
		failing := func(*Graph, shapes.Shape) *Node { panic("no such distribution") }
		return plain(scope.WithInitializer(failing), spec, inputs)
	}
	_, err := training.Compile(c)
	wantError(t, err, "drawing the initial weights", "no such distribution")
}

// In bfloat16 and float16 a seed means the weights of float32, rounded, all of them finite, and a network trains from there.
func TestNarrowWeightsAreThoseOfFloat32(t *testing.T) {
	const path = "/layer_0/dense/weights"
	config := digitsConfig(t, optim.SGD)
	config.Steps, config.Batch = 10, 64
	drawn := func(p *training.Program, seed int64) []float64 {
		values, err := p.Initial(seed)
		if err != nil {
			t.Fatal(err)
		}
		flat, err := backend.Floats(values[path])
		if err != nil {
			t.Fatal(err)
		}
		return flat
	}
	exact := compile(t, config)
	for _, n := range narrow {
		c := config
		c.DType = n.dtype
		var err error
		if c.Backend, err = n.open(); err != nil {
			t.Fatal(err)
		}
		p := compile(t, c)
		for seed := range int64(20) {
			rounded := drawn(p, seed)
			for i, w := range drawn(exact, seed) {
				if rounded[i] != n.format.Round(w) {
					t.Fatalf("%s, seed %d: weight %d is %g, and in float32 %g", n.dtype, seed, i, rounded[i], w)
				}
			}
		}
		if r := run(t, p, training.Settings{Alpha: 1, Seed: 1}); r.Diverged >= 0 || !(r.Loss[9] < r.Loss[0]) {
			t.Errorf("%s: losses %v", n.dtype, r.Loss)
		}
	}
}
