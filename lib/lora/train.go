package lora

import (
	"fmt"
	"maps"

	"alphascale/lib/backend"
	"alphascale/lib/optim"
	"alphascale/lib/scaling"
	"alphascale/lib/training"

	"github.com/gomlx/gomlx/core/tensors"
)

// The names of the groups of a training, whose hyperparameters may differ.
const (
	GroupA = "A"
	GroupB = "B"
)

// Training is a configuration with the adapted model in place of the model, no α of its own, and all A and all B as groups. The
// subject's other settings, the optimizer and the rest stay as they are.
func (a *Adapter) Training(c training.Config) training.Config {
	c.Model, c.Scaled = a.Model, scaling.Nothing()
	c.Groups = []training.Group{{Name: GroupA, Variables: a.factors(PathA)}, {Name: GroupB, Variables: a.factors(PathB)}}
	return c
}

// factors selects the A or the B of all adapted matrices.
func (a *Adapter) factors(of func(weight string) string) scaling.Selector {
	var all []scaling.Selector
	for _, path := range a.Adapted() {
		all = append(all, scaling.Select(of(path)))
	}
	return scaling.Any(all...)
}

// Settings are those of a run that starts from given values, such as the Final of the model's own training, and draws what they leave
// out, A among it, by the seed. The optimizer's memory of the model's weights is left behind. A value that is missing is drawn as well:
// nothing tells a model that was never trained from one whose weights were forgotten.
func (a *Adapter) Settings(h optim.Values, from map[string]*tensors.Tensor, seed int64) training.Settings {
	s := training.Settings{Alpha: 1, Start: training.KeepWeights, Hyper: h, Seed: seed, Initial: a.own(from)}
	for _, v := range a.variables {
		for _, path := range []string{PathA(v.path), PathB(v.path), PathAlpha(v.path)} {
			if value := from[path]; value != nil {
				s.Initial[path] = value
			}
		}
	}
	return s
}

// own are those of the values that are the model's own.
func (a *Adapter) own(values map[string]*tensors.Tensor) map[string]*tensors.Tensor {
	out := map[string]*tensors.Tensor{}
	for _, v := range a.variables {
		if value := values[v.path]; value != nil {
			out[v.path] = value
		}
	}
	return out
}

// WithRates is the settings with learning rates of their own for A and B.
func WithRates(s training.Settings, a, b optim.Values) training.Settings {
	s.Groups = maps.Clone(s.Groups)
	if s.Groups == nil {
		s.Groups = map[string]training.GroupSettings{}
	}
	s.Groups[GroupA], s.Groups[GroupB] = training.GroupSettings{Hyper: a}, training.GroupSettings{Hyper: b}
	return s
}

// Start are the values that a run of the program, one of this adapter's, starts from: those of the model as given, in the dtype of the
// program, and the rest, A among it, as drawn by the seed. It is for what Settings takes once it is changed, by WithAlpha, AtRank or
// Moved. A seed that cannot be used and a value of another shape are errors.
func (a *Adapter) Start(p *training.Program, from map[string]*tensors.Tensor, seed int64) (map[string]*tensors.Tensor, error) {
	out, err := p.Initial(seed)
	if err != nil {
		return nil, err
	}
	for path, value := range a.Settings(nil, from, seed).Initial {
		switch is := out[path]; {
		case is == nil || value.Shape().Equal(is.Shape()):
			out[path] = value
		case !value.Shape().EqualDimensions(is.Shape()):
			return nil, fmt.Errorf("%s has shape %s and the program wants %s: give the values of the same model", path, value.Shape(), is.Shape())
		default:
			flat, err := backend.Floats(value)
			if err != nil {
				return nil, fmt.Errorf("the value of %s: %w", path, err)
			}
			if out[path], err = backend.Tensor(flat, is.Shape()); err != nil {
				return nil, fmt.Errorf("the value of %s: %w", path, err)
			}
		}
	}
	return out, nil
}

// WithAlpha is the values with another multiplier in every adapted matrix: the input of the same program. A multiplier that is not
// positive is an error.
func (a *Adapter) WithAlpha(values map[string]*tensors.Tensor, alpha float64) (map[string]*tensors.Tensor, error) {
	if err := scaling.CheckAlpha(alpha); err != nil {
		return nil, err
	}
	out := maps.Clone(values)
	for _, weight := range a.Adapted() {
		is, err := valueAt(values, PathAlpha(weight))
		if err != nil {
			return nil, err
		}
		if _, err := backend.Hold("alpha", alpha, is.DType()); err != nil {
			return nil, err
		}
		if out[PathAlpha(weight)], err = backend.Tensor([]float64{alpha}, is.Shape()); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// AtRank is the values as those of an adapter of a lower rank, at the multiplier that a scale has for it: columns of A and rows of B beyond
// the rank are zero. They stay so in training, since each is the other's gradient, so that one program serves every rank up to its
// own. A rank out of that range and what Scale.Alpha refuses are errors.
func (a *Adapter) AtRank(values map[string]*tensors.Tensor, rank int, scale Scale) (map[string]*tensors.Tensor, error) {
	alpha, err := scale.Alpha(rank)
	if err != nil {
		return nil, err
	}
	if rank > a.config.Rank {
		return nil, fmt.Errorf("rank %d of an adapter that was made for %d: make one of a larger rank", rank, a.config.Rank)
	}
	out, err := a.WithAlpha(values, alpha)
	if err != nil {
		return nil, err
	}
	for _, weight := range a.Adapted() {
		outputs := 0
		if b := values[PathB(weight)]; b != nil {
			outputs = b.Shape().Dim(1)
		}
		for path, stays := range map[string]func(i int) bool{
			PathA(weight): func(i int) bool { return i%a.config.Rank < rank }, PathB(weight): func(i int) bool { return i/outputs < rank },
		} {
			if out[path], err = cut(values, path, stays); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// cut is a copy of a tensor in which the elements that do not stay are zero.
func cut(values map[string]*tensors.Tensor, path string, stays func(i int) bool) (*tensors.Tensor, error) {
	t, err := valueAt(values, path)
	if err != nil {
		return nil, err
	}
	flat, err := backend.Floats(t)
	if err != nil {
		return nil, err
	}
	for i := range flat {
		if !stays(i) {
			flat[i] = 0
		}
	}
	return backend.Tensor(flat, t.Shape())
}
