package claim

import (
	"context"
	"fmt"
	"math"

	"alphascale/lib/lab"

	"alphascale/lib/backend"
	"alphascale/lib/dataset"
	"alphascale/lib/judge"
	"alphascale/lib/probe"
	"alphascale/lib/result"
	"alphascale/lib/scaling"
	"alphascale/lib/subject"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// roundedProducts is how many weights roundedScalarCase multiplies.
const roundedProducts = 1000

// roundedScalarCase multiplies weights in bfloat16 by α under the two rules that frameworks follow: α is rounded to the weights'
// format first, or the product alone is rounded. Every product is held against arithmetic in plain Go.
func roundedScalarCase(_ context.Context, l *lab.Lab) (Case, error) {
	c := Case{
		Setting: "on a weight tensor in bfloat16, with α rounded to it or not", Law: "L11: rounding commutes with powers of two, and with no other α",
		Facts: facts(scaling.OpReparameterise, OneLayer, Fact{Number, "bfloat16"}),
	}
	differ := result.Series{Label: "in bfloat16", X: result.Alpha(), Y: result.Quantity{Name: fmt.Sprintf("products of %d by which the rules differ", roundedProducts)}}
	c.Agrees = true
	for _, alpha := range []float64{1. / 4, 0.3, 0.7, 2, 3.7} {
		w, first, last, err := productsByRule(l, alpha)
		if err != nil {
			return c, err
		}
		var lawFirst, lawLast []float64
		for _, x := range w {
			lawFirst = append(lawFirst, toBFloat16(x*toBFloat16(alpha)))
			lawLast = append(lawLast, toBFloat16(float64(float32(x)*float32(alpha))))
		}
		what := fmt.Sprintf("α = %g", alpha)
		c.Checks = append(c.Checks, judge.Identical("products that plain Go does not give, α rounded first, "+what, lawFirst, first),
			judge.Identical("products that plain Go does not give, α not rounded, "+what, lawLast, last))
		apart := judge.Identical("products by which the rules differ, "+what, first, last)
		if isPowerOfTwo(alpha) {
			c.Checks = append(c.Checks, apart)
		} else {
			c.Controls = append(c.Controls, apart)
		}
		differ.Xs, differ.Ys = append(differ.Xs, alpha), append(differ.Ys, apart.Measured())
		c.Agrees = c.Agrees && apart.Measured() == 0
	}
	c.Series = []result.Series{differ}
	return c, nil
}

// productsByRule returns weights in bfloat16 and their products with α by either rule. An operation that the lab has replaced
// multiplies nothing.
func productsByRule(l *lab.Lab, alpha float64) (w, first, last []float64, err error) {
	if l.Operation(scaling.OpReparameterise) != scaling.OpReparameterise {
		alpha = 1
	}
	values := map[string]*tensors.Tensor{}
	for path, dtype := range map[string]dtypes.DType{"/rounded": dtypes.BFloat16, "/exact": dtypes.Float32} {
		if values[path], err = backend.Tensor([]float64{alpha}, shapes.Make(dtype)); err != nil {
			return nil, nil, nil, err
		}
	}
	p, err := l.Probe(fmt.Sprintf("products in bfloat16 by %g", alpha), func() (probe.Config, error) {
		one := dataset.Set{Name: "one number", Shape: []int{1}, Inputs: []float64{1}, Targets: []float64{0}}
		sum := func(_, outputs []*graph.Node) *graph.Node { return graph.ReduceAllSum(outputs[0]) }
		return probe.Config{Subject: subject.Subject{Model: twoRules, Data: one, Loss: sum, DType: dtypes.BFloat16}, Values: values, Seed: 1}, nil
	})
	if err != nil {
		return nil, nil, nil, err
	}
	all, _, err := p.Outputs()
	if err != nil {
		return nil, nil, nil, err
	}
	return all[:roundedProducts], all[roundedProducts : 2*roundedProducts], all[2*roundedProducts:], nil
}

// twoRules is a model that returns weights in bfloat16, their products with a scalar that was rounded to bfloat16, and those with
// one in float32, rounded afterwards.
func twoRules(scope *model.Scope, _ any, inputs []*graph.Node) []*graph.Node {
	g := inputs[0].Graph()
	w := scope.VariableWithShape("weights", shapes.Make(dtypes.BFloat16, roundedProducts, 1)).NodeValue(g)
	rounded := scope.VariableWithShape("rounded", shapes.Make(dtypes.BFloat16)).SetTrainable(false).NodeValue(g)
	exact := scope.VariableWithShape("exact", shapes.Make(dtypes.Float32)).SetTrainable(false).NodeValue(g)
	product := graph.ConvertDType(graph.Mul(graph.ConvertDType(w, dtypes.Float32), exact), dtypes.BFloat16)
	return []*graph.Node{graph.Concatenate([]*graph.Node{w, graph.Mul(w, rounded), product}, 0)}
}

func isPowerOfTwo(x float64) bool {
	fraction, _ := math.Frexp(x)
	return fraction == 0.5
}

// toBFloat16 rounds to the nearest number with seven bits of fraction, ties to even. Nothing here overflows.
func toBFloat16(x float64) float64 {
	bits := math.Float32bits(float32(x))
	bits += 0x7fff + bits>>16&1
	return float64(math.Float32frombits(bits &^ 0xffff))
}
