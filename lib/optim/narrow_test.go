package optim_test

import (
	"math"
	"testing"

	"alphascale/lib/backend"
	"alphascale/lib/law"
	"alphascale/lib/optim"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// Weights of bfloat16 and float16 take the steps that plain Go computes in float64, each rounded once to the weight: no
// hyperparameter, moment, norm or count is held in the weights' own dtype. The gradients span eight decades, and one is zero.
func TestNarrowWeightsTakeExactSteps(t *testing.T) {
	be, err := backend.Interpreter()
	if err != nil {
		t.Fatal(err)
	}
	for dtype, format := range map[dtypes.DType]law.Format{dtypes.BFloat16: law.BFloat16(), dtypes.Float16: law.Float16()} {
		for _, family := range optim.Families() {
			const name = "/layer/bias" // a vector of four
			start := []float64{0.5, -0.25, 1, -2}
			gradients := [][]float64{{0x1p-10, -480, 0.5, 0}, {0x1p-12, 250, -0.25, 0}, {-0x1p-9, -1000, 0.125, 0}}
			h := optim.Defaults(family).With(optim.LearningRate, 0.0625)
			store := model.NewStore()
			initial, err := backend.Tensor(start, shapes.Make(dtype, 4))
			if err == nil {
				_, err = store.CreateVariable(name, initial)
			}
			if err != nil {
				t.Fatal(err)
			}
			store.SetParam(string(optim.LearningRate), h[optim.LearningRate])
			o := optim.New(family)
			step, err := model.NewExec(be, store, func(scope *model.Scope, g *graph.Node) {
				store.GetVariable(name).NodeValue(g.Graph()) // in use
				o.UpdateGraphWithGradients(scope, []*graph.Node{g}, dtype)
			})
			if err != nil {
				t.Fatal(err)
			}
			want, rule := append([]float64(nil), start...), newReference(family, h, 4)
			for i, g := range gradients {
				gradient, err := backend.Tensor(g, shapes.Make(dtype, 4))
				if err == nil {
					_, err = step.Call(gradient)
				}
				if err != nil {
					t.Fatalf("%s in %s: %v", family, dtype, err)
				}
				rule.step(name, want, g)
				got, err := backend.Floats(store.GetVariable(name).MustValue())
				if err != nil {
					t.Fatal(err)
				}
				for k := range want {
					want[k] = format.Round(want[k])
					spacing := math.Ldexp(math.Abs(want[k])+0x1p-14, -format.FractionBits)
					if !(math.Abs(got[k]-want[k]) <= spacing) {
						t.Errorf("%s in %s, step %d: w[%d] = %g, want %g", family, dtype, i, k, got[k], want[k])
					}
				}
				copy(want, got) // one spacing of rounding must not add up
			}
		}
	}
}
