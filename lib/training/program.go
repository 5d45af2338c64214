package training

import (
	"path"
	"slices"
	"sync"
	"sync/atomic"

	"alphascale/lib/backend"
	"alphascale/lib/instrument"
	"alphascale/lib/optim"
	"alphascale/lib/scaling"
	"alphascale/lib/subject"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/ml/train/optimizer"
)

// Program is a compiled training. Its runs differ in α, hyperparameters, seed and number of steps. Several goroutines
// may use it at once.
type Program struct {
	config Config
	graph  *Graph

	state    []*model.Variable       // every variable that the step reads or writes, in the order of creation
	shapes   []shapes.Shape          // of what the run holds of them: a master copy is wider than its variable
	hypers   []hyper                 // the optimizer's hyperparameters
	guessing float64                 // see Run.Guessing
	byModel  map[string]bool         // paths of the variables that the model itself sets
	groups   []group                 // the trainable variables by the hyperparameters that they are updated with
	watched  []*model.Variable       // those that instruments look at
	layers   []instrument.Activation // the hidden layers that instruments can look at
	columns  []column                // of the trace, after the loss in column 0
	products float64                 // bytes of what the layers multiply out for a batch
	turned   bool                    // the loop keeps the data set with the examples in columns

	seeded  []*model.Variable           // those of state whose initial value is drawn by seed
	mu      sync.Mutex                  // guards config.Store and initial
	initial map[int64][]*tensors.Tensor // of state, by seed, in host memory
	devices []device

	stepTime atomic.Int64 // nanoseconds that a step took lately
}

// hyper is a hyperparameter of the optimizer, which reads it from a scalar variable.
type hyper struct {
	*model.Variable
	byDefault float64 // its value when none is given
	// byModel says that the model sets the variable itself, as a schedule of the learning rate does. The input of the program is
	// then a factor of what the model sets.
	byModel bool
}

func (h hyper) name() optim.Hyper { return optim.Hyper(h.Name()) }

// column is what one column of the trace holds.
type column struct {
	instrument string
	path       string // of a variable, or of a hidden layer
	layer      bool
}

func (c column) String() string { return c.instrument + " of " + c.path }

// Compile builds the program and compiles it, once. Whatever cannot be used comes back as an error: a missing setting, a
// selector that matches nothing, shapes that do not fit, a model that panics while its graph is built, a run that this
// machine has no memory for.
func Compile(config Config) (*Program, error) {
	config, err := config.resolve()
	if err != nil {
		return nil, err
	}
	p := &Program{config: config, initial: map[int64][]*tensors.Tensor{}, guessing: config.guessing()}
	if err := p.discover(); err != nil {
		return nil, err
	}
	if err := p.arrange(); err != nil {
		return nil, err
	}
	if err := p.checkMemory(); err != nil {
		return nil, err
	}
	if err := p.tryDrawing(); err != nil {
		return nil, err
	}
	p.graph = NewGraph(config.Backend, "training")
	if err := p.compile(); err != nil {
		p.Finalize()
		return nil, err
	}
	p.devices = make([]device, config.Backend.NumDevices())
	return p, nil
}

// compile builds the program and compiles it.
func (p *Program) compile() error {
	var outputs []*Node
	if err := backend.Try("building the training program", func() { outputs = p.buildRun(p.graph) }); err != nil {
		return err
	}
	return backend.Try("compiling the training program", func() {
		if err := p.graph.Compile(outputs...); err != nil {
			panic(err)
		}
	})
}

// Finalize frees the compiled program and what it keeps on the devices.
func (p *Program) Finalize() {
	p.graph.Finalize()
	forget(p.initial)
	for i := range p.devices {
		p.devices[i].free()
	}
}

// Variables lists the paths of the model's trainable variables and whether Settings.Alpha multiplies each.
func (p *Program) Variables() map[string]bool {
	out := map[string]bool{}
	for _, g := range p.groups {
		for _, v := range g.variables {
			out[v.Path()] = g.multiplied && g.name == ""
		}
	}
	return out
}

// discover builds one step that is never compiled, so that every variable of model and optimizer exists, and notes
// which of them are drawn by seed.
func (p *Program) discover() error {
	c := p.config
	g := NewGraph(c.Backend, "discovery")
	defer g.Finalize()
	err := backend.Try("building the model", func() {
		model.SetStore(g, c.Store)
		inputs := Parameter(g, "#inputs", c.Data.InputShape(c.DType, c.Batch))
		labels := Parameter(g, "#labels", c.Data.LabelShape(c.DType, c.Batch))
		theLoss := p.buildLoss(g, inputs, labels)
		p.findSchedules(g)
		p.layers = instrument.Activations(g)
		p.products = productsOf(g)
		p.turned = p.can(compute.OpTypeDynamicSlice) && turnsOnly(inputs)
		c.Optimizer.UpdateGraph(c.Store.RootScope(), g, theLoss)
	})
	if err != nil {
		return err
	}
	for v := range c.Store.IterVariables() {
		if !v.InUseByGraph(g) {
			continue
		}
		p.state, p.shapes = append(p.state, v), append(p.shapes, p.heldShape(v))
		if !v.HasValue() {
			p.seeded = append(p.seeded, v)
		}
		if path.Dir(v.Path()) == "/"+optimizer.Scope && v.Shape().IsScalar() && !v.Trainable {
			h, err := p.hyperOf(v)
			if err != nil {
				return err
			}
			p.hypers = append(p.hypers, h)
		}
	}
	return nil
}

// arrange sorts the trainable variables into groups and lays out the trace.
func (p *Program) arrange() error {
	err := p.divide()
	if err == nil && len(p.config.Instruments) > 0 {
		p.watched, err = p.pick(p.config.Watched)
	}
	if err != nil {
		return err
	}
	for _, v := range p.watched {
		for _, instrument := range p.config.Instruments {
			if instrument.Weight != nil {
				p.columns = append(p.columns, column{instrument.Name, v.Path(), false})
			}
		}
	}
	for _, instrument := range p.config.Instruments {
		if instrument.Layer == nil {
			continue
		}
		picked, err := instrument.Pick(p.layers)
		if err != nil {
			return err
		}
		for _, layer := range picked {
			p.columns = append(p.columns, column{instrument.Name, layer.Path, true})
		}
	}
	return nil
}

// pick returns the trainable variables that a selector of the configuration means. The zero one means the weights, of which
// a model need have none.
func (p *Program) pick(selector scaling.Selector) ([]*model.Variable, error) {
	if !selector.IsZero() {
		return selector.Pick(p.state)
	}
	return slices.DeleteFunc(slices.Clone(p.state), func(v *model.Variable) bool { return !scaling.Weights().Match(v) }), nil
}

// buildLoss runs the model on a batch and returns its scalar loss, with what the model adds to it.
func (p *Program) buildLoss(g *Graph, inputs, labels *Node) *Node {
	c := p.config
	c.Store.SetTraining(g, true)
	checked := func(labels, predictions []*Node) *Node {
		c.checkOutputs(predictions)
		return c.Loss(labels, predictions)
	}
	_, loss := subject.Subject{Model: c.Model, Loss: checked, Store: c.Store}.BuildLoss(g, inputs, labels)
	return loss
}
