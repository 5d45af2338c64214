package scaling_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"alphascale/lib/subject"

	"alphascale/lib/backend"
	"alphascale/lib/dataset"
	"alphascale/lib/network"
	"alphascale/lib/optim"
	"alphascale/lib/scaling"
	"alphascale/lib/training"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/ml/model/checkpoint"
)

// trained are the values after two steps of Adam on a network with batch normalisation.
func trained(t *testing.T) map[string]*tensors.Tensor {
	t.Helper()
	interpreter, err := backend.Interpreter()
	if err != nil {
		t.Fatal(err)
	}
	data := dataset.Digits().First(16)
	p, err := training.Compile(training.Config{
		Subject:   subject.Subject{Model: network.MLP{Hidden: []int{4}, Outputs: 10, Norm: network.BatchNorm}.Model, Data: data, Backend: interpreter},
		Optimizer: optim.New(optim.Adam), Steps: 2,
	})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Finalize()
	r, err := p.Run(training.Settings{Alpha: 1, Keep: true})
	if err != nil {
		t.Fatal(err)
	}
	return r.Final
}

// saved writes values as a checkpoint of GoMLX and returns its folder.
func saved(t *testing.T, values map[string]*tensors.Tensor) string {
	t.Helper()
	store := model.NewStore()
	if err := scaling.SetValues(store, values); err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	handler, err := checkpoint.Build(store).Dir(folder).Done()
	if err == nil {
		err = handler.Save()
	}
	if err != nil {
		t.Fatal(err)
	}
	return folder
}

func opened(t *testing.T, store *model.Store, folder string, immediate bool) *model.Store {
	t.Helper()
	c := checkpoint.Load(store).Dir(folder)
	if immediate {
		c = c.Immediate()
	}
	if _, err := c.Done(); err != nil {
		t.Fatal(err)
	}
	return store
}

// differing lists the paths at which two sets of values differ.
func differing(t *testing.T, a, b map[string]*tensors.Tensor) []string {
	t.Helper()
	var out []string
	for _, path := range slices.Sorted(maps.Keys(a)) {
		if b[path] == nil || !a[path].Equal(b[path]) {
			out = append(out, path)
		}
	}
	return out
}

// A checkpoint that is loaded when its variables are asked for has the values that it was saved with.
func TestValuesOfACheckpoint(t *testing.T) {
	values := trained(t)
	folder := saved(t, values)
	for _, immediate := range []bool{false, true} {
		got, err := scaling.ValuesOf(opened(t, model.NewStore(), folder, immediate))
		if err != nil {
			t.Fatal(err)
		}
		if lost := differing(t, values, got); len(lost) > 0 || len(got) < len(values) {
			t.Errorf("immediate %v: %d values of %d, other than saved are %v", immediate, len(got), len(values), lost)
		}
	}
}

// Everything is the trainable variables: neither moments nor counters nor statistics, however the store came by them.
func TestEverythingIsNotTheOptimizersState(t *testing.T) {
	values := trained(t)
	folder := saved(t, values)
	set := model.NewStore()
	if err := scaling.SetValues(set, values); err != nil {
		t.Fatal(err)
	}
	named := func(names ...string) func(path string) bool {
		return func(path string) bool { return slices.Contains(names, path[strings.LastIndex(path, "/")+1:]) }
	}
	var want []string
	for path := range values {
		if named("weights", "scale")(path) {
			want = append(want, path)
		}
	}
	slices.Sort(want)
	for name, store := range map[string]*model.Store{
		"set": set, "lazily loaded": opened(t, model.NewStore(), folder, false), "loaded": opened(t, model.NewStore(), folder, true),
	} {
		if err := scaling.RescaleStore(store, scaling.Everything(), 2, scaling.KeepMoments); err != nil {
			t.Fatal(err)
		}
		after, err := scaling.ValuesOf(store)
		if err != nil {
			t.Fatal(err)
		}
		got := slices.DeleteFunc(differing(t, values, after), named("biases", "offset")) // some of which are zero
		if !slices.Equal(got, want) {
			t.Errorf("%s: changed are %v, want %v", name, got, want)
		}
	}
}

