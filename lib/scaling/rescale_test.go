package scaling_test

import (
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"alphascale/lib/backend"
	"alphascale/lib/optim"
	"alphascale/lib/scaling"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

func tensor(t testing.TB, dtype dtypes.DType, flat ...float64) *tensors.Tensor {
	t.Helper()
	out, err := backend.Tensor(flat, shapes.Make(dtype, len(flat)))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func floats(t testing.TB, x *tensors.Tensor) []float64 {
	t.Helper()
	out, err := backend.Floats(x)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// trainedAdam is what a run with Adam leaves: two weights, their moments, the count of steps and a counter of integers.
func trainedAdam(t testing.TB) map[string]*tensors.Tensor {
	t.Helper()
	one := func(x ...float64) *tensors.Tensor { return tensor(t, dtypes.Float32, x...) }
	return map[string]*tensors.Tensor{
		"/a/weights": one(1, -2),
		"/b/weights": one(3),
		optim.SlotPath("adam", "/a/weights", "first_moment"):  one(0.5, 0.25),
		optim.SlotPath("adam", "/a/weights", "second_moment"): one(4, 8),
		optim.SlotPath("adam", "/b/weights", "first_moment"):  one(1),
		optim.SlotPath("adam", "/b/weights", "second_moment"): one(2),
		"/AdamOptimizer/a/weights_1st_moment":                 one(6, 7),
		"/AdamOptimizer/a/weights_2nd_moment":                 one(16, 32),
		optim.StepPath("adam"):                                one(10),
		"/global_step":                                        tensors.FromScalar(int64(10)),
	}
}

func TestRescaleTreatsMomentsAsAsked(t *testing.T) {
	const factor = 4
	for _, test := range []struct {
		moments                           scaling.Moments
		first, second, gomlx, gomlxSecond []float64
	}{
		{scaling.KeepMoments, []float64{0.5, 0.25}, []float64{4, 8}, []float64{6, 7}, []float64{16, 32}},
		{scaling.RescaleMoments, []float64{0.125, 0.0625}, []float64{0.25, 0.5}, []float64{1.5, 1.75}, []float64{1, 2}},
		{scaling.ResetMoments, []float64{0, 0}, []float64{0, 0}, []float64{0, 0}, []float64{0, 0}},
	} {
		before := trainedAdam(t)
		after, err := scaling.Rescale(before, []string{"/a/weights"}, factor, test.moments)
		if err != nil {
			t.Fatal(err)
		}
		for path, want := range map[string][]float64{
			"/a/weights": {4, -8},
			"/b/weights": {3},
			optim.SlotPath("adam", "/a/weights", "first_moment"):  test.first,
			optim.SlotPath("adam", "/a/weights", "second_moment"): test.second,
			optim.SlotPath("adam", "/b/weights", "second_moment"): {2},
			"/AdamOptimizer/a/weights_1st_moment":                 test.gomlx,
			"/AdamOptimizer/a/weights_2nd_moment":                 test.gomlxSecond,
			optim.StepPath("adam"):                                {10}, // another weight still has moments
		} {
			if got := floats(t, after[path]); !slices.Equal(got, want) {
				t.Errorf("moments %d: %s is %v, not %v", test.moments, path, got, want)
			}
		}
		if got := floats(t, before["/a/weights"]); !slices.Equal(got, []float64{1, -2}) {
			t.Errorf("the values passed in were changed to %v", got)
		}
		if len(after) != len(before) {
			t.Errorf("%d values became %d", len(before), len(after))
		}
	}
}

func TestResetOfEveryMomentRestartsTheCount(t *testing.T) {
	after, err := scaling.Rescale(trainedAdam(t), []string{"/a/weights", "/b/weights"}, 2, scaling.ResetMoments)
	if err != nil {
		t.Fatal(err)
	}
	if got := floats(t, after[optim.StepPath("adam")]); got[0] != 0 {
		t.Errorf("the count of steps is %g", got[0])
	}
}

func TestRescaleInEveryFormat(t *testing.T) {
	for _, dtype := range []dtypes.DType{dtypes.Float64, dtypes.Float32, dtypes.BFloat16, dtypes.Float16} {
		after, err := scaling.Rescale(map[string]*tensors.Tensor{"/w": tensor(t, dtype, 1.5, -3)}, []string{"/w"}, -0.5, scaling.KeepMoments)
		if err != nil {
			t.Fatal(err)
		}
		if got := floats(t, after["/w"]); !slices.Equal(got, []float64{-0.75, 1.5}) || after["/w"].DType() != dtype {
			t.Errorf("%s: %v of %s", dtype, got, after["/w"].DType())
		}
	}
}

func TestRescaleRefuses(t *testing.T) {
	values := trainedAdam(t)
	for _, test := range []struct {
		weight  string
		factor  float64
		moments scaling.Moments
		says    string
	}{
		{"/c/weights", 2, scaling.KeepMoments, "/b/weights"},
		{"/a/weights", 0, scaling.KeepMoments, "α = 0"},
		{"/a/weights", math.NaN(), scaling.KeepMoments, "NaN"},
		{"/a/weights", 2, 7, "ResetMoments"},
		{"/global_step", 2, scaling.KeepMoments, "global_step"},
	} {
		_, err := scaling.Rescale(values, []string{test.weight}, test.factor, test.moments)
		if err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%+v: error %v", test, err)
		}
	}
}

func TestRebalance(t *testing.T) {
	after, err := scaling.Rebalance(trainedAdam(t), []string{"/a/weights"}, []string{"/b/weights"}, 2, scaling.RescaleMoments)
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string][]float64{
		"/a/weights": {2, -4},
		"/b/weights": {1.5},
		optim.SlotPath("adam", "/a/weights", "first_moment"):  {0.25, 0.125},
		optim.SlotPath("adam", "/b/weights", "second_moment"): {8},
	} {
		if got := floats(t, after[path]); !slices.Equal(got, want) {
			t.Errorf("%s is %v, not %v", path, got, want)
		}
	}
	if _, err := scaling.Rebalance(trainedAdam(t), []string{"/a/weights"}, []string{"/a/weights"}, 2, 0); err == nil {
		t.Error("a weight on both sides is no error")
	}
	if _, err := scaling.Rebalance(trainedAdam(t), []string{"/a/weights"}, []string{"/b/weights"}, -2, 0); err == nil {
		t.Error("a negative factor is no error")
	}
}

func TestStoresAreRescaledInPlace(t *testing.T) {
	store := model.NewStore()
	first := store.VariableWithValue("/first/weights", [][]float32{{1, 2}})
	second := store.VariableWithValue("/second/weights", [][]float32{{8}})
	bias := store.VariableWithValue("/first/bias", []float32{4})
	steps := store.VariableWithValue("/steps", int64(3)).SetTrainable(false)

	if err := scaling.RescaleStore(store, scaling.Weights(), 2, scaling.KeepMoments); err != nil {
		t.Fatal(err)
	}
	if err := scaling.RebalanceStore(store, scaling.Under("/first"), scaling.Under("/second"), 4, scaling.KeepMoments); err != nil {
		t.Fatal(err)
	}
	for v, want := range map[*model.Variable][]float64{first: {8, 16}, second: {4}, bias: {16}} {
		if got := floats(t, v.MustValue()); !slices.Equal(got, want) {
			t.Errorf("%s is %v, not %v", v.Path(), got, want)
		}
	}
	if got := tensors.ToScalar[int64](steps.MustValue()); got != 3 {
		t.Errorf("the counter became %d", got)
	}
	if err := scaling.RescaleStore(store, scaling.Under("/third"), 2, scaling.KeepMoments); err == nil {
		t.Error("a selector that matches nothing is no error")
	}
}

func TestValuesGoFromStoreToStore(t *testing.T) {
	from, to := model.NewStore(), model.NewStore()
	from.VariableWithValue("/w", []float32{1, 2})
	values, err := scaling.ValuesOf(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := scaling.SetValues(to, values); err != nil {
		t.Fatal(err)
	}
	back, err := scaling.ValuesOf(to)
	if err != nil || !slices.Equal(slices.Collect(maps.Keys(back)), slices.Collect(maps.Keys(values))) {
		t.Fatalf("%v (%v)", back, err)
	}
	if got := floats(t, back["/w"]); !slices.Equal(got, []float64{1, 2}) {
		t.Errorf("/w is %v", got)
	}
	if err := scaling.SetValues(to, map[string]*tensors.Tensor{"/w": tensor(t, dtypes.Float32, 1)}); err == nil {
		t.Error("a value of another shape is no error")
	}
}

// What the weights' dtype cannot hold once multiplied is said, and nothing is rounded in silence.
func TestRescaleSaysWhatTheDTypeCannotHold(t *testing.T) {
	half := func(x float64) *tensors.Tensor {
		value, err := backend.Tensor([]float64{1, x}, shapes.Make(dtypes.Float16, 2))
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
	for _, test := range []struct {
		values map[string]*tensors.Tensor
		factor float64
		says   string
	}{
		{map[string]*tensors.Tensor{"/w": half(4)}, 0x1p15, "131072 becomes +Inf"},
		{map[string]*tensors.Tensor{"/w": half(0x1p-14)}, 0x1p-12, "becomes 0"},
		{map[string]*tensors.Tensor{"/w": half(1), "/adam/w_second_moment": half(0x1p-4)}, 0x1p11, "/adam/w_second_moment"},
	} {
		_, err := scaling.Rescale(test.values, []string{"/w"}, test.factor, scaling.RescaleMoments)
		if err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("× %g: error %v does not mention %q", test.factor, err, test.says)
		}
	}
	if _, err := scaling.Rescale(map[string]*tensors.Tensor{"/w": half(0)}, []string{"/w"}, 0x1p15, scaling.KeepMoments); err != nil {
		t.Errorf("zeros and a large one that fits: %v", err)
	}
}
