package training

import (
	"cmp"
	"fmt"
	"slices"

	"alphascale/lib/backend"

	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph"
)

// How often a run holds each of its parts at once; the test of the estimate measures what that comes to.
const (
	stateCopies   = 4 // kept by the program, kept for the device, in the loop and in its result
	productCopies = 2 // of each layer's product: itself, and its gradient
	dataCopies    = 2 // for the device, and in the loop
	traceCopies   = 4 // the same, in the result, and twice as wide when it is read
)

// part is one of the things that memory goes into.
type part struct {
	name   string
	bytes  float64
	remedy string
}

// parts estimates the memory of one run, from below.
func (p *Program) parts() []part {
	c := p.config
	data := size(c.Data.InputShape(c.DType, c.Data.Rows())) + size(c.Data.LabelShape(c.DType, c.Data.Rows()))
	return []part{
		{"weights and the optimizer's state", stateCopies * p.stateSize(), "make the layers narrower or fewer"},
		{"activations", productCopies * p.products, "make the batch or the layers smaller"},
		{"data", dataCopies * data, "take fewer rows"},
		{"the record of all steps", traceCopies * size(p.traceShape()), "compile for fewer Steps or record with fewer Instruments"},
	}
}

// stateSize is that of weights and optimizer state.
func (p *Program) stateSize() float64 {
	var bytes float64
	for _, shape := range p.shapes {
		bytes += size(shape)
	}
	return bytes
}

// checkMemory returns an error for a program whose run this machine has no memory for, before anything is allocated:
// the system would end the process without a word.
func (p *Program) checkMemory() error {
	if !p.config.Backend.HasSharedBuffers() {
		return nil // the backend computes in a memory of its own
	}
	free, known := backend.FreeMemory()
	parts := p.parts()
	needed := sum(parts)
	if !known || needed <= free {
		return nil
	}
	largest := slices.MaxFunc(parts, func(a, b part) int { return cmp.Compare(a.bytes, b.bytes) })
	return fmt.Errorf("a run needs at least %s of memory, %s of it for %s, and this machine has %s free: %s",
		inGB(needed), inGB(largest.bytes), largest.name, inGB(free), largest.remedy)
}

func sum(parts []part) (bytes float64) {
	for _, part := range parts {
		bytes += part.bytes
	}
	return bytes
}

func inGB(bytes float64) string { return fmt.Sprintf("%.3g GB", bytes/1e9) }

// size is a shape's number of bytes, also where that overflows an integer.
func size(s shapes.Shape) float64 {
	bytes := float64(s.DType.Size())
	for _, n := range s.Dimensions {
		bytes *= float64(n)
	}
	return bytes
}

// productsOf is the size of all products of matrices and of all convolutions so far in a graph. They are what a forward
// pass keeps for the backward one; what is between them, the compiler fuses.
func productsOf(g *Graph) float64 {
	var bytes float64
	for _, n := range g.Nodes() {
		if kind := n.Type(); kind == NodeTypeDotGeneral || kind == NodeTypeConvGeneral {
			bytes += size(n.Shape())
		}
	}
	return bytes
}
