package training

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"alphascale/lib/backend"
	"alphascale/lib/optim"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/ml/train"
	"github.com/gomlx/gomlx/ml/train/optimizer"
)

// StatePath is where a run's Final says what α has done to the scaled weights w in it: float64, [2], the factor by which
// the forward pass multiplies them and the one by which they were multiplied once, at the start.
const StatePath = "/training/alpha"

// scales is what α has done to the scaled weights so far.
type scales struct{ forward, once float64 }

// scalesAfter is that of a group after a run with these settings.
func (g group) scalesAfter(s Settings) scales {
	if s.Start == ScaleWeights {
		return scales{1, g.alpha(s)}
	}
	return scales{g.alpha(s), 1}
}

func (s scales) tensor() *tensors.Tensor {
	return tensors.FromFlatDataAndDimensions([]float64{s.forward, s.once}, 2)
}

// scalesOf reads what the values that a run starts from say of a group: nothing has been multiplied where they are silent.
func (p *Program) scalesOf(of group, s Settings) (scales, error) {
	path := of.statePath()
	value := s.Initial[path]
	if v := p.config.Store.GetVariable(path); value == nil && v != nil && v.HasValue() && s.Initial == nil {
		value = v.MustValue()
	}
	if value == nil {
		return scales{1, 1}, nil
	}
	flat, err := backend.Floats(value)
	if err != nil || len(flat) != 2 || !(flat[0] > 0) || !(flat[1] > 0) {
		return scales{}, fmt.Errorf("%s is %s: a run's Final holds two positive numbers there; leave it out", path, value.Shape())
	}
	return scales{flat[0], flat[1]}, nil
}

// startOf returns what the weights of a group are divided by before the first step, and the factor in the forward pass.
func (p *Program) startOf(of group, s Settings) (divisor, multiplier float64, err error) {
	before, err := p.scalesOf(of, s)
	alpha := of.alpha(s)
	switch s.Start {
	case KeepWeights:
		return 1, alpha, err
	case ScaleWeights:
		return before.once / alpha, 1, err
	}
	return alpha / before.forward, alpha, err
}

// starts are the inputs that startOf gives, by group.
func (p *Program) starts(s Settings) (divisors, alphas []any, err error) {
	wide := optim.Wide(p.config.DType)
	groups := p.multiplied()
	if len(groups) == 0 {
		groups = []group{{}} // which has the inputs all the same
	}
	for _, g := range groups {
		divisor, multiplier, err := p.startOf(g, s)
		if err != nil {
			return nil, nil, err
		}
		divisors = append(divisors, shapes.CastAsDType(divisor, wide))
		alphas = append(alphas, shapes.CastAsDType(multiplier, wide))
	}
	return divisors, alphas, nil
}

const globalStepPath = "/" + optimizer.GlobalStepVariableName

// firstStep is how many steps went before the run.
func (p *Program) firstStep(s Settings) int32 {
	if s.FirstStep > 0 {
		return int32(s.FirstStep)
	}
	count := s.Initial[globalStepPath]
	if v := p.config.Store.GetVariable(globalStepPath); count == nil && v != nil && v.HasValue() {
		count = v.MustValue()
	}
	if count == nil || count.DType() != dtypes.Int64 || !count.Shape().IsScalar() {
		return 0
	}
	// A batch is found by the remainder, so a count beyond int32 may be reduced by whole rounds.
	return int32(tensors.ToScalar[int64](count) % int64(p.config.Data.Rows()/p.config.Batch))
}

// lastStepPath is where GoMLX's training loop tells a schedule how many steps there will be.
var lastStepPath = model.JoinPath(train.TrainerAbsoluteScope, train.TrainLastStepVarName)

// given returns the initial value that the settings state for variable i, nil where they state none.
func (p *Program) given(i int, s Settings) (*tensors.Tensor, error) {
	v := p.state[i]
	if v.Path() == lastStepPath && s.Initial[v.Path()] == nil {
		return tensors.FromScalar(int64(p.firstStep(s)) + int64(s.Steps)), nil
	}
	value := s.Initial[v.Path()]
	if value == nil {
		return nil, nil
	}
	return held(value, p.shapes[i])
}

// held copies a value, in the dtype in which the run holds its variable.
func held(value *tensors.Tensor, shape shapes.Shape) (*tensors.Tensor, error) {
	if value.DType() == shape.DType {
		return value.LocalClone() // a tensor lives on one device
	}
	flat, err := backend.Floats(value)
	if err != nil {
		return nil, err
	}
	return backend.Tensor(flat, shape)
}

// checkInitial returns an error for a value that no variable of the program can take. What a whole checkpoint holds besides
// is passed over: the state of GoMLX's random numbers, of its trainer and metrics, hyperparameters and counts.
func (p *Program) checkInitial(initial map[string]*tensors.Tensor) error {
	for _, path := range slices.Sorted(maps.Keys(initial)) {
		i := slices.IndexFunc(p.state, func(v *model.Variable) bool { return v.Path() == path })
		if i < 0 && bookkeeping(path) {
			continue
		}
		if i < 0 {
			return fmt.Errorf("the initial value of %s belongs to no variable of the program: leave it out", path)
		}
		got, want := initial[path].Shape(), p.shapes[i]
		master := p.isMaster(p.state[i]) && got.Equal(p.state[i].Shape())
		if !got.Equal(want) && !master {
			return fmt.Errorf("the initial value of %s is shaped %s: the variable is %s", path, got, want)
		}
	}
	return nil
}

// bookkeeping reports whether a path is that of something that no training depends on.
func bookkeeping(path string) bool {
	prefixes := []string{StatePath, model.RNGStateVariableName, train.TrainerAbsoluteScope, "/metrics/", "/" + optimizer.Scope + "/", globalStepPath}
	for _, family := range optim.Known() {
		prefixes = append(prefixes, optim.StepPath(family))
	}
	return slices.ContainsFunc(prefixes, func(prefix string) bool {
		return strings.HasPrefix(path, "/"+strings.TrimPrefix(prefix, "/"))
	})
}
