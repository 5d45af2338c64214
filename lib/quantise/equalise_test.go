package quantise_test

import (
	"math"
	"slices"
	"testing"

	"alphascale/lib/internal/testkit"
	"alphascale/lib/quantise"

	"github.com/gomlx/compute/dtypes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/layers/activation"
	floats64 "gonum.org/v1/gonum/floats"
)

// At factors that are powers of two not a bit of the function changes, in either dtype; at others it is the same to rounding.
// With the factors permuted, with one layer alone, and through GELU and ReLU6 it is another one.
func TestFunctionIsKept(t *testing.T) {
	must := testkit.Must[map[string]*tensors.Tensor](t)
	for _, test := range []struct {
		name    string
		between func(*Node) *Node
		kept    bool
	}{
		{"ReLU", relu, true},
		{"nothing", quantise.Linear, true},
		{"leaky ReLU", activation.LeakyRelu, true},
		{"GELU", activation.Gelu, false},
		{"ReLU6", relu6, false},
	} {
		values := learned(t)[0]
		for _, dtype := range []dtypes.DType{dtypes.Float64, dtypes.Float32} {
			n := measured(t, test.between, dtype, values)
			before := testkit.Must[[]float64](t)(n.Outputs(values))
			off := func(after map[string]*tensors.Tensor) float64 {
				return floats64.Distance(testkit.Must[[]float64](t)(n.Outputs(after)), before, 2) / floats64.Norm(before, 2)
			}
			exact, p := imbalance(1), pair(test.between)
			if got := off(must(p.Multiply(values, exact))); (got == 0) != test.kept || !test.kept && got < 0.01 {
				t.Errorf("%s, %s, × 2^k: the outputs differ by %g", test.name, dtype, got)
			}
			balance := testkit.Must[[]float64](t)(p.Balance(values))
			// The weights are in float32, which rounds their products with the factors.
			if got := off(must(p.Multiply(values, balance))); test.kept && got > 1e-5 {
				t.Errorf("%s, %s, × √(r₂/r₁): the outputs differ by %g", test.name, dtype, got)
			}
			alone := must(p.Multiply(values, exact))
			alone[second] = values[second]
			if got := off(alone); got < 0.1 {
				t.Errorf("%s, %s: with the first layer alone the outputs differ by %g only", test.name, dtype, got)
			}
			mixed := must(p.Multiply(values, exact))
			mixed[second] = must(p.Multiply(values, permuted(exact, 1)))[second]
			if got := off(mixed); got < 0.1 {
				t.Errorf("%s, %s: with the factors of other units in the second layer the outputs differ by %g only", test.name, dtype, got)
			}
		}
	}
}

// Both ranges of each channel come out as √(r₁r₂), or within a factor of two of one another where s is a power of two. A
// permutation of s, and one layer alone, leave them apart.
func TestRangesAreEqualised(t *testing.T) {
	values, p := learned(t)[0], pair(relu)
	values = testkit.Must[map[string]*tensors.Tensor](t)(p.Multiply(values, imbalance(2)))
	r1, r2, err := p.Ranges(values)
	if err != nil {
		t.Fatal(err)
	}
	apart := func(p quantise.Pair, after map[string]*tensors.Tensor) (of, between float64) {
		t.Helper()
		one, two, err := p.Ranges(after)
		if err != nil {
			t.Fatal(err)
		}
		for j := range one {
			of = max(of, math.Abs(math.Log2(one[j]/math.Sqrt(r1[j]*r2[j]))))
			between = max(between, math.Abs(math.Log2(one[j]/two[j])))
		}
		return of, between
	}
	equal := testkit.Must[map[string]*tensors.Tensor](t)(quantise.Equalise(values, p))
	if of, between := apart(p, equal); of > 1e-6 || between > 1e-6 {
		t.Errorf("ranges 2^±%g off √(r₁r₂), and 2^±%g off one another", of, between)
	}
	exact := p
	exact.PowersOfTwo = true
	if of, between := apart(p, testkit.Must[map[string]*tensors.Tensor](t)(quantise.Equalise(values, exact))); of > 0.5 || between > 1 || between == 0 {
		t.Errorf("at powers of two: ranges 2^±%g off √(r₁r₂), and 2^±%g off one another", of, between)
	}
	s := testkit.Must[[]float64](t)(p.Balance(values))
	if of, _ := apart(p, testkit.Must[map[string]*tensors.Tensor](t)(p.Multiply(values, permuted(s, 1)))); of < 1 {
		t.Errorf("with s permuted the ranges are 2^±%g off only", of)
	}
	if _, between := apart(p, map[string]*tensors.Tensor{first: equal[first], p.Bias: equal[p.Bias], second: values[second]}); between < 1 {
		t.Errorf("with one layer alone the ranges are 2^±%g off one another only", between)
	}
}

