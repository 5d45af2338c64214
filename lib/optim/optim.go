// Package optim provides optimizers whose every hyperparameter is an input of the compiled program, so that a sweep
// over η, β, ε or λ compiles once. They stand behind GoMLX's optimizer interface and work wherever its own do.
//
// GoMLX's Adam keeps ε and β as constants of the graph, and its RMSProp corrects a bias that Hinton's does not; the ones
// here, written for that reason, are tested against GoMLX's and against plain Go.
//
// [New] makes the optimizer of a [Family]. [UnitOf] and [Slots] say in which [Unit] each of its numbers is measured, which is
// all that package scaling needs to compensate for α.
//
// Updates are computed in float32 or wider whatever the dtype of the weights (see [Wide]), and rounded once, to the weight.
package optim

import (
	"fmt"
	"slices"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/ml/train/optimizer"
)

// Interface is GoMLX's optimizer interface with the method, which all of GoMLX's optimizers have, that takes the
// gradients: one node for each trainable variable in use, in the order of creation.
type Interface interface {
	optimizer.Interface
	UpdateGraphWithGradients(scope *model.Scope, grads []*graph.Node, lossDType dtypes.DType)
}

// Family names an update rule.
type Family string

// The update rules, with w the weight, g its gradient, η the learning rate. The function of each states it in full.
const (
	SGD       Family = "sgd"        // w ← w − η·g
	HeavyBall Family = "heavy_ball" // m ← β·m + g; w ← w − η·m (Polyak 1964)
	Nesterov  Family = "nesterov"   // m ← β·m + g; w ← w − η·(g + β·m) (Sutskever et al. 2013, as PyTorch writes it)
	SignSGD   Family = "signsgd"    // w ← w − η·sign(g) (Bernstein et al. 2018)
	Lion      Family = "lion"       // the sign of an average of gradients (Chen et al. 2023, algorithm 2)
	RMSProp   Family = "rmsprop"    // Tieleman & Hinton 2012, as PyTorch writes it
	Adam      Family = "adam"       // Kingma & Ba 2015, algorithm 1
	AdamW     Family = "adamw"      // Loshchilov & Hutter 2019, algorithm 2, with the decay η·λ·w
	Adagrad   Family = "adagrad"    // Duchi, Hazan & Singer 2011, the diagonal form
	Muon      Family = "muon"       // orthogonalised momentum for matrices, Adam for vectors (Jordan et al. 2024)
	LARS      Family = "lars"       // layer-wise trust ratio on momentum (You, Gitman & Ginsburg 2017, algorithm 1)
	LAMB      Family = "lamb"       // layer-wise trust ratio on Adam (You et al. 2020, algorithm 2)
)

// Option adds a term to the gradients before the update rule sees them. A program pays only for those it asked for.
type Option int

const (
	// Clipping scales the gradients of all variables down to a joint norm of clip_norm.
	Clipping Option = iota
	// PenaltyL2 adds l2·w to the gradient of w, for every variable that IsWeight (not for biases and gains). The decay of
	// AdamW, Lion, Muon, LARS and LAMB is of every variable, as in PyTorch.
	PenaltyL2
	// PenaltyL1 adds l1·sign(w) likewise.
	PenaltyL1
)

// New returns the optimizer of the given family. Clipping comes first, then the penalties, then the rule, the order of
// PyTorch's clip_grad_norm_ and weight_decay. An unknown family is an error that lists the known ones.
func New(family Family, options ...Option) (Interface, error) {
	known, err := specOf(family)
	if err != nil {
		return nil, err
	}
	core := &ruled{family: family, spec: known}
	if len(options) == 0 {
		return core, nil
	}
	for _, o := range options {
		if o < Clipping || o > PenaltyL1 {
			return nil, fmt.Errorf("unknown optimizer option %d: use Clipping, PenaltyL2 or PenaltyL1", o)
		}
	}
	return &prepared{core, slices.Clone(options)}, nil
}

// Must returns the optimizer, or panics; for notebooks and for families named by a constant.
func Must(o Interface, err error) Interface {
	if err != nil {
		panic(err)
	}
	return o
}
