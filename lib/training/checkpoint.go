package training

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"time"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/tensors"
)

// Checkpoints keep what a run has come to while it runs, so that one that was stopped goes on from there, bit for bit as if it had
// not been, in the same program with the same settings on a processor of the same kind. They are of one run.
type Checkpoints struct {
	Every time.Duration            // between two; one more is kept when the context ends, of a run that has gone on for a tenth of that
	From  []byte                   // what was last kept; one that is damaged, or of another program, is passed over
	Keep  func(state []byte) error // an error ends the run
}

type checkpointsKey struct{}

// WithCheckpoints returns a context in which a run keeps checkpoints; see Program.RunOn.
func WithCheckpoints(ctx context.Context, c Checkpoints) context.Context {
	return context.WithValue(ctx, checkpointsKey{}, &c)
}

func checkpointsOf(ctx context.Context) *Checkpoints {
	c, _ := ctx.Value(checkpointsKey{}).(*Checkpoints)
	return c
}

// keeper keeps the checkpoints of one run; a nil one keeps none.
type keeper struct {
	Checkpoints
	begun, last time.Time
}

func keeperOf(ctx context.Context) *keeper {
	c := checkpointsOf(ctx)
	if c == nil {
		return nil
	}
	return &keeper{*c, time.Now(), time.Now()}
}

// look keeps a checkpoint if one is due, or if the run is stopping.
func (k *keeper) look(soFar passedOut, stopping bool) error {
	if k == nil {
		return nil
	}
	now := time.Now()
	due := now.Sub(k.last) >= k.Every || stopping && now.Sub(k.begun) >= k.Every/10
	if !due {
		return nil
	}
	state, err := soFar.bytes()
	if err == nil {
		err = k.Keep(state)
	}
	k.last = now
	return err
}

func (out passedOut) list() []*tensors.Tensor {
	return append([]*tensors.Tensor{out.step, out.alive, out.trace}, out.state...)
}

// bytes are all outputs, each with its length before it, and a checksum of that.
func (out passedOut) bytes() ([]byte, error) {
	var b bytes.Buffer
	for _, t := range out.list() {
		err := t.ConstBytes(func(data []byte) {
			b.Write(binary.LittleEndian.AppendUint64(nil, uint64(len(data))))
			b.Write(data)
		})
		if err != nil {
			return nil, fmt.Errorf("copying a checkpoint from the device: %w", err)
		}
	}
	sum := sha256.Sum256(b.Bytes())
	return append(b.Bytes(), sum[:]...), nil
}

// restored are the outputs that a checkpoint holds; ok is false of one that is damaged or of another program.
func (p *Program) restored(state []byte, steps int) (out passedOut, ok bool) {
	end := len(state) - sha256.Size
	if end < 0 || sha256.Sum256(state[:end]) != [sha256.Size]byte(state[end:]) {
		return out, false
	}
	of := append([]shapes.Shape{shapes.Make(dtypes.Int32), shapes.Make(dtypes.Bool), p.traceShape()}, p.shapes...)
	rest := state[:end]
	var all []*tensors.Tensor
	for _, shape := range of {
		t := tensors.FromShape(shape)
		all = append(all, t)
		whole := false
		err := t.MutableBytes(func(data []byte) {
			if len(rest) >= 8+len(data) && binary.LittleEndian.Uint64(rest) == uint64(len(data)) {
				copy(data, rest[8:])
				rest, whole = rest[8+len(data):], true
			}
		})
		if err != nil || !whole {
			finalize(all)
			return out, false
		}
	}
	out = outputsOf(all)
	if done := out.steps(); len(rest) > 0 || !out.finite() || done < 1 || done >= steps {
		out.free()
		return passedOut{}, false
	}
	return out, true
}
