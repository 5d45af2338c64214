package training

import (
	"fmt"
	"sync"
	"time"

	"alphascale/lib/optim"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/tensors"
)

// device keeps what many runs on one device share, so that it is copied there once. A tensor that lives on one device
// cannot be passed to another.
type device struct {
	mu      sync.Mutex
	shared  []*tensors.Tensor           // trace, inputs, labels
	initial map[int64][]*tensors.Tensor // the state's initial values by seed
	running int                         // runs that use them
}

func (d *device) free() {
	d.mu.Lock()
	defer d.mu.Unlock()
	finalize(d.shared)
	forget(d.initial)
	d.shared = nil
}

// execute runs the program in pieces and returns its outputs, which live on the device. After each piece it calls
// between, if not nil, with the outputs so far, and ends early if that returns false. Pieces change no bit: each goes on
// from the other's state. It panics as GoMLX's graphs do.
func (p *Program) execute(number int, inputs []any, steps int, between func(outputs []*tensors.Tensor) bool) []*tensors.Tensor {
	var outputs []*tensors.Tensor
	for done, piece := 0, 0; ; {
		piece = p.piece(piece, between != nil)
		inputs[inLimit] = int32(min(steps, done+piece))
		begin := time.Now()
		next := p.graph.RunOnDevice(compute.DeviceNum(number), inputs...)
		finalize(outputs)
		outputs = next
		before := done
		done = int(tensors.ToScalar[int32](outputs[0])) // waits for the piece
		p.stepTime.Store(int64(time.Since(begin)) / int64(done-before))
		if done >= steps || !tensors.ToScalar[bool](outputs[1]) || between != nil && !between(outputs) {
			return outputs
		}
		inputs[inDivisor] = shapes.CastAsDType(1.0, optim.Wide(p.config.DType))
		inputs[inStep], inputs[inAlive], inputs[inTrace] = outputs[0], outputs[1], outputs[2]
		copy(inputs[len(inputs)-len(p.state):], asAny(outputs[3:]))
	}
}

// pieceTime is about how long a run that can be stopped or watched goes on without a look at the outside.
const pieceTime = 200 * time.Millisecond

// piece is the number of steps to take next, after one of the last number: one where the backend cannot loop, all where
// nobody looks, and otherwise what takes pieceTime, approached from below while that is not known.
func (p *Program) piece(last int, watched bool) int {
	const growth = 16
	known := time.Duration(p.stepTime.Load())
	switch {
	case !p.loops():
		return 1
	case !watched:
		return p.config.Steps
	case known == 0:
		return 1
	case last == 0:
		return max(1, int(pieceTime/known))
	}
	return max(1, min(growth*last, int(pieceTime/known)))
}

func asAny(ts []*tensors.Tensor) []any {
	out := make([]any, len(ts))
	for i, t := range ts {
		out[i] = t
	}
	return out
}

// inputs lists the program's inputs in the order in which buildRun declares them. Call done when the run has ended.
func (p *Program) inputs(number int, s Settings) (in []any, done func(), err error) {
	d := &p.devices[number]
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := p.fill(d, s.Seed); err != nil {
		return nil, nil, err
	}
	in, own, err := p.list(d, s)
	if err != nil {
		finalize(own)
		return nil, nil, err
	}
	d.running++
	return in, func() {
		finalize(own)
		d.mu.Lock()
		defer d.mu.Unlock()
		d.running--
	}, nil
}

// fill copies to the device what a run with the seed shares with others.
func (p *Program) fill(d *device, seed int64) error {
	if d.shared == nil {
		shared, err := p.sharedInputs()
		if err != nil {
			return err
		}
		d.shared, d.initial = shared, map[int64][]*tensors.Tensor{}
	}
	if d.initial[seed] != nil {
		return nil
	}
	if len(d.initial) >= p.keptSeeds() && d.running == 0 {
		forget(d.initial)
	}
	values, err := p.initialValues(seed)
	if err != nil {
		return err
	}
	d.initial[seed] = values
	return nil
}

// list puts the inputs together; own are those that no other run uses.
func (p *Program) list(d *device, s Settings) (in []any, own []*tensors.Tensor, err error) {
	divisor, multiplier, err := p.startOf(s)
	if err != nil {
		return nil, nil, err
	}
	wide := optim.Wide(p.config.DType)
	in = []any{
		shapes.CastAsDType(divisor, wide), int32(0), int32(s.Steps), p.firstStep(s), true,
		d.shared[0], d.shared[1], d.shared[2], shapes.CastAsDType(multiplier, wide),
	}
	for _, group := range p.groups {
		for _, h := range p.hypers {
			value, err := p.value(h, s, group.scaled)
			if err != nil {
				return nil, own, err
			}
			in, own = append(in, value), append(own, value)
		}
	}
	for _, v := range p.masters() { // the unused inputs, see buildRun
		in = append(in, tensors.FromShape(v.Shape()))
	}
	for i, v := range p.state {
		start := d.initial[s.Seed][i]
		given, err := p.given(i, s)
		if err != nil {
			return nil, own, fmt.Errorf("copying the initial value of %s: %w", v.Path(), err)
		}
		if given != nil {
			start, own = given, append(own, given)
		}
		in = append(in, start)
	}
	return in, own, nil
}
