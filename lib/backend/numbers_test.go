package backend_test

import (
	"math"
	"strings"
	"testing"

	"alphascale/lib/backend"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/dtypes/bfloat16"
	"github.com/gomlx/compute/dtypes/float16"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/tensors"
)

// roundTrip writes numbers into a tensor and reads them back.
func roundTrip(t *testing.T, dtype dtypes.DType, flat []float64) []float64 {
	t.Helper()
	tensor, err := backend.Tensor(flat, shapes.Make(dtype, len(flat)))
	if err != nil {
		t.Fatal(err)
	}
	back, err := backend.Floats(tensor)
	if err != nil {
		t.Fatal(err)
	}
	return back
}

func TestTensorRounds(t *testing.T) {
	for _, test := range []struct {
		dtype    dtypes.DType
		in, want float64
	}{
		{dtypes.Float64, 0.1, 0.1},
		{dtypes.Float32, 0.1, float64(float32(0.1))},
		{dtypes.BFloat16, 1 + 0x1p-7, 1 + 0x1p-7},
		{dtypes.BFloat16, 1 + 0x1p-8, 1}, // a tie goes to even
		{dtypes.Float16, 1 + 0x1p-10, 1 + 0x1p-10},
		{dtypes.Float16, 1 + 0x1p-11, 1},
		{dtypes.Float16, 1 + 0x3p-11, 1 + 0x1p-9},
		{dtypes.Float16, -0x1p-14, -0x1p-14},
		{dtypes.Float16, 0x1.8p-20, 0x1.8p-20}, // subnormal
		{dtypes.Float16, 0x1p-24, 0x1p-24},     // the smallest
		{dtypes.Float16, 0x1p-25, 0},
		{dtypes.Float16, 0x1.ffcp15, 65504}, // the largest
		{dtypes.Float16, 65519, 65504},
		{dtypes.Float16, 65520, math.Inf(1)},
		{dtypes.Float16, 1e300, math.Inf(1)},
		{dtypes.Float16, math.Inf(-1), math.Inf(-1)},
		{dtypes.Float16, 1 + 0x1p-11 + 0x1p-40, 1 + 0x1p-10}, // beside a tie, seen only in float64
		{dtypes.Float16, 0x1p-25 + 0x1p-60, 0x1p-24},
		{dtypes.Float16, 0x1.8p-24, 0x1p-23}, // ties of subnormal numbers go to even
		{dtypes.Float16, 0x2.8p-24, 0x1p-23},
		{dtypes.Float16, -0x1p-60, 0},
		{dtypes.BFloat16, 1 + 0x1p-8 + 0x1p-40, 1 + 0x1p-7},
		{dtypes.BFloat16, 1 + 0x3p-8, 1 + 0x1p-6},
		{dtypes.BFloat16, 0x1p-133, 0x1p-133}, // subnormal
		{dtypes.BFloat16, 0x1.ffp127, math.Inf(1)},
		{dtypes.BFloat16, 1e300, math.Inf(1)},
	} {
		if got := roundTrip(t, test.dtype, []float64{test.in})[0]; got != test.want {
			t.Errorf("%g as %s is %g, want %g", test.in, test.dtype, got, test.want)
		}
	}
}

func TestTensorRefuses(t *testing.T) {
	if _, err := backend.Tensor([]float64{1, 2}, shapes.Make(dtypes.Float32, 3)); err == nil {
		t.Error("two values filled a tensor of three")
	}
	if _, err := backend.Tensor([]float64{1}, shapes.Make(dtypes.Int32, 1)); err == nil {
		t.Error("numbers became int32")
	}
}

// Every one of the 65,536 numbers of the narrow formats is itself after a round trip, zeros with their sign, subnormal
// numbers, infinities and NaN included; and what lies between two neighbours goes to the nearer one.
func TestEveryNarrowNumberSurvives(t *testing.T) {
	float16s := make([]float16.Float16, 1<<16)
	bfloat16s := make([]bfloat16.BFloat16, 1<<16)
	for i := range float16s {
		float16s[i], bfloat16s[i] = float16.FromBits(uint16(i)), bfloat16.FromBits(uint16(i))
	}
	for dtype, tensor := range map[dtypes.DType]*tensors.Tensor{
		dtypes.Float16:  tensors.FromFlatDataAndDimensions(float16s, len(float16s)),
		dtypes.BFloat16: tensors.FromFlatDataAndDimensions(bfloat16s, len(bfloat16s)),
	} {
		all, err := backend.Floats(tensor)
		if err != nil {
			t.Fatal(err)
		}
		back := roundTrip(t, dtype, all)
		var between, want []float64
		for i, x := range all {
			if math.Float64bits(back[i]) != math.Float64bits(x) && !(math.IsNaN(x) && math.IsNaN(back[i])) {
				t.Fatalf("%s: %g became %g", dtype, x, back[i])
			}
			if i&0x7fff < 0x7c00-1 && dtype == dtypes.Float16 || i&0x7fff < 0x7f80-1 && dtype == dtypes.BFloat16 {
				next := all[i+1]
				between, want = append(between, x+0.49999*(next-x), x+0.50001*(next-x)), append(want, x, next)
				if i&1 == 0 {
					between, want = append(between, x+(next-x)/2), append(want, x)
				} else {
					between, want = append(between, x+(next-x)/2), append(want, next)
				}
			}
		}
		for i, got := range roundTrip(t, dtype, between) {
			if got != want[i] {
				t.Fatalf("%s: %g rounds to %g, want %g", dtype, between[i], got, want[i])
			}
		}
	}
}

func TestHoldNamesWhatIsLost(t *testing.T) {
	for _, test := range []struct {
		dtype dtypes.DType
		x     float64
		words []string
	}{
		{dtypes.Float16, 1e-8, []string{"ε = 1e-08", "0 in Float16"}},
		{dtypes.Float16, -1e6, []string{"-Inf"}},
		{dtypes.BFloat16, 1e39, []string{"+Inf"}},
		{dtypes.Float32, 1e-46, []string{"becomes 0"}},
		{dtypes.Float64, 1e-300, nil},
		{dtypes.Float16, 0, nil},
		{dtypes.Float16, math.Inf(1), nil},
	} {
		_, err := backend.Hold("ε", test.x, test.dtype)
		if (err != nil) != (test.words != nil) {
			t.Errorf("%g in %s: %v", test.x, test.dtype, err)
		}
		for _, word := range test.words {
			if !strings.Contains(err.Error(), word) {
				t.Errorf("the error does not mention %q: %v", word, err)
			}
		}
	}
}
