package training

import (
	"alphascale/lib/backend"
	"fmt"
	"sync"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/tensors"
)

// value is the initial value of one variable, in host memory.
type value = *tensors.Tensor

// device keeps what many runs on one device share, so that it is copied there once. A tensor that lives on one device
// cannot be passed to another.
type device struct {
	mu      sync.Mutex
	shared  []*tensors.Tensor           // trace, inputs, labels
	initial map[int64][]*tensors.Tensor // the state's initial values by seed
}

func (d *device) free() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, t := range d.shared {
		t.FinalizeAll()
	}
	for _, values := range d.initial {
		for _, t := range values {
			t.FinalizeAll()
		}
	}
	d.shared, d.initial = nil, nil
}

// execute runs the program and returns its outputs, which live on the device. It panics as GoMLX's graphs do.
func (p *Program) execute(number int, inputs []any, steps int) []*tensors.Tensor {
	run := func() []*tensors.Tensor { return p.graph.RunOnDevice(compute.DeviceNum(number), inputs...) }
	outputs := run()
	for !p.loops() && tensors.ToScalar[bool](outputs[1]) && int(tensors.ToScalar[int32](outputs[0])) < steps {
		inputs[inDivisor] = shapes.CastAsDType(1.0, p.config.DType)
		inputs[inStep], inputs[inAlive], inputs[inTrace] = outputs[0], outputs[1], outputs[2]
		copy(inputs[len(inputs)-len(p.state):], asAny(outputs[3:]))
		next := run()
		for _, t := range outputs {
			t.FinalizeAll()
		}
		outputs = next
	}
	return outputs
}

func asAny(ts []*tensors.Tensor) []any {
	out := make([]any, len(ts))
	for i, t := range ts {
		out[i] = t
	}
	return out
}

// inputs lists the program's inputs in the order in which buildRun declares them.
func (p *Program) inputs(number int, s Settings) ([]any, error) {
	d := &p.devices[number]
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.shared == nil {
		shared, err := p.sharedInputs()
		if err != nil {
			return nil, err
		}
		d.shared, d.initial = shared, map[int64][]*tensors.Tensor{}
	}
	if d.initial[s.Seed] == nil {
		values, err := p.initialValues(s.Seed)
		if err != nil {
			return nil, err
		}
		d.initial[s.Seed] = values
	}
	divisor := s.Alpha
	if s.Start == KeepWeights {
		divisor = 1
	}
	scalars, err := p.scalars(divisor, s.Alpha)
	if err != nil {
		return nil, err
	}
	in := []any{scalars[0], int32(0), int32(s.Steps), true, d.shared[0], d.shared[1], d.shared[2], scalars[1]}
	for _, group := range p.groups {
		values := s.Hyper
		if group.scaled {
			values = s.Hyper.Merge(s.Scaled)
		}
		for i, v := range p.hypers {
			x, given := values[hyperName(v)]
			if !given {
				in = append(in, p.defaults[i])
				continue
			}
			value, err := backend.Tensor([]float64{x}, v.Shape())
			if err != nil {
				return nil, err
			}
			in = append(in, value)
		}
	}
	for i, v := range p.state {
		start := d.initial[s.Seed][i]
		if given := s.Initial[v.Path()]; given != nil { // a copy, since a tensor lives on one device
			if start, err = given.LocalClone(); err != nil {
				return nil, fmt.Errorf("copying the initial value of %s: %w", v.Path(), err)
			}
		}
		in = append(in, start)
	}
	return in, nil
}

// scalars rounds numbers to the program's dtype. GoMLX's own cast to float16 loses subnormal numbers.
func (p *Program) scalars(numbers ...float64) ([]*tensors.Tensor, error) {
	out := make([]*tensors.Tensor, len(numbers))
	for i, x := range numbers {
		var err error
		if out[i], err = backend.Tensor([]float64{x}, shapes.Make(p.config.DType)); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// sharedInputs copies an empty trace and the data set into tensors.
func (p *Program) sharedInputs() ([]*tensors.Tensor, error) {
	inputs, labels, err := p.config.Data.Tensors(p.config.DType)
	return []*tensors.Tensor{tensors.FromShape(p.traceShape()), inputs, labels}, err
}

// initialValues draws the seeded variables anew and returns a copy of every state variable.
func (p *Program) initialValues(seed int64) ([]value, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.initial[seed] == nil {
		store := p.config.Store
		if err := store.SetRNGStateFromSeed(seed); err != nil {
			return nil, fmt.Errorf("seed %d: %w", seed, err)
		}
		for _, v := range p.seeded {
			if err := v.Reset(); err != nil {
				return nil, fmt.Errorf("drawing %s: %w", v.Path(), err)
			}
		}
		if err := store.InitializeVariables(p.config.Backend, nil); err != nil {
			return nil, fmt.Errorf("drawing the initial weights: %w", err)
		}
		values, err := p.copies(func(i int) (*tensors.Tensor, error) { return p.state[i].Value() })
		if err != nil {
			return nil, err
		}
		p.initial[seed] = values
	}
	return p.copies(func(i int) (*tensors.Tensor, error) { return p.initial[seed][i], nil })
}

// copies returns a host copy of one tensor for each state variable.
func (p *Program) copies(of func(i int) (*tensors.Tensor, error)) ([]value, error) {
	out := make([]value, len(p.state))
	for i, v := range p.state {
		t, err := of(i)
		if err == nil {
			out[i], err = t.LocalClone()
		}
		if err != nil {
			return nil, fmt.Errorf("copying the initial value of %s: %w", v.Path(), err)
		}
	}
	return out, nil
}
