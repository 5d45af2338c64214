package training

import (
	"errors"
	"fmt"

	"alphascale/lib/backend"

	"github.com/gomlx/gomlx/core/tensors"
)

// keptBytes is how much memory initial values are kept in, so that it does not grow with the seeds of a sweep. A variable
// for the sake of tests.
var keptBytes = 64 << 20

// keptSeeds is for how many seeds that is.
func (p *Program) keptSeeds() int {
	return max(2, int(float64(keptBytes)/(1+p.stateSize())))
}

func forget(seeds map[int64][]*tensors.Tensor) {
	for _, values := range seeds {
		finalize(values)
	}
	clear(seeds)
}

// finalize frees tensors at once. The garbage collector would, but it does not see the memory that XLA holds for them.
func finalize(ts []*tensors.Tensor) {
	for _, t := range ts {
		t.FinalizeAll()
	}
}

// initialValues draws the seeded variables anew and returns a copy of every state variable. It leaves the store without
// values for them, as it was.
func (p *Program) initialValues(seed int64) ([]*tensors.Tensor, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.initial[seed] == nil {
		if len(p.initial) >= p.keptSeeds() {
			forget(p.initial)
		}
		if err := backend.Draw(p.config.Store, seed); err != nil {
			return nil, err
		}
		values, err := p.copies(func(i int) (*tensors.Tensor, error) { return p.state[i].Value() })
		for _, v := range p.seeded { // so that a program compiled with the same store draws them too
			err = errors.Join(err, v.Reset())
		}
		if err != nil {
			return nil, err
		}
		p.initial[seed] = values
	}
	return p.copies(func(i int) (*tensors.Tensor, error) { return p.initial[seed][i], nil })
}

// tryDrawing draws the initial values of seed 0, so that an initializer that fails does so before the compilation.
func (p *Program) tryDrawing() error {
	if len(p.seeded) == 0 {
		return nil
	}
	values, err := p.initialValues(0)
	finalize(values)
	return err
}

// Initial returns the values that a run with the seed starts from, by path: u₀ of the weights, and the optimizer's state. They
// are copies, for Settings.Initial as they are or changed. A seed that cannot be used is an error.
func (p *Program) Initial(seed int64) (map[string]*tensors.Tensor, error) {
	values, err := p.initialValues(seed)
	if err != nil {
		return nil, err
	}
	out := map[string]*tensors.Tensor{}
	for i, v := range p.state {
		out[v.Path()] = values[i]
	}
	return out, nil
}

// copies returns a host copy of one tensor for each state variable, in the dtype in which a run holds it.
func (p *Program) copies(of func(i int) (*tensors.Tensor, error)) ([]*tensors.Tensor, error) {
	out := make([]*tensors.Tensor, len(p.state))
	for i, v := range p.state {
		t, err := of(i)
		if err == nil {
			out[i], err = held(t, p.shapes[i])
		}
		if err != nil {
			return nil, fmt.Errorf("copying the initial value of %s: %w", v.Path(), err)
		}
	}
	return out, nil
}
