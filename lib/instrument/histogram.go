package instrument

import (
	"fmt"

	"alphascale/lib/result"

	. "github.com/gomlx/gomlx/core/graph"
)

// Histogram are the edges of bins, increasing, into which activations are counted at every step. Its Instruments record, and
// training.Run.Histogram puts together what they did.
type Histogram []float64

// Instruments returns one instrument per bin, in their order; none for less than two edges.
func (h Histogram) Instruments() []Instrument {
	var all []Instrument
	for i := 1; i < len(h); i++ {
		all = append(all, ActivationShare(h[i-1], h[i]))
	}
	return all
}

// ActivationShare is the share, from 0 to 1, of a layer's activations over units and batch that are at least low and below high.
// It has no unit: what lies between two fixed numbers follows α by no power.
func ActivationShare(low, high float64) Instrument {
	return Instrument{
		Name: fmt.Sprintf("activations_%g_to_%g", low, high), Quantity: result.Quantity{Name: "share of activations"},
		Optional: true,
		Layer: func(a Activation) *Node {
			from, to := Scalar(a.Node.Graph(), a.Node.DType(), low), Scalar(a.Node.Graph(), a.Node.DType(), high)
			return share(LogicalAnd(GreaterOrEqual(a.Node, from), LessThan(a.Node, to)), a.Node)
		},
	}
}