// A rule of one's own that keeps nothing but the count of its steps.
var slotless, errSlotless = optim.Define(optim.Rule{
	Name: "slotless", Step: func(u *optim.Update) *graph.Node { return graph.Mul(u.Hyper(optim.LearningRate), u.Gradient) },
	Defaults: optim.Values{optim.LearningRate: 0.1}, Units: map[optim.Hyper]optim.Unit{optim.LearningRate: {Gradient: -1, Weight: 1}},
})

// What a store keeps beside the weights, of every optimizer and of GoMLX's own, is created as what it is.
func TestSetValuesKnowsState(t *testing.T) {
	if errSlotless != nil {
		t.Fatal(errSlotless)
	}
	one := tensor(t, dtypes.Float32, 1)
	values := map[string]*tensors.Tensor{
		"/w": one, "/training/alpha": one, "/optimizers/learning_rate": one, "/optimizers/cosine_schedule/step": one,
		"/global_step": tensors.FromScalar(int64(3)), "/#rngState": tensors.FromScalar(uint64(3)), "/metrics/loss/total": one,
		"/AdamOptimizer/step": one, "/acc_grads/w": one, "/norm/mean": one, "/norm/avg_weight": one, "/mean": one,
		"/adam_head/w": one, "/stepper/step": one,
	}
	for path := range optim.SlotPaths("/a/w") {
		values[path] = one
	}
	for _, family := range append(optim.Families(), slotless) {
		values[optim.StepPath(family)] = one
	}
	store := model.NewStore()
	if err := scaling.SetValues(store, values); err != nil {
		t.Fatal(err)
	}
	var trainable []string
	for v := range store.IterVariables() {
		if v.Trainable {
			trainable = append(trainable, v.Path())
		}
	}
	slices.Sort(trainable)
	if want := []string{"/adam_head/w", "/mean", "/stepper/step", "/w"}; !slices.Equal(trainable, want) {
		t.Errorf("trainable are %v, want %v", trainable, want)
	}
}

// A lazily loaded store takes values, and is rebalanced, like any other.
func TestLazilyLoadedStoresAreChanged(t *testing.T) {
	folder := saved(t, map[string]*tensors.Tensor{"/a/w": tensor(t, dtypes.Float32, 1, 2), "/b/w": tensor(t, dtypes.Float32, 8)})
	store := opened(t, model.NewStore(), folder, false)
	if err := scaling.SetValues(store, map[string]*tensors.Tensor{"/b/w": tensor(t, dtypes.Float32, 1, 2)}); err == nil {
		t.Error("a value of another shape than the checkpoint's is no error")
	}
	if err := scaling.SetValues(store, map[string]*tensors.Tensor{"/b/w": tensor(t, dtypes.Float32, 4)}); err != nil {
		t.Fatal(err)
	}
	if err := scaling.RebalanceStore(store, scaling.Under("/a"), scaling.Under("/b"), 2, scaling.KeepMoments); err != nil {
		t.Fatal(err)
	}
	values, err := scaling.ValuesOf(store)
	if err != nil {
		t.Fatal(err)
	}
	if a, b := floats(t, values["/a/w"]), floats(t, values["/b/w"]); !slices.Equal(a, []float64{2, 4}) || !slices.Equal(b, []float64{2}) {
		t.Errorf("/a/w is %v and /b/w is %v", a, b)
	}
}

type silent struct{}

func (silent) LoadVariable(*model.Store, string) (*tensors.Tensor, bool) { return nil, false }
func (silent) DeleteVariable(*model.Store, string) error                 { return nil }

// Where it cannot be known what a store would load, that is said.
func TestUnlistedVariablesAreAnError(t *testing.T) {
	one := tensor(t, dtypes.Float32, 1)
	unlisted := model.NewStore()
	unlisted.SetLoader(silent{})
	twice := opened(t, model.NewStore(), saved(t, map[string]*tensors.Tensor{"/a": one}), false)
	opened(t, twice, saved(t, map[string]*tensors.Tensor{"/b": one}), false)
	for remedy, store := range map[string]*model.Store{"SetLoader(nil)": unlisted, "Immediate()": twice} {
		_, err := scaling.ValuesOf(store)
		if err == nil || !strings.Contains(err.Error(), remedy) {
			t.Errorf("the error is %v, without %s", err, remedy)
		}
		if err := scaling.RescaleStore(store, scaling.Everything(), 2, scaling.KeepMoments); err == nil {
			t.Error("rescaling is no error")
		}
	}
}
