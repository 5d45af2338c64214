package training

import (
	"fmt"
	"math"
	"slices"

	"alphascale/lib/instrument"
	"alphascale/lib/optim"
	"alphascale/lib/scaling"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// frame is all that the loop carries from step to step. A closure cannot capture nodes and the main function may make
// no constants (GoMLX caches them for the whole graph), so everything that a step needs goes through it.
type frame struct {
	step, limit    *Node   // int32: the next step and the one to stop before
	first          *Node   // int32: how many steps went before the run, which decides what the batches are
	alive          *Node   // bool: the loss has been finite so far
	trace          *Node   // [Steps, 1 + columns]
	inputs, labels *Node   // the whole data set, see batch.go
	alphas         []*Node // by group that one multiplies
	hypers         []*Node // by group, then by hyperparameter
	state          []*Node
}

// nodes lists the frame in the order in which it is passed on.
func (f *frame) nodes() []*Node {
	fixed := []*Node{f.step, f.limit, f.first, f.alive, f.trace, f.inputs, f.labels}
	return slices.Concat(fixed, f.alphas, f.hypers, f.state)
}

// unpack is the inverse of nodes.
func (p *Program) unpack(n []*Node) *frame {
	const fixed = 7
	hypers := fixed + max(1, len(p.multiplied()))
	state := hypers + len(p.groups)*len(p.hypers)
	return &frame{n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[fixed:hypers], n[hypers:state], n[state:]}
}

// loops reports whether the backend can run the whole training as one program. Where it cannot, the program is one step
// and the host repeats it. What a backend says of While is no guide: XLA's runs it and does not list it, the Go backend's
// lists it and fails on a training step.
func (p *Program) loops() bool {
	return p.config.Backend.Capabilities().Functions && p.can(compute.OpTypeDynamicSlice)
}

// buildRun builds the main function: it declares the inputs, loops, and returns the outputs.
func (p *Program) buildRun(g *Graph) []*Node {
	model.SetStore(g, p.config.Store)
	start := p.declare(g)
	var end *frame
	if p.loops() {
		end = p.buildLoop(g, start)
	} else {
		end = p.buildStep(g, start)
	}
	for i, v := range p.state {
		v.SetNodeValue(end.state[i])
	}
	return end.results()
}

// buildLoop repeats the step until the limit or until the loss is not finite.
func (p *Program) buildLoop(g *Graph, start *frame) *frame {
	nodes := start.nodes()
	parameters := func(g *Graph) *frame {
		inner := make([]*Node, len(nodes))
		for i, n := range nodes {
			inner[i] = Parameter(g, fmt.Sprintf("p%d", i), n.Shape())
		}
		return p.unpack(inner)
	}
	condition := NewClosure(g, func(g *Graph) []*Node {
		in := parameters(g)
		return []*Node{LogicalAnd(LessThan(in.step, in.limit), in.alive)}
	})
	body := NewClosure(g, func(g *Graph) []*Node { return p.buildStep(g, parameters(g)).nodes() })
	return p.unpack(While(condition, body, nodes...))
}

// buildStep builds one training step: forward with u = α·w, gradients with respect to w, the optimizer on w, and the record.
func (p *Program) buildStep(g *Graph, f *frame) *frame {
	for i, v := range p.state {
		v.SetNodeValue(f.state[i])
	}
	inputs, labels := p.takeBatch(f)
	var trained []*model.Variable
	for _, group := range p.groups {
		trained = append(trained, group.variables...)
	}
	before := valuesOf(g, trained)
	for i, group := range p.multiplied() {
		scaling.Reparameterise(g, group.variables, f.alphas[i])
	}
	for _, v := range p.masters() { // the model computes in the variables' own dtype
		v.SetNodeValue(ConvertDType(v.NodeValue(g), v.DType()))
	}
	theLoss := p.buildLoss(g, inputs, labels)
	gradients := Gradient(theLoss, before...)
	for i, v := range trained {
		v.SetNodeValue(before[i])
	}
	prepared, rates := p.update(g, f, gradients, theLoss.DType())

	record := []*Node{theLoss}
	for _, v := range p.watched {
		i := slices.Index(trained, v)
		s := instrument.Step{
			Weight: before[i], Next: v.NodeValue(g), Gradient: gradients[i], Prepared: prepared[i],
			LearningRate: rates[i],
		}
		for _, instrument := range p.config.Instruments {
			if instrument.Weight != nil {
				scalar := instrument.Weight(s)
				record = append(record, scalar)
				if instrument.Before {
					v.SetNodeValue(after(scalar, s.Weight, v.NodeValue(g)))
				}
			}
		}
	}
	record = append(record, p.buildLayers(g)...)
	next := *f
	next.trace = p.write(f, record)
	next.step = Add(f.step, OnesLike(f.step))
	next.alive = IsFinite(theLoss)
	next.state = valuesOf(g, p.state)
	return &next
}

// after returns next unchanged, in a form that XLA computes only once it has the scalar: it selects w where the scalar is
// below −∞, which is nowhere. Without it XLA would copy the weight w at every step, since nothing would keep it from writing
// next over w before the scalar has been computed from w.
func after(scalar, w, next *Node) *Node {
	never := LessThan(scalar, Const(scalar.Graph(), shapes.CastAsDType(math.Inf(-1), scalar.DType())))
	return Where(never, w, next)
}

// buildLayers evaluates the instruments of hidden layers, in the order of the columns.
func (p *Program) buildLayers(g *Graph) []*Node {
	var record []*Node
	layers := instrument.Activations(g)
	for _, instrument := range p.config.Instruments {
		if instrument.Layer == nil {
			continue
		}
		picked, err := instrument.Pick(layers)
		if err != nil {
			panic(err) // cannot be: discovery has picked them
		}
		for _, layer := range picked {
			record = append(record, instrument.Layer(layer))
		}
	}
	return record
}

func valuesOf(g *Graph, variables []*model.Variable) []*Node {
	out := make([]*Node, len(variables))
	for i, v := range variables {
		out[i] = v.NodeValue(g)
	}
	return out
}

// write puts the scalars of this step into its row of the trace.
func (p *Program) write(f *frame, scalars []*Node) *Node {
	cells := make([]*Node, len(scalars))
	for i, s := range scalars {
		cells[i] = Reshape(ConvertDType(s, f.trace.DType()), 1, 1)
	}
	row := Concatenate(cells, 1)
	if !p.can(compute.OpTypeDynamicUpdateSlice) {
		rows := Iota(f.trace.Graph(), shapes.Make(dtypes.Int32, f.trace.Shape().Dimensions...), 0)
		return Where(Equal(rows, f.step), BroadcastToDims(row, f.trace.Shape().Dimensions...), f.trace)
	}
	return DynamicUpdateSlice(f.trace, row, []*Node{f.step, ZerosLike(f.step)})
}

func (p *Program) can(op compute.OpType) bool {
	return p.config.Backend.Capabilities().Operations[op]
}

func (p *Program) traceShape() shapes.Shape {
	return shapes.Make(optim.Wide(p.config.DType), p.config.Steps, 1+len(p.columns))
}
