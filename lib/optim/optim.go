// Package optim provides optimizers whose every hyperparameter is an input of the compiled program, so that a sweep
// over η, β, ε or λ compiles once. They stand behind GoMLX's optimizer interface and work wherever its own do.
//
// GoMLX's Adam keeps ε and β as constants of the graph, and its RMSProp corrects a bias that Hinton's does not; the ones
// here, written for that reason, are tested against GoMLX's and against plain Go.
//
// [New] makes the optimizer of a [Family]; [Define] adds a family of your own, by its [Rule]. [UnitOf] and [Slots] say in
// which [Unit] each of its numbers is measured, which is all that package scaling needs to compensate for α.
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
	. "github.com/gomlx/gomlx/support/exceptions"
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
	Adan      Family = "adan"       // Adam with the change of the gradient (Xie et al. 2022, algorithm 1)
	LARS      Family = "lars"       // layer-wise trust ratio on momentum (You, Gitman & Ginsburg 2017, algorithm 1)
	LAMB      Family = "lamb"       // layer-wise trust ratio on Adam (You et al. 2020, algorithm 2)
)

// New returns the optimizer of the given family. The terms are what it does to the gradients before the update rule sees
// them, and a program pays only for those it asked for: ClipNorm scales the gradients of all variables down to a joint norm of
// clip_norm; L2 adds l2·w to the gradient of w, for every variable that IsWeight (not for biases and gains), and L1 likewise
// l1·sign(w). Clipping comes first, then the penalties, then the rule, the order of PyTorch's clip_grad_norm_ and
// weight_decay. (The decay of AdamW, Lion, Muon, LARS and LAMB is of every variable, as in PyTorch.)
//
// A family that is not known and a hyperparameter that is no term fail when a graph is built, with a sentence that lists what
// can be used.
func New(family Family, terms ...Hyper) Interface {
	known, err := specOf(family)
	if err != nil {
		return unusable{err}
	}
	core := &ruled{known}
	if len(terms) == 0 {
		return core
	}
	for _, term := range terms {
		if _, known := termDefaults[term]; !known {
			return unusable{fmt.Errorf("%q is no term that an optimizer adds to the gradients: use %s, %s or %s, and give other hyperparameters "+
				"with the run", term, ClipNorm, L2, L1)}
		}
	}
	return &prepared{core, slices.Clone(terms)}
}

// unusable is the optimizer of arguments that New cannot use.
type unusable struct{ err error }

// UpdateGraph implements optimizer.Interface.
func (u unusable) UpdateGraph(*model.Scope, *graph.Graph, *graph.Node) { Panicf("%v", u.err) }

// UpdateGraphWithGradients implements Interface.
func (u unusable) UpdateGraphWithGradients(*model.Scope, []*graph.Node, dtypes.DType) {
	Panicf("%v", u.err)
}

// Clear implements optimizer.Interface.
func (u unusable) Clear(*model.Scope) error { return u.err }
