package lora_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"alphascale/lib/internal/testkit"
	"alphascale/lib/lora"

	"github.com/gomlx/compute/dtypes"
)

// points are values of both adapted matrices of mlp, in multiples of a unit: the base up to 2⁴ units, A and B up to 2³ of 1/8.
func points(t *testing.T, dtype dtypes.DType, unit float64) values {
	t.Helper()
	whole := func(most int, unit float64) func(*rand.Rand) float64 {
		return func(r *rand.Rand) float64 { return float64(r.IntN(2*most+1)-most) * unit }
	}
	out := values{}
	for i, weight := range []string{first, second} {
		seed, inputs := uint64(3*i), []int{64, 32}[i]
		out[weight] = drawn(t, seed, dtype, whole(16, unit), inputs, 32)
		out[lora.PathA(weight)] = drawn(t, seed+1, dtype, whole(8, 1./8), inputs, 4)
		out[lora.PathB(weight)] = drawn(t, seed+2, dtype, whole(8, 1./8), 4, 32)
		out[lora.PathAlpha(weight)] = tensor(t, dtypes.Float32, nil, 4)
	}
	return out
}

// TestMergeIsExactWhereTheDTypeHoldsIt: sums that the dtype holds come back in every bit, merged and unmerged. With a base whose last
// place is far below the updates, some do not, and the count says how many.
func TestMergeIsExactWhereTheDTypeHoldsIt(t *testing.T) {
	a := adapter(t, 4, lora.Hu(16))
	for _, test := range []struct {
		dtype dtypes.DType
		unit  float64
		exact bool
	}{
		{dtypes.Float32, 1. / 16, true},
		{dtypes.Float64, 1. / 16, true},
		{dtypes.Float32, 0x1p-24, false}, // 4 bits of a base that begins at 2⁻²⁰, beside updates of up to 16
		{dtypes.BFloat16, 1. / 64, false},
	} {
		at := points(t, test.dtype, test.unit)
		merged, r, err := a.Merge(at)
		if err != nil {
			t.Fatal(err)
		}
		back := testkit.Must[values](t)(a.Unmerge(merged, at))
		differ := 0
		for _, weight := range a.Adapted() {
			want, got := floats(t, at[weight]), floats(t, back[weight])
			for i := range want {
				if want[i] != got[i] {
					differ++
				}
			}
			if merged[lora.PathA(weight)] != nil || merged[lora.PathB(weight)] != nil || back[lora.PathA(weight)] != at[lora.PathA(weight)] {
				t.Error("A and B have to leave with the merge and come back")
			}
		}
		t.Logf("%s, unit %g: %+v", test.dtype, test.unit, r)
		if differ != r.OneWay || (differ == 0) != test.exact || (r.Relative() == 0) != test.exact {
			t.Errorf("%s, unit %g: %d elements do not come back, counted are %+v", test.dtype, test.unit, differ, r)
		}
		if got, want := r.LostShare(), r.PredictedShare(); math.Abs(got-want) > 0.01 { // a tie goes to the even neighbour
			t.Errorf("%s, unit %g: %g of the updates are lost, and %g are below half of a last place", test.dtype, test.unit, got, want)
		}
		if r.Elements != 64*32+32*32 || r.Changed == 0 || r.Changed > r.Elements {
			t.Errorf("%+v", r)
		}
	}
}

// TestMergedByHand: one entry of the update, multiplied out here.
func TestMergedByHand(t *testing.T) {
	a, at := adapter(t, 4, lora.Hu(16)), points(t, dtypes.Float32, 1./16)
	merged, _, err := a.Merge(at)
	if err != nil {
		t.Fatal(err)
	}
	w, left, right := floats(t, at[second]), floats(t, at[lora.PathA(second)]), floats(t, at[lora.PathB(second)])
	for _, entry := range [][2]int{{0, 0}, {3, 17}, {31, 31}} {
		want := w[entry[0]*32+entry[1]]
		for k := range 4 {
			want += 4 * left[entry[0]*4+k] * right[k*32+entry[1]]
		}
		if got := floats(t, merged[second])[entry[0]*32+entry[1]]; got != want {
			t.Errorf("element %v is %g, want %g", entry, got, want)
		}
	}
}

// TestMergeLosesSmallUpdates: bfloat16 has 8 bits, so that an update of less than 2⁻⁹ of a weight is lost whatever the weight, and none
// of more than 2⁻⁸. Float32 loses neither.
func TestMergeLosesSmallUpdates(t *testing.T) {
	a := adapter(t, 1, lora.Fixed(1))
	for _, test := range []struct {
		dtype    dtypes.DType
		relative float64
		lost     bool
	}{
		{dtypes.BFloat16, 0x1p-10, true}, {dtypes.BFloat16, 0x1p-7, false}, {dtypes.Float32, 0x1p-10, false}, {dtypes.Float32, 0x1p-26, true},
	} {
		at := values{}
		for i, weight := range []string{first, second} {
			inputs := []int{64, 32}[i]
			// A column of ones and a row that is the relative update of a base whose rows are all alike.
			row := floats(t, drawn(t, uint64(i), test.dtype, func(r *rand.Rand) float64 { return math.Exp2(4*r.Float64() - 2) }, 32))
			at[weight] = tensor(t, test.dtype, []int{inputs, 32}, slices.Repeat(row, inputs)...)
			at[lora.PathA(weight)] = tensor(t, test.dtype, []int{inputs, 1}, slices.Repeat([]float64{1}, inputs)...)
			at[lora.PathB(weight)] = tensor(t, test.dtype, []int{1, 32}, row...)
			at[lora.PathAlpha(weight)] = tensor(t, dtypes.Float32, nil, test.relative)
		}
		_, r, err := a.Merge(at)
		if err != nil {
			t.Fatal(err)
		}
		if want := map[bool]int{true: r.Elements, false: 0}[test.lost]; r.Lost != want || r.Below != want || r.Changed != r.Elements {
			t.Errorf("%s, updates of %g: %+v, want %d lost", test.dtype, test.relative, r, want)
		}
	}
}

// TestCast: the adapted matrices are rounded as the tensors of a dtype are, and nothing else is.
func TestCast(t *testing.T) {
	a, at := adapter(t, 4, lora.Hu(16)), points(t, dtypes.Float32, 1.0/3)
	cast := testkit.Must[values](t)(a.Cast(at, dtypes.BFloat16))
	for path, value := range at {
		if path != first && path != second {
			if cast[path] != value {
				t.Errorf("%s is another one", path)
			}
			continue
		}
		want := floats(t, tensor(t, dtypes.BFloat16, value.Shape().Dimensions, floats(t, value)...))
		if got := cast[path]; got.DType() != dtypes.BFloat16 || !slices.Equal(floats(t, got), want) {
			t.Errorf("%s is of %s", path, got.Shape())
		}
	}
	for words, try := range map[string]struct {
		from values
		to   dtypes.DType
	}{
		"weights in Int32": {at, dtypes.Int32}, "no value of /layer_0": {values{}, dtypes.Float16},
		"becomes +Inf in Float16": {points(t, dtypes.Float32, 1e5), dtypes.Float16},
	} {
		_, err := a.Cast(try.from, try.to)
		says(t, err, words)
	}
}
