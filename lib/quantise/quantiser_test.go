package quantise_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"alphascale/lib/backend"
	"alphascale/lib/internal/testkit"
	"alphascale/lib/law"
	"alphascale/lib/quantise"

	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
)

// Rounded by hand.
func TestRound(t *testing.T) {
	for _, test := range []struct {
		q        quantise.Quantiser
		dims     []int
		is, want []float64
	}{
		{quantise.Int(3), []int{6}, []float64{-3, -1.4, 0.5, 1.5, 2.5, 0.4}, []float64{-3, -1, 0, 2, 2, 0}}, // Δ = 1, ties to even
		{quantise.Int(8), []int{2}, []float64{254, -1.2}, []float64{254, -2}},                               // Δ = 2
		{quantise.Int(2), []int{3}, []float64{-1, 0.4, 0.6}, []float64{-1, 0, 1}},
		{quantise.Int(3), []int{2, 2}, []float64{3, 30, 1.2, 12}, []float64{0, 30, 0, 10}},
		{quantise.Int(3).PerChannel(), []int{2, 2}, []float64{3, 30, 1.2, 12}, []float64{3, 30, 1, 10}},
		{quantise.Int(4).PerChannel(), []int{2, 2}, []float64{0, 7, 0, 0.6}, []float64{0, 7, 0, 1}},
		// Eight numbers a binade, so Δ = 2 from 16 and 4 from 32; the scale is 1, since 448 is the largest.
		{quantise.Float(law.Float8E4M3()), []int{5}, []float64{448, 17, 19, 37, 0x1p-9}, []float64{448, 16, 20, 36, 0x1p-9}},
		{quantise.Float(law.Float8E4M3()), []int{3}, []float64{449, 17, 0x1p-9}, []float64{448, 16, 0}}, // the scale is 1/2, since 449 has no place
		{quantise.Float(law.Float8E5M2()), []int{2}, []float64{57344, -17.5}, []float64{57344, -16}},    // Δ = 4 from 16
	} {
		x := tensor(t, test.dims, test.is...)
		rounded, _, err := test.q.Round(x)
		if err != nil {
			t.Fatalf("%s: %v", test.q.Name(), err)
		}
		if got := floats(t, rounded); !slices.Equal(got, test.want) || !slices.Equal(floats(t, x), test.is) {
			t.Errorf("%s: %v is rounded to %v, not %v", test.q.Name(), test.is, got, test.want)
		}
	}
}

// Δ/√12 lies within the 95 % interval of 95 draws of a hundred, and twice as much within none.
func TestRoundingErrorIsUniform(t *testing.T) {
	const draws = 200
	for _, q := range []quantise.Quantiser{quantise.Int(4), quantise.Int(8), quantise.Int(6).PerChannel()} {
		within, ofTwice := 0, 0
		for seed := range uint64(draws) {
			_, made, err := q.Round(normal(t, seed, 64, 8))
			if err != nil {
				t.Fatal(err)
			}
			ratio, low, high := made.Relative()
			if low <= 1 && 1 <= high {
				within++
			}
			if low <= 2 && 2 <= high {
				ofTwice++
			}
			if want := made.RMS() / made.Predicted(); !testkit.Near(ratio, want, 1e-12) {
				t.Fatalf("%s: ratio %g and RMS over its prediction %g", q.Name(), ratio, want)
			}
		}
		// Of 200 draws 190 are expected, with a deviation of 3.
		if within < 178 || within > 199 || ofTwice > 0 {
			t.Errorf("%s: Δ/√12 lies within %d of %d intervals, and twice as much within %d", q.Name(), within, draws, ofTwice)
		}
	}
}

