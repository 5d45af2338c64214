package training_test

import (
	"bytes"
	"context"
	"errors"
	"testing"
	"time"

	"alphascale/lib/backend"
	"alphascale/lib/optim"
	"alphascale/lib/training"
)

// A run that is stopped twice goes on from its checkpoint bit for bit; from one of another run it would not, and one that is damaged,
// or of another program, is passed over.
func TestCheckpointsGoOn(t *testing.T) {
	interpreter, err := backend.Interpreter()
	if err != nil {
		t.Fatal(err)
	}
	for i, family := range []optim.Family{optim.SGD, optim.AdamW, optim.SGD} {
		c := digitsConfig(t, family)
		c.Instruments = training.Norms()
		c.Steps, c.Batch, c.Backend = 30, 16, interpreter // which is looked at after each step
		if i == 2 {
			c.Steps, c.Batch, c.Backend = 12_000, 128, nil
		}
		p := compile(t, c)
		s := training.Settings{Alpha: 4, Seed: 3}
		whole := run(t, p, s)
		var kept []byte
		first := 0 // step at which the last run was seen first
		until := func(stop int, from []byte, s training.Settings) (*training.Run, error) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			first = -1
			ctx = training.WithWatch(ctx, func(soFar *training.Run) {
				if first < 0 {
					first = len(soFar.Loss)
				}
				if len(soFar.Loss) >= stop { // in XLA later
					cancel()
				}
			})
			ctx = training.WithCheckpoints(ctx, training.Checkpoints{From: from, Keep: func(state []byte) error {
				kept = bytes.Clone(state)
				return nil
			}})
			return p.RunOn(ctx, 0, s)
		}
		for _, stop := range []int{1, 2} {
			if _, err := until(stop, kept, s); !errors.Is(err, context.Canceled) {
				t.Fatalf("%s: the run was to be stopped at step %d, and says %v", family, stop, err)
			}
		}
		last, finished := kept, c.Steps+1
		onward, err := until(finished, last, s)
		if err != nil {
			t.Fatal(err)
		}
		if i := firstDifference(onward.Loss, whole.Loss); i >= 0 || first >= 0 && first <= 2 {
			t.Errorf("%s: the run that went on differs at step %d, and was first seen at step %d", family, i, first)
		}
		for k, record := range onward.Records() {
			if i := firstDifference(record.Values, whole.Records()[k].Values); i >= 0 {
				t.Errorf("%s: %s differs at step %d", family, record.Instrument, i)
			}
		}
		if i == 2 {
			continue
		}
		other := s
		other.Seed = 4
		if foreign, err := until(finished, last, other); err != nil || firstDifference(foreign.Loss[:2], whole.Loss[:2]) >= 0 {
			t.Errorf("%s: the checkpoint was not used, %v", family, err)
		}
		broken := bytes.Clone(last)
		broken[len(broken)/2] ^= 1
		for _, state := range [][]byte{broken, last[:9], {}} {
			if again, err := until(finished, state, other); err != nil || firstDifference(again.Loss, run(t, p, other).Loss) >= 0 {
				t.Errorf("%s: a damaged checkpoint was used, %v", family, err)
			}
		}
	}
}

// What cannot be kept ends the run.
func TestCheckpointThatCannotBeKept(t *testing.T) {
	c := digitsConfig(t, optim.SGD)
	var err error
	if c.Backend, err = backend.Interpreter(); err != nil {
		t.Fatal(err)
	}
	p := compile(t, c)
	full := errors.New("no space")
	ctx := training.WithCheckpoints(t.Context(), training.Checkpoints{Every: time.Nanosecond, Keep: func([]byte) error { return full }})
	if _, err := p.RunOn(ctx, 0, training.Settings{Alpha: 1}); !errors.Is(err, full) {
		t.Errorf("the run ends with %v", err)
	}
}
