package scaling

import (
	"fmt"
	"maps"
	"math"
	"path"
	"slices"
	"strings"

	"alphascale/lib/backend"
	"alphascale/lib/optim"

	"github.com/gomlx/gomlx/core/tensors"
)

// Moments says what becomes of the optimizer's memory of a weight that is rescaled in mid-training.
type Moments int

const (
	// KeepMoments leaves them as they are: what happens if nobody thinks of them.
	KeepMoments Moments = iota
	// RescaleMoments converts them to the new units: with w ← c·w a gradient becomes ∇/c as long as the function is the
	// same, so a first moment is divided by c and a second by c². With the hyperparameters of CompensateRescale (for
	// scale-invariant weights) or, where a multiplier 1/c enters the forward pass, of Compensate, the trajectory goes on.
	RescaleMoments
	// ResetMoments sets them to zero. The optimizer's count of steps starts anew too if no other weight has moments left;
	// otherwise it goes on, since all weights share it, and Adam's correction of the bias towards zero is then too small.
	ResetMoments
)

// Rescale multiplies weights once, in place of the values they have: w ← factor·w. values are those of a model's
// variables by path, optimizer state included, such as training.Run.Final or ValuesOf(store); weights are paths among
// them. The result is a copy in which only what changed is new.
//
// A path that is not among the values, a dtype that is not a float, a factor that is zero or not finite, and an element that
// the dtype cannot hold once it is multiplied are errors. A
// negative factor is allowed, and flips the sign of odd moments too.
func Rescale(values map[string]*tensors.Tensor, weights []string, factor float64, moments Moments) (map[string]*tensors.Tensor, error) {
	if factor == 0 || math.IsNaN(factor) || math.IsInf(factor, 0) {
		return nil, CheckAlpha(factor)
	}
	if moments < KeepMoments || moments > ResetMoments {
		return nil, fmt.Errorf("unknown treatment of moments %d: use KeepMoments, RescaleMoments or ResetMoments", moments)
	}
	out := maps.Clone(values)
	var err error
	reset := map[string]bool{}
	for _, weight := range weights {
		if values[weight] == nil {
			return nil, fmt.Errorf("no variable %q to rescale: there are %v", weight, slices.Sorted(maps.Keys(values)))
		}
		if out[weight], err = multiplied(values[weight], factor); err != nil {
			return nil, fmt.Errorf("rescaling %s: %w", weight, err)
		}
		for slot, unit := range optim.SlotPaths(weight) {
			if values[slot] == nil || moments == KeepMoments {
				continue
			}
			by := math.Pow(factor, float64(rescaled.power(unit)))
			if moments == ResetMoments {
				by, reset[slot] = 0, true
			}
			if out[slot], err = multiplied(values[slot], by); err != nil {
				return nil, fmt.Errorf("rescaling %s: %w", slot, err)
			}
		}
	}
	return out, restartCounters(out, reset)
}

// restartCounters sets to zero the step counter of every optimizer whose moments were all reset.
func restartCounters(values map[string]*tensors.Tensor, reset map[string]bool) error {
	for slot := range reset {
		root := "/" + strings.SplitN(slot, "/", 3)[1]
		counter := path.Join(root, "step")
		left := false
		for other := range values {
			if strings.HasPrefix(other, root+"/") && other != counter && !reset[other] {
				left = true
			}
		}
		if left || values[counter] == nil {
			continue
		}
		var err error
		if values[counter], err = multiplied(values[counter], 0); err != nil {
			return fmt.Errorf("restarting %s: %w", counter, err)
		}
	}
	return nil
}

// Rebalance multiplies the weights first (and their biases, if listed) by the factor and divides the weights second by
// it. If second are the weights that read the output of first through a positively homogeneous activation, such as ReLU,
// and the factor is positive, the function stays the same. Dinh et al. 2017, "Sharp minima can generalize for deep nets",
// definition 5. Errors are those of Rescale, besides a negative factor and a path listed on both sides.
func Rebalance(values map[string]*tensors.Tensor, first, second []string, factor float64, moments Moments) (map[string]*tensors.Tensor, error) {
	if err := CheckAlpha(factor); err != nil {
		return nil, err
	}
	for _, name := range first {
		if slices.Contains(second, name) {
			return nil, fmt.Errorf("%s is on both sides of a rebalanced pair: list it once", name)
		}
	}
	half, err := Rescale(values, first, factor, moments)
	if err != nil {
		return nil, err
	}
	return Rescale(half, second, 1/factor, moments)
}

// multiplied returns factor·t, each element computed in float64 and rounded once. An element that the dtype cannot hold, which
// would become zero or infinite, is a *backend.RangeError.
func multiplied(t *tensors.Tensor, factor float64) (*tensors.Tensor, error) {
	flat, err := backend.Floats(t)
	if err != nil {
		return nil, err
	}
	for i := range flat {
		flat[i] *= factor
		if factor == 0 {
			continue
		}
		if _, err := backend.Hold("an element of it", flat[i], t.DType()); err != nil {
			return nil, err
		}
	}
	return backend.Tensor(flat, t.Shape())
}