// Where most numbers are smaller than half a step they become zero, and the law of uniform errors is not about them.
func TestRoundingErrorOfSmallNumbersIsThemselves(t *testing.T) {
	flat := floats(t, normal(t, 1, 1024))
	for i := range flat {
		flat[i] = math.Copysign(0.001, flat[i])
	}
	flat[0] = 1
	_, made, err := quantise.Int(8).Round(tensor(t, []int{1024}, flat...))
	if err != nil {
		t.Fatal(err)
	}
	if ratio, _, high := made.Relative(); high > 0.5 || !testkit.Near(made.RMS(), 0.001, 0.01) {
		t.Errorf("RMS %g, %g of the law's", made.RMS(), ratio)
	}
}

func TestQuantiserRefuses(t *testing.T) {
	ones := map[string]*tensors.Tensor{
		"/w":     tensor(t, []int{2}, 1, 2),
		"/lost":  tensor(t, []int{2}, 1, math.NaN()),
		"/steps": tensors.FromScalar(int64(3)),
	}
	for _, test := range []struct {
		q    quantise.Quantiser
		path string
		says string
	}{
		{quantise.Int(0), "/w", "a bit width of 0: choose one from 2 to 24"},
		{quantise.Int(1), "/w", "bit width of 1"},
		{quantise.Int(25), "/w", "bit width of 25"},
		{quantise.Quantiser{}, "/w", "bit width of 0"},
		{quantise.Int(8), "/v", "/steps"},
		{quantise.Int(8), "/lost", "number 1 is NaN"},
		{quantise.Float(law.Float8E4M3()), "/steps", "rounding /steps to e4m3"},
	} {
		if out, err := test.q.Weights(ones, test.path); err == nil || out != nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s of %s: error %v does not say %q", test.q.Name(), test.path, err, test.says)
		}
	}
}

func TestWeightsRoundsWhatIsNamed(t *testing.T) {
	values := map[string]*tensors.Tensor{"/w": tensor(t, []int{2}, 3, 1.4), "/b": tensor(t, []int{2}, 3, 1.4)}
	out, err := quantise.Int(3).Weights(values, "/w")
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(floats(t, out["/w"]), []float64{3, 1}) || out["/b"] != values["/b"] || !slices.Equal(floats(t, values["/w"]), []float64{3, 1.4}) {
		t.Errorf("%v from %v", out, values)
	}
}

// Within a model activations are rounded as tensors are, and the gradient passes.
func TestActivationsAreRoundedAsTensors(t *testing.T) {
	at, err := backend.Open()
	if err != nil {
		t.Fatal(err)
	}
	x := normal(t, 3, 32, 8)
	for _, q := range []quantise.Quantiser{quantise.Int(4), quantise.Int(8).PerChannel()} {
		outputs, err := ExecOnceN(at, func(x *Node) []*Node {
			y := q.Activations(x)
			return []*Node{y, Gradient(ReduceAllSum(y), x)[0], q.Activations(ZerosLike(x))}
		}, x)
		if err != nil {
			t.Fatal(err)
		}
		want, _, err := q.Round(x)
		if err != nil {
			t.Fatal(err)
		}
		wanted := floats(t, want)
		for i, y := range floats(t, outputs[0]) {
			if math.Abs(y-wanted[i]) > 1e-12 {
				t.Fatalf("%s: number %d is %g in a model and %g in a tensor", q.Name(), i, y, wanted[i])
			}
		}
		if slope := floats(t, outputs[1]); slices.Min(slope) != 1 || slices.Max(slope) != 1 {
			t.Errorf("%s: the gradient is %v", q.Name(), slope)
		}
		if zeros := floats(t, outputs[2]); slices.Min(zeros) != 0 || slices.Max(zeros) != 0 {
			t.Errorf("%s: zeros become %v", q.Name(), zeros)
		}
	}
	for says, q := range map[string]quantise.Quantiser{"bit width of 0": quantise.Int(0), "use quantise.Int": quantise.Float(law.Float8E5M2())} {
		g := NewGraph(at, "refused")
		err := backend.Try("building", func() { q.Activations(Parameter(g, "x", x.Shape())) })
		g.Finalize()
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: error %v does not say %q", q.Name(), err, says)
		}
	}
}
