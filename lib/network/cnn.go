package network

import (
	"fmt"
	"math"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
	. "github.com/gomlx/gomlx/support/exceptions"
)

// CNN is a small convolutional network: layers of a padded 3 × 3 convolution, normalisation and activation, the first
// with stride 1 and every other with stride 2, and a linear output. There is no pooling. Without biases it is positively
// homogeneous like an MLP. The zero value of each setting but Channels and Outputs is its default.
type CNN struct {
	Channels    []int  // of each convolution
	Outputs     int    // number of logits
	Activation  string // as in MLP
	NoBias      bool
	Norm        Normalisation // over the channels; batch normalisation over rows and pixels
	NormEpsilon float64       // as in MLP
}

// String names the architecture, as "CNN [8 16]-10 relu".
func (c CNN) String() string { return fmt.Sprintf("CNN %v-%d %s", c.Channels, c.Outputs, c.style()) }

// Check returns an error for widths that are not positive and for names that are not known.
func (c CNN) Check() error {
	if len(c.Channels) == 0 {
		return fmt.Errorf("a CNN without convolutions: set Channels, as []int{8, 16}")
	}
	for i, channels := range c.Channels {
		if channels < 1 {
			return fmt.Errorf("convolution %d has %d channels: it must have at least 1", i, channels)
		}
	}
	if c.Outputs < 1 {
		return fmt.Errorf("a CNN with %d outputs: set Outputs to the number of classes", c.Outputs)
	}
	return c.style().check()
}

// Model is GoMLX's model function. inputs[0] holds images, shaped [batch, height, width, channels], [batch, height, width]
// or, for square images of one channel, [batch, pixels]; the result is [batch, Outputs]. Convolution k lives in scope
// "/layer_k", its kernel [3·3·channels, Channels[k]] at "dense/weights". It panics as graph-building functions do.
func (c CNN) Model(scope *model.Scope, _ any, inputs []*Node) []*Node {
	if err := c.Check(); err != nil {
		Panicf("%v", err)
	}
	x, s := asImages(inputs[0]), c.style()
	for k, channels := range c.Channels {
		layer := scope.In("layer_%d", k)
		x = s.finish(layer, s.dense(layer, unfold(x, min(k+1, 2)), channels))
	}
	return output(scope, flatten(x), s, c.Outputs)
}

func (c CNN) style() layerStyle { return newStyle(c.Activation, c.NoBias, c.Norm, c.NormEpsilon) }

// asImages reshapes x to [batch, height, width, channels].
func asImages(x *Node) *Node {
	dims := x.Shape().Dimensions
	switch x.Rank() {
	case 4:
		return x
	case 3:
		return Reshape(x, dims[0], dims[1], dims[2], 1)
	case 2:
		if side := int(math.Round(math.Sqrt(float64(dims[1])))); side*side == dims[1] {
			return Reshape(x, dims[0], side, side, 1)
		}
	}
	Panicf("inputs of shape %s are not images: give [batch, height, width, channels], or a square number of pixels", x.Shape())
	return nil
}

// kernelSize is the width and height of a convolution's kernel.
const kernelSize = 3

// unfold gathers the neighbourhood of every pixel, zero beyond the border, so that a convolution is a linear map of the
// last axis: [batch, height, width, channels] to [batch, ⌈height/stride⌉, ⌈width/stride⌉, 3·3·channels].
//
// It multiplies by 0/1 matrices, because GoMLX can differentiate a convolution, a slice and a padding no more than once,
// which leaves no Hessian.
func unfold(x *Node, stride int) *Node {
	dims := x.Shape().Dimensions
	height, width := (dims[1]+stride-1)/stride, (dims[2]+stride-1)/stride
	x = Einsum("bhwc,kh->bkwc", x, neighbours(x, dims[1], height, stride))
	x = Einsum("bkwc,lw->bklc", x, neighbours(x, dims[2], width, stride))
	x = Reshape(x, dims[0], kernelSize, height, kernelSize, width, dims[3])
	x = TransposeAllAxes(x, 0, 2, 4, 1, 3, 5)
	return Reshape(x, dims[0], height, width, kernelSize*kernelSize*dims[3])
}

// neighbours is the matrix [3·centres, size] that picks, for offsets −1, 0 and 1 in turn, the neighbour of each centre
// along an axis of the given size: row (offset+1)·centres + i has its 1 at column i·stride + offset, or none.
func neighbours(like *Node, size, centres, stride int) *Node {
	g := like.Graph()
	shape := shapes.Make(dtypes.Int32, kernelSize*centres, size)
	row, column := Iota(g, shape, 0), Iota(g, shape, 1)
	count := Const(g, int32(centres))
	offset := Sub(Div(row, count), Const(g, int32(kernelSize/2)))
	centre := Mul(Mod(row, count), Const(g, int32(stride)))
	return ConvertDType(Equal(column, Add(centre, offset)), like.DType())
}
