package optim

import (
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/ml/model/initializer"
	"github.com/gomlx/gomlx/ml/train/optimizer"
	. "github.com/gomlx/gomlx/support/exceptions"
)

// Update is one variable at one step, as a rule sees it: in the dtype Wide, whatever that of the weight. Its methods and a Rule's
// Step are graph-building functions.
type Update struct {
	Weight   *Node // w, before the step
	Gradient *Node // g, shaped like w, clipped and penalised if that was asked for
	Count    *Node // scalar, 1 at the first step

	scope    *model.Scope
	rule     *Rule
	variable *model.Variable
}

// Hyper returns the scalar node of a hyperparameter, for which the rule states a default.
func (u *Update) Hyper(name Hyper) *Node {
	byDefault, read := u.rule.Defaults[name]
	if !read {
		Panicf("optimizer %s reads %s, for which its rule states no default: add it to Defaults", u.rule.Name, name)
	}
	return hyperNode(u.scope, u.Weight, name, byDefault)
}

// Slot returns what the rule has kept of this weight under a name: zero at first, shaped like the weight.
func (u *Update) Slot(name string) *Node { return u.slot(name).NodeValue(u.Weight.Graph()) }

// Keep keeps a value, shaped like the weight, in place of what the slot holds, and returns it.
func (u *Update) Keep(name string, value *Node) *Node {
	kept := u.slot(name)
	if !value.Shape().Equal(u.Weight.Shape()) {
		Panicf("optimizer %s keeps %q of shape %s for a weight of shape %s: keep one of the weight's shape and dtype",
			u.rule.Name, name, value.Shape(), u.Weight.Shape())
	}
	kept.SetNodeValue(value)
	return value
}

func (u *Update) slot(name string) *model.Variable {
	if _, stated := u.rule.Slots[name]; !stated {
		Panicf("optimizer %s keeps %q, for which its rule states no unit: add it to Slots", u.rule.Name, name)
	}
	scopePath, base := path.Split(SlotPath(u.rule.Name, u.variable.Path(), name))
	return u.scope.Store().Scope(path.Clean(scopePath)).
		WithInitializer(initializer.Zero).
		VariableWithShape(base, u.Weight.Shape()).
		SetTrainable(false)
}

// hyperNode reads a hyperparameter, in the dtype of like, from its variable. If there is none, it creates one with the value
// that Default gives. A variable of another dtype, which another program has left in the store, gives way to one that holds
// the value to all its digits, unless the model itself uses it, as a schedule does.
func hyperNode(scope *model.Scope, like *Node, name Hyper, byDefault float64) *Node {
	g, dtype := like.Graph(), like.DType()
	at := scope.At(optimizer.Scope)
	if v := scope.Store().GetVariable(HyperPath(name)); v != nil && v.DType() != dtype {
		if v.InUseByGraph(g) {
			return ConvertDType(v.NodeValue(g), dtype)
		}
		if err := at.DeleteVariable(string(name)); err != nil {
			panic(err)
		}
	}
	value := shapes.CastAsDType(stated(scope, name, byDefault), dtype)
	return at.VariableWithValue(string(name), value).SetTrainable(false).NodeValue(g)
}

// HyperPath is the path of the scalar variable through which an optimizer reads a hyperparameter.
func HyperPath(name Hyper) string { return path.Join("/", optimizer.Scope, string(name)) }

// stated is the hyperparameter that store.SetParam gave under its name, as GoMLX's own optimizers read "learning_rate", or
// else the default.
func stated(scope *model.Scope, name Hyper, byDefault float64) float64 {
	return model.GetParamOr(scope, string(name), byDefault)
}

// ruled is an optimizer given by its rule.
type ruled struct{ *Rule }

// FamilyOf returns the family of an optimizer that New made; other optimizers have none.
func FamilyOf(o Interface) (family Family, known bool) {
	switch o := o.(type) {
	case *prepared:
		return o.Name, true
	case *ruled:
		return o.Name, true
	}
	return "", false
}

