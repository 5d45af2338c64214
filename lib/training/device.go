package training

import (
	"fmt"
	"sync"
	"time"

	"alphascale/lib/optim"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/tensors"
)

// device keeps what many runs on one device share, so that it is copied there once. A tensor that lives on one device
// cannot be passed to another.
type device struct {
	mu      sync.Mutex
	trace   *tensors.Tensor // empty, to be written into
	inputs  *tensors.Tensor // the data set's
	labels  *tensors.Tensor
	initial map[int64][]*tensors.Tensor // the state's initial values by seed
	running int                         // runs that use them
}

func (d *device) free() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.initial != nil {
		finalize([]*tensors.Tensor{d.trace, d.inputs, d.labels})
	}
	forget(d.initial)
	d.initial = nil
}

// execute runs the program in pieces and returns its outputs, which live on the device. After each piece it calls
// between, if not nil, with the outputs so far, and ends early if that returns false. Pieces change no bit: each goes on
// from the other's state. It begins from a checkpoint where one of this program is given. It panics as GoMLX's graphs do.
func (p *Program) execute(number int, in *passedIn, steps int, from []byte, between func(passedOut) bool) passedOut {
	done := 0
	out, ok := p.restored(from, steps)
	if ok {
		done = out.steps()
		in.goOn(out, optim.Wide(p.config.DType))
	}
	for piece := 0; ; {
		piece = p.piece(piece, between != nil)
		in.limit = int32(min(steps, done+piece))
		begin := time.Now()
		next := outputsOf(p.graph.RunOnDevice(compute.DeviceNum(number), in.list()...))
		out.free()
		out = next
		before := done
		done = out.steps()
		p.stepTime.Store(int64(time.Since(begin)) / int64(done-before))
		if done >= steps || !out.finite() || between != nil && !between(out) {
			return out
		}
		in.goOn(out, optim.Wide(p.config.DType))
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

// inputs gathers the program's inputs. Call done when the run has ended.
func (p *Program) inputs(number int, s Settings) (in *passedIn, done func(), err error) {
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
	if d.initial == nil {
		var err error
		if d.inputs, d.labels, err = p.dataTensors(); err != nil {
			return err
		}
		d.trace, d.initial = tensors.FromShape(p.traceShape()), map[int64][]*tensors.Tensor{}
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
func (p *Program) list(d *device, s Settings) (in *passedIn, own []*tensors.Tensor, err error) {
	in = &passedIn{
		step: int32(0), limit: int32(s.Steps), first: p.firstStep(s), alive: true,
		trace: d.trace, data: d.inputs, labels: d.labels,
	}
	if in.divisors, in.alphas, err = p.starts(s); err != nil {
		return nil, nil, err
	}
	for _, group := range p.groups {
		for _, h := range p.hypers {
			value, err := p.value(h, s, group)
			if err != nil {
				return nil, own, err
			}
			in.hypers, own = append(in.hypers, value), append(own, value)
		}
	}
	for _, v := range p.masters() {
		in.unused = append(in.unused, tensors.FromShape(v.Shape()))
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
		in.state = append(in.state, start)
	}
	return in, own, nil
}
