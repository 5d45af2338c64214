package training

import (
	"errors"
	"fmt"

	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
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
		store := p.config.Store
		if err := store.SetRNGStateFromSeed(seed); err != nil {
			return nil, fmt.Errorf("seed %d: %w", seed, err)
		}
		if err := p.draw(); err != nil {
			return nil, fmt.Errorf("drawing the initial weights: %w", err)
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

// prepareDrawing draws once, so that the program for it is compiled.
func (p *Program) prepareDrawing() error {
	if len(p.seeded) == 0 {
		return nil
	}
	values, err := p.initialValues(0)
	finalize(values)
	return err
}

// draw gives the seeded variables new values from the store's random state. GoMLX compiles a program for that, at every
// call; its hook hands the first out, and it is kept.
func (p *Program) draw() error {
	store := p.config.Store
	if p.drawing != nil {
		values, err := p.drawing.Call()
		if err != nil {
			return err
		}
		for i, v := range p.drawn {
			if err := v.SetValue(values[i]); err != nil {
				return err
			}
		}
		return nil
	}
	for _, v := range p.seeded {
		if err := v.Reset(); err != nil {
			return err
		}
	}
	var drawn []*model.Variable
	for v := range store.IterVariables() { // in the order in which the program returns their values
		if !v.HasValue() {
			drawn = append(drawn, v)
		}
	}
	var drawing *model.Exec
	err := store.InitializeVariables(p.config.Backend, func(e *model.Exec) error {
		drawing = e
		return nil
	})
	if err == nil {
		p.drawing, p.drawn = drawing, drawn
	}
	return err
}

// copies returns a host copy of one tensor for each state variable.
func (p *Program) copies(of func(i int) (*tensors.Tensor, error)) ([]*tensors.Tensor, error) {
	out := make([]*tensors.Tensor, len(p.state))
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
