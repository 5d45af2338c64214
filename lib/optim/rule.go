package optim

import (
	"maps"
	"path"
	"slices"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/ml/model/initializer"
	"github.com/gomlx/gomlx/ml/train/optimizer"
	. "github.com/gomlx/gomlx/support/exceptions"
)

// rule returns the next value of one weight; everything it needs comes from the update.
type rule func(u *update) (next *Node)

// update is one variable at one step, as a rule sees it.
type update struct {
	scope    *model.Scope
	family   Family
	defaults Values
	variable *model.Variable
	weight   *Node // w, before the step
	gradient *Node // g, shaped like w
	step     *Node // scalar, 1 at the first step
}

// hyper returns the scalar node of a hyperparameter, of the weight's dtype.
func (u *update) hyper(name Hyper) *Node {
	byDefault, read := u.defaults[name]
	if !read {
		Panicf("optimizer %s reads %s, for which it states no default", u.family, name)
	}
	value := hyperNode(u.scope, u.weight.Graph(), u.weight.DType(), name, byDefault)
	return ConvertDType(value, u.weight.DType())
}

// slot returns the variable that keeps a moment of this weight: zero at first, shaped like the weight.
func (u *update) slot(name string) *model.Variable {
	scopePath, base := path.Split(SlotPath(u.family, u.variable.Path(), name))
	return u.scope.Store().Scope(path.Clean(scopePath)).
		WithInitializer(initializer.Zero).
		VariableWithShape(base, u.variable.Shape()).
		SetTrainable(false)
}

// hyperNode reads a hyperparameter from its variable, which it creates with the default if there is none.
func hyperNode(scope *model.Scope, g *Graph, dtype dtypes.DType, name Hyper, byDefault float64) *Node {
	value := shapes.CastAsDType(byDefault, dtype)
	return scope.At(optimizer.Scope).VariableWithValue(string(name), value).SetTrainable(false).NodeValue(g)
}

// ruled is an optimizer given by its rule.
type ruled struct {
	family Family
	spec
}

// Reads lists the hyperparameters that the optimizer may read; which of them it does depends on the model's variables:
// Muon reads AdamW's only where a variable is no matrix. It is empty for optimizers that are GoMLX's own.
func Reads(o Interface) []Hyper {
	switch o := o.(type) {
	case *prepared:
		return Reads(o.Interface)
	case *ruled:
		return slices.Sorted(maps.Keys(o.defaults))
	}
	return nil
}

// UpdateGraph implements optimizer.Interface.
func (o *ruled) UpdateGraph(scope *model.Scope, _ *Graph, loss *Node) {
	if !loss.Shape().IsScalar() {
		Panicf("optimizer %s needs a scalar loss, got one of shape %s", o.family, loss.Shape())
	}
	o.UpdateGraphWithGradients(scope, scope.BuildTrainableVariablesGradientsGraph(loss), loss.DType())
}

// UpdateGraphWithGradients takes one gradient for each trainable variable in use and sets their next values.
func (o *ruled) UpdateGraphWithGradients(scope *model.Scope, grads []*Node, lossDType dtypes.DType) {
	if len(grads) == 0 {
		Panicf("optimizer %s was given no gradients: is any variable of the model trainable?", o.family)
	}
	g := grads[0].Graph()
	_ = optimizer.IncrementGlobalStep(g, lossDType)
	step := optimizer.IncrementCounter(scope.At("%s", string(o.family)), g, "step", lossDType)
	for i, v := range trainables(scope, g, len(grads)) {
		u := &update{scope, o.family, o.defaults, v, v.NodeValue(g), grads[i], ConvertDType(step, grads[i].DType())}
		v.SetNodeValue(o.rule(u))
	}
}

// Clear deletes the optimizer's state.
func (o *ruled) Clear(scope *model.Scope) error {
	return scope.Store().DeleteVariablesInScope(path.Join("/", string(o.family)))
}

// trainables are the variables to which want gradients belong, in the order of creation.
func trainables(scope *model.Scope, g *Graph, want int) []*model.Variable {
	var out []*model.Variable
	for v := range scope.IterVariables() {
		if v.Trainable && v.InUseByGraph(g) {
			out = append(out, v)
		}
	}
	if len(out) != want {
		Panicf("%d gradients for %d trainable variables: was a variable made trainable in between?", want, len(out))
	}
	return out
}
