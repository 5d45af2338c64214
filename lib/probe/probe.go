// Package probe measures a model at a point in weight space: gradients, Jacobians, sharpness, degrees of homogeneity and
// invariance, each at the weights as they are or after a [Change] that multiplies some of them by α.
//
// Nothing is computed unless it is asked for. What is recorded during a run is the matter of package instrument.
package probe

import (
	"fmt"
	"slices"
	"sync"

	"alphascale/lib/subject"

	"alphascale/lib/backend"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// Config says what a probe looks at, and at which weights. The zero value of each field but Subject is the default that its
// comment gives. The subject's Store is copied, not changed.
type Config struct {
	subject.Subject

	Seed int64 // of the initial weights
	// Values replace weights by path, rounded to DType: pass training.Run.Final to probe a trained network. Paths that
	// the model does not have, such as those of an optimizer's moments, are passed over.
	Values map[string]*tensors.Tensor

	Evaluation bool // as in evaluation: batch normalisation by its running statistics, not by the batch
}

// Probe measures a model at points in its weight space: at its values as they are, or after a Change. What a method
// needs is compiled at its first call, once for every α. Several goroutines may use a probe at once; they take turns.
type Probe struct {
	config    Config
	variables []*model.Variable // all that the model uses, in the order of creation
	trained   []*model.Variable // the trainable ones among them
	values    []*tensors.Tensor // of variables
	inputs    *tensors.Tensor
	labels    *tensors.Tensor
	outputs   shapes.Shape // of the model's first output

	*compiled
}

// compiled is what probes of one model at several points share.
type compiled struct {
	mu       sync.Mutex
	programs map[string]*Graph
}

// New builds the model once, without compiling, and draws its weights. Whatever cannot be used comes back as an
// error: a missing setting, a model that panics while its graph is built, values of another shape.
func New(config Config) (*Probe, error) {
	config, err := config.resolve()
	if err != nil {
		return nil, err
	}
	p := &Probe{config: config, compiled: &compiled{programs: map[string]*Graph{}}}
	if p.inputs, err = config.Data.InputTensor(config.DType); err != nil {
		return nil, err
	}
	if p.labels, err = config.Data.LabelTensor(config.DType); err != nil {
		return nil, err
	}
	if err := p.discover(); err != nil {
		return nil, err
	}
	if err := p.draw(); err != nil {
		return nil, err
	}
	return p, nil
}

func (c Config) resolve() (Config, error) {
	var err error
	if c.Subject, err = c.Resolve(dtypes.Float64); err != nil {
		return c, err
	}
	if c.Store, err = c.Store.Clone(); err != nil {
		return c, fmt.Errorf("copying the store: %w", err)
	}
	return c, nil
}

// discover builds the model in a graph that is never compiled, so that every variable exists.
func (p *Probe) discover() error {
	g := NewGraph(p.config.Backend, "discovery")
	defer g.Finalize()
	err := backend.Try("building the model", func() {
		outputs, _ := p.buildModel(g, Parameter(g, "#inputs", p.inputs.Shape()), Parameter(g, "#labels", p.labels.Shape()))
		p.outputs = outputs.Shape()
	})
	if err != nil {
		return err
	}
	for v := range p.config.Store.IterVariables() {
		if !v.InUseByGraph(g) {
			continue
		}
		p.variables = append(p.variables, v)
		if v.Trainable {
			p.trained = append(p.trained, v)
		}
	}
	if len(p.trained) == 0 {
		return fmt.Errorf("the model has no trainable variable: there is nothing to differentiate with respect to")
	}
	return nil
}

// buildModel runs the model and its loss, regularisation included, at the variables' current nodes.
func (p *Probe) buildModel(g *Graph, inputs, labels *Node) (outputs, loss *Node) {
	model.SetStore(g, p.config.Store)
	p.config.Store.SetTraining(g, !p.config.Evaluation)
	all, loss := p.config.BuildLoss(g, inputs, labels)
	return all[0], loss
}

// draw takes the values of all variables: given, stored or drawn by seed, in this order.
func (p *Probe) draw() error {
	if err := backend.Draw(p.config.Store, p.config.Seed); err != nil {
		return err
	}
	for _, v := range p.variables {
		value, err := v.Value()
		if err == nil {
			value, err = value.LocalClone()
		}
		if given := p.config.Values[v.Path()]; given != nil {
			value, err = convertTo(given, v.Shape())
		}
		if err != nil {
			return fmt.Errorf("the value of %s: %w", v.Path(), err)
		}
		p.values = append(p.values, value)
	}
	return nil
}

// convertTo copies a tensor with its numbers rounded to the dtype of a shape.
func convertTo(t *tensors.Tensor, shape shapes.Shape) (*tensors.Tensor, error) {
	if !t.Shape().EqualDimensions(shape) {
		return nil, fmt.Errorf("it has shape %s and the model wants %s: give the values of the same architecture", t.Shape(), shape)
	}
	if !shape.DType.IsFloat() {
		return t.LocalClone()
	}
	flat, err := backend.Floats(t)
	if err != nil {
		return nil, err
	}
	return backend.Tensor(flat, shape)
}

// At returns a probe of the same model and data at other weights: values replace those that the probe is at, by path, as
// Config.Values do. What was compiled for one serves both, and Finalize of either frees it. A value of another shape is an error.
func (p *Probe) At(values map[string]*tensors.Tensor) (*Probe, error) {
	there := *p
	there.values = slices.Clone(p.values)
	for i, v := range p.variables {
		given := values[v.Path()]
		if given == nil {
			continue
		}
		var err error
		if there.values[i], err = convertTo(given, v.Shape()); err != nil {
			return nil, fmt.Errorf("the value of %s: %w", v.Path(), err)
		}
	}
	return &there, nil
}

// Values returns a copy of the weights that the probe is at without a Change, by path, the running statistics of batch
// normalisation included.
func (p *Probe) Values() (map[string]*tensors.Tensor, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := map[string]*tensors.Tensor{}
	for i, v := range p.variables {
		value, err := p.values[i].LocalClone()
		if err != nil {
			return nil, fmt.Errorf("copying %s: %w", v.Path(), err)
		}
		out[v.Path()] = value
	}
	return out, nil
}

// Finalize frees the compiled programs.
func (p *Probe) Finalize() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, g := range p.programs {
		g.Finalize()
	}
	clear(p.programs)
}