// Three layers in a row: two pairs that share the middle one settle together. By hand, for a chain of 1 × 1 weights, every
// factor moves both sides to the geometric mean, so that all end at the cubic root of the product.
func TestPairsThatShareALayerSettle(t *testing.T) {
	one := func(x float64) *tensors.Tensor { return tensor(t, []int{1, 1}, x) }
	values := map[string]*tensors.Tensor{"/a": one(64), "/b": one(1), "/c": one(-0.125)}
	out, err := quantise.Equalise(values, quantise.Pair{First: "/a", Second: "/b", Activation: relu}, quantise.Pair{First: "/b", Second: "/c", Activation: relu})
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]float64{"/a": 2, "/b": 2, "/c": -2} {
		if got := floats(t, out[path])[0]; !testkit.Near(got, want, 1e-5) {
			t.Errorf("%s is %g, not %g", path, got, want)
		}
	}
	if floats(t, values["/a"])[0] != 64 {
		t.Error("the values passed in were changed")
	}
}

// By hand: two units with activations up to 8 and 2 that are read with weights up to 0.5 and 2.
func TestSmooth(t *testing.T) {
	values := map[string]*tensors.Tensor{
		"/gain": tensor(t, []int{2}, 3, -5), "/offset": tensor(t, []int{2}, 1, 1), "/w": tensor(t, []int{2, 2}, 0.5, -0.25, 1, -2),
	}
	p := quantise.Pair{First: "/gain", Bias: "/offset", Second: "/w", Activation: quantise.Linear}
	for a, want := range map[float64][]float64{ // s = xᵃ/r₂^(1−a) of the two units
		0: {2, 0.5}, 1: {8, 2}, 0.5: {4, 1},
	} {
		out, err := quantise.Smooth(values, p, []float64{8, 2}, a)
		if err != nil {
			t.Fatal(err)
		}
		for path, wanted := range map[string][]float64{
			"/gain":   {3 / want[0], -5 / want[1]},
			"/offset": {1 / want[0], 1 / want[1]},
			"/w":      {0.5 * want[0], -0.25 * want[0], want[1], -2 * want[1]},
		} {
			if got := floats(t, out[path]); !slices.EqualFunc(got, wanted, func(a, b float64) bool { return testkit.Near(a, b, 1e-12) }) {
				t.Errorf("a = %g: %s is %v, not %v", a, path, got, wanted)
			}
		}
	}
}

// A convolution's kernel has its channels in the last two axes.
func TestConvolutionsPair(t *testing.T) {
	values := map[string]*tensors.Tensor{"/a": normal(t, 1, 3, 3, 2, 4), "/b": normal(t, 2, 3, 3, 4, 5)}
	p := quantise.Pair{First: "/a", Second: "/b", Activation: relu}
	out, err := quantise.Equalise(values, p)
	if err != nil {
		t.Fatal(err)
	}
	one, two, err := p.Ranges(out)
	if err != nil || len(one) != 4 || !slices.EqualFunc(one, two, func(a, b float64) bool { return testkit.Near(a, b, 1e-12) }) {
		t.Errorf("ranges %v and %v (%v)", one, two, err)
	}
}