// Reads lists the hyperparameters that the optimizer may read; which of them it does depends on the model's variables: Muon
// reads AdamW's only where a variable is no matrix, and a penalty needs weights. It is empty for optimizers that are not this
// package's.
func Reads(o Interface) []Hyper {
	switch o := o.(type) {
	case *prepared:
		all := Reads(o.ruled)
		all = append(all, o.terms...)
		slices.Sort(all)
		return slices.Compact(all)
	case *ruled:
		return slices.Sorted(maps.Keys(o.Defaults))
	}
	return nil
}

// Default returns the value that an optimizer of this package takes for a hyperparameter when none is given: that of
// store.SetParam under its name, or the family's own. Other optimizers and hyperparameters have none.
func Default(o Interface, store *model.Store, name Hyper) (value float64, known bool) {
	if p, ok := o.(*prepared); ok {
		if value, known = termDefaults[name]; known {
			return stated(store.RootScope(), name, value), true
		}
		o = p.ruled
	}
	if r, ok := o.(*ruled); ok {
		if value, known = r.Defaults[name]; known {
			return stated(store.RootScope(), name, value), true
		}
	}
	return 0, false
}

// UpdateGraph implements optimizer.Interface.
func (o *ruled) UpdateGraph(scope *model.Scope, _ *Graph, loss *Node) {
	if !loss.Shape().IsScalar() {
		Panicf("optimizer %s needs a scalar loss, got one of shape %s", o.Name, loss.Shape())
	}
	o.UpdateGraphWithGradients(scope, scope.BuildTrainableVariablesGradientsGraph(loss), loss.DType())
}

// UpdateGraphWithGradients takes one gradient for each trainable variable in use and sets their next values. What GoMLX's own
// optimizers do by parameters of the store, clip_step_by_value, clip_nan and nanlogger, it does too.
func (o *ruled) UpdateGraphWithGradients(scope *model.Scope, grads []*Node, lossDType dtypes.DType) {
	if len(grads) == 0 {
		Panicf("optimizer %s was given no gradients: is any variable of the model trainable?", o.Name)
	}
	g := grads[0].Graph()
	_ = optimizer.IncrementGlobalStep(g, Wide(lossDType))
	step := optimizer.IncrementCounter(scope.At("%s", string(o.Name)), g, "step", Wide(lossDType))
	grads = widened(grads)
	for i, v := range trainables(scope, g, len(grads)) {
		held := v.NodeValue(g)
		weight := ConvertDType(held, Wide(held.DType()))
		optimizer.TraceNaNInGradients(scope, v, grads[i])
		u := &Update{weight, ConvertDType(grads[i], weight.DType()), ConvertDType(step, weight.DType()), scope, o.Rule, v}
		next := Sub(weight, optimizer.ClipStepByValue(scope, o.step(u)))
		v.SetNodeValue(ConvertDType(optimizer.ClipNaNsInUpdates(scope, weight, next), held.DType()))
	}
}

// step is the rule's for one variable, which panics where it could not be one.
func (o *ruled) step(u *Update) *Node {
	if strings.HasPrefix(u.variable.Path(), "/"+string(o.Name)+"/") {
		Panicf("the variable %s lies where optimizer %s keeps its slots: give the model's scope or the rule another name", u.variable.Path(), o.Name)
	}
	step := o.Step(u)
	if step == nil || !step.Shape().Equal(u.Weight.Shape()) {
		shape := "nothing"
		if step != nil {
			shape = "a step of shape " + step.Shape().String()
		}
		Panicf("optimizer %s returns %s for %s of shape %s: return one of the weight's shape and dtype", o.Name, shape, u.variable.Path(), u.Weight.Shape())
	}
	return step
}

// Clear deletes the optimizer's state.
func (o *ruled) Clear(scope *model.Scope) error {
	return scope.Store().DeleteVariablesInScope(path.Join("/", string(o.Name)))
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
