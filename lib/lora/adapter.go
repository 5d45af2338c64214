package lora

import (
	"fmt"
	"slices"

	"alphascale/lib/backend"
	"alphascale/lib/scaling"
	"alphascale/lib/subject"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/ml/train"
)

// Config says what is adapted. All fields but Trained are needed.
type Config struct {
	Weights scaling.Selector // matrices of the model, [inputs, outputs]
	Rank    int              // r, at least 1 and at most the shorter side of each matrix
	Scale   Scale
	Trained scaling.Selector // further variables that are trained as they are, such as a new last layer; none
}

// Adapter is a model whose selected matrices have an A and a B beside them. Nothing of it is bound to one store, graph or training.
type Adapter struct {
	config    Config
	alpha     float64
	model     train.ModelFn
	variables []variable // of the model as it was, in the order of creation
}

// variable is one of the model's, as New found it.
type variable struct {
	path    string
	shape   shapes.Shape
	follows bool            // its dtype is that of the inputs
	given   *tensors.Tensor // its value, where the model itself states one
	adapted bool
	trained bool // beside the adapters
}

// New builds the subject's model once, without compiling it, to find its variables. A selector that picks nothing, or something that is no
// matrix, a rank below 1 or above the shorter side of a matrix, and a scale whose multiplier is not positive are errors.
func New(of subject.Subject, c Config) (*Adapter, error) {
	a := &Adapter{config: c, model: of.Model}
	var err error
	if a.alpha, err = c.Scale.Alpha(c.Rank); err != nil {
		return nil, err
	}
	of.Store = nil // what New makes is not the caller's
	if of, err = of.Resolve(dtypes.Float32); err != nil {
		return nil, err
	}
	found, err := variablesOf(of)
	if err != nil {
		return nil, err
	}
	picked, err := c.adapted(found)
	if err != nil {
		return nil, err
	}
	trained, err := c.trained(found, picked)
	if err != nil {
		return nil, err
	}
	for _, v := range found {
		one := variable{path: v.Path(), shape: v.Shape(), adapted: slices.Contains(picked, v), trained: slices.Contains(trained, v)}
		if one.follows = v.DType() == of.DType; v.HasValue() {
			one.given, one.follows = v.MustValue(), false
		}
		a.variables = append(a.variables, one)
	}
	return a, nil
}

// adapted are the variables that Config.Weights selects, or an error for one that cannot be adapted.
func (c Config) adapted(found []*model.Variable) ([]*model.Variable, error) {
	if c.Weights.IsZero() || c.Weights.String() == scaling.Nothing().String() {
		return nil, fmt.Errorf("no weights are selected: set Weights, as to scaling.Select(\"/layer_*/dense/weights\")")
	}
	picked, err := c.Weights.Pick(found)
	if err != nil {
		return nil, err
	}
	for _, v := range picked {
		if err := c.fits(v); err != nil {
			return nil, err
		}
	}
	return picked, nil
}

// fits returns an error for a variable that cannot be adapted at the rank.
func (c Config) fits(v *model.Variable) error {
	dims := v.Shape().Dimensions
	if len(dims) != 2 {
		return fmt.Errorf("%s has shape %s, and A·B is a matrix: select matrices only", v.Path(), v.Shape())
	}
	if c.Rank > slices.Min(dims) {
		return fmt.Errorf("rank %d for %s of shape %s: a matrix has at most the rank of its shorter side, %d; choose a rank from 1 to %d",
			c.Rank, v.Path(), v.Shape(), slices.Min(dims), slices.Min(dims))
	}
	return nil
}

// trained are the variables that Config.Trained selects. One that is adapted as well is an error.
func (c Config) trained(found, adapted []*model.Variable) ([]*model.Variable, error) {
	if c.Trained.IsZero() {
		return nil, nil
	}
	picked, err := c.Trained.Pick(found)
	if err != nil {
		return nil, err
	}
	for _, v := range picked {
		if slices.Contains(adapted, v) {
			return nil, fmt.Errorf("%s is adapted and trained as it is: leave it out of Config.Weights or of Config.Trained, as by scaling.Except", v.Path())
		}
	}
	return picked, nil
}

// variablesOf are the variables that a model uses, in the order of their creation.
func variablesOf(of subject.Subject) ([]*model.Variable, error) {
	g := NewGraph(of.Backend, "discovery")
	defer g.Finalize()
	err := backend.Try("building the model", func() {
		model.SetStore(g, of.Store)
		of.Store.SetTraining(g, true)
		of.Model(of.Store.RootScope(), nil, []*Node{Parameter(g, "#inputs", of.Data.InputShape(of.DType, of.Data.Rows()))})
	})
	var out []*model.Variable
	for v := range of.Store.IterVariables() {
		if err == nil && v.InUseByGraph(g) {
			out = append(out, v)
		}
	}
	return out, err
}

// Alpha is what multiplies A·B of every adapted matrix at the start.
func (a *Adapter) Alpha() float64 { return a.alpha }

// Adapted lists the paths of the matrices that have an A and a B, in the order in which the model makes them.
func (a *Adapter) Adapted() []string {
	var out []string
	for _, v := range a.variables {
		if v.adapted {
			out = append(out, v.path)
		}
	}
	return out
}
