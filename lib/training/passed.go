package training

import (
	"fmt"
	"slices"

	"alphascale/lib/optim"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// A compiled program is passed its inputs, and passes its outputs, by their places. Both orders stand in this file alone: declare
// is that of passedIn.list, and results is that of passedOut.

// passedIn is what a run, or a piece of one, passes to the program: tensors, or Go's numbers for scalars.
type passedIn struct {
	divisors           []any // by group that an α multiplies, of its weights at the start: α keeps the function, 1 keeps the weights
	step, limit, first any   // int32: the next step, the one to stop before, and how many went before the run
	alive              any   // bool: the loss has been finite so far
	trace              any   // [Steps, 1 + columns]
	data, labels       any   // the whole data set
	alphas             []any // by the same group
	hypers             []any // by group, then by hyperparameter
	unused             []any // of the variables that have a master copy
	state              []any
}

func (in *passedIn) list() []any {
	between := []any{in.step, in.limit, in.first, in.alive, in.trace, in.data, in.labels}
	return slices.Concat(in.divisors, between, in.alphas, in.hypers, in.unused, in.state)
}

// goOn makes the inputs those of the piece that follows the one with the outputs.
func (in *passedIn) goOn(from passedOut, wide dtypes.DType) {
	for i := range in.divisors {
		in.divisors[i] = shapes.CastAsDType(1.0, wide)
	}
	in.step, in.alive, in.trace = from.step, from.alive, from.trace
	for i, t := range from.state {
		in.state[i] = t
	}
}

// multipliers are the names of the groups that an α multiplies in the names of inputs. A program in which none does has the input all
// the same, and does nothing with it.
func (p *Program) multipliers() []string {
	var out []string
	for _, g := range p.multiplied() {
		out = append(out, g.label())
	}
	if out == nil {
		out = []string{""}
	}
	return out
}

// declare declares the inputs and returns what the loop begins with, the weights divided by the divisor.
func (p *Program) declare(g *Graph) *frame {
	c, wide := p.config, optim.Wide(p.config.DType)
	scalar := func(name string, dtype dtypes.DType) *Node { return Parameter(g, name, shapes.Make(dtype)) }
	var divisors []*Node
	for _, name := range p.multipliers() {
		divisors = append(divisors, scalar("#divisor"+name, wide))
	}
	f := &frame{
		step: scalar("#step", dtypes.Int32), limit: scalar("#limit", dtypes.Int32), first: scalar("#first", dtypes.Int32),
		alive:  scalar("#alive", dtypes.Bool),
		trace:  Parameter(g, "#trace", p.traceShape()),
		inputs: Parameter(g, "#inputs", p.inputShape()), labels: Parameter(g, "#labels", c.Data.LabelShape(c.DType, c.Data.Rows())),
	}
	for _, name := range p.multipliers() {
		f.alphas = append(f.alphas, scalar("#alpha"+name, wide))
	}
	for i := range p.groups {
		for _, v := range p.hypers {
			f.hypers = append(f.hypers, scalar(fmt.Sprintf("#group%d%s", i, v.Path()), v.DType()))
		}
	}
	for _, v := range p.masters() {
		v.NodeValue(g) // GoMLX declares an input for each variable in use, which stays unused beside the copy's
	}
	for i, v := range p.state {
		f.state = append(f.state, p.declareState(g, i, v, divisors))
	}
	return f
}

func (p *Program) declareState(g *Graph, i int, v *model.Variable, divisors []*Node) *Node {
	var start *Node
	if p.isMaster(v) {
		start = Parameter(g, "#master"+v.Path(), p.shapes[i])
	} else {
		start = v.NodeValue(g) // becomes the input of that name
	}
	if k := p.multiplierOf(v); k >= 0 {
		divisor := divisors[k]
		return ConvertDType(Div(ConvertDType(start, divisor.DType()), divisor), start.DType())
	}
	return start
}

// results are the outputs: how far the loop came, and what it carried.
func (f *frame) results() []*Node {
	return append([]*Node{f.step, f.alive, f.trace}, f.state...)
}

// passedOut is what the program passes back, on the device.
type passedOut struct {
	step, alive, trace *tensors.Tensor
	state              []*tensors.Tensor
}

func outputsOf(results []*tensors.Tensor) passedOut {
	return passedOut{results[0], results[1], results[2], results[3:]}
}

// steps is the number of steps that were taken. It waits for the device.
func (out passedOut) steps() int { return int(tensors.ToScalar[int32](out.step)) }

// finite reports whether the loss has been finite so far.
func (out passedOut) finite() bool { return tensors.ToScalar[bool](out.alive) }

// free frees the outputs. Those that never were do not matter.
func (out passedOut) free() {
	for _, t := range append([]*tensors.Tensor{out.step, out.alive, out.trace}, out.state...) {
		if t != nil {
			t.FinalizeAll()
		}
	}
}
