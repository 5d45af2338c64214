package backend_test

import (
	"math"
	"testing"

	"alphascale/lib/backend"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
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
