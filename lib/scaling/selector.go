package scaling

import (
	"fmt"
	"path"
	"strings"

	"alphascale/lib/optim"

	"github.com/gomlx/gomlx/ml/model"
)

// Selector says which variables of a model are multiplied by α.
type Selector struct {
	text  string
	match func(v *model.Variable) bool
	err   error // of the text, which Pick returns
}

// String is the text that Select turns back into the selector.
func (s Selector) String() string { return s.text }

// Match reports whether the variable is selected. The zero Selector selects none.
func (s Selector) Match(v *model.Variable) bool {
	return s.match != nil && v.Trainable && s.match(v)
}

// Weights selects every trainable variable that optim.IsWeight: weight matrices, kernels and embeddings, but neither biases
// nor the gains of a normalisation, whatever their rank.
func Weights() Selector { return Selector{text: "weights", match: optim.IsWeight} }

// Biases selects every other trainable variable, gains included.
func Biases() Selector {
	return Selector{text: "biases", match: func(v *model.Variable) bool { return !optim.IsWeight(v) }}
}

// Everything selects every trainable variable.
func Everything() Selector {
	return Selector{text: "everything", match: func(*model.Variable) bool { return true }}
}

// Nothing selects no variable: the run without α.
func Nothing() Selector {
	return Selector{text: "nothing", match: func(*model.Variable) bool { return false }}
}

// Under selects the trainable variables in a scope and in those below it: Under("/layer_1") is a whole layer.
func Under(scope string) Selector {
	prefix := strings.TrimSuffix(scope, "/") + "/"
	return Selector{text: prefix, match: func(v *model.Variable) bool { return strings.HasPrefix(v.Path(), prefix) }}
}

// LayerOutput selects the trainable variables that lie in the scope itself and not in one below: the weights and the bias
// of one layer, "/layer_1/dense". Multiplying both by α multiplies the layer's output y = Wx + b by α.
func LayerOutput(scope string) Selector {
	scope = "/" + strings.Trim(scope, "/")
	return Selector{text: scope + "/=", match: func(v *model.Variable) bool { return v.Scope() == scope }}
}

// Select reads a selector: "weights", "biases", "everything", "nothing", a scope that ends in "/" ("/layer_1/", with the
// scopes below it) or in "/=" ("/layer_1/dense/=", without them), or a pattern in the syntax of path.Match over a
// variable's full path ("/layer_*/dense/weights"), or a regular expression behind "~" ("~/layer_[0-3]/.*weights"). They are joined as
// Any and Except print: "/layer_0/ | /output/", "weights except /output/". A text that is none of these selects nothing, and whatever
// is given the selector returns its error, which is that of Err.
func Select(text string) Selector {
	if s, is := joined(text); is {
		return s
	}
	if expression, is := strings.CutPrefix(text, regexpText); is {
		return Matching(expression)
	}
	for _, s := range []Selector{Weights(), Biases(), Everything(), Nothing()} {
		if text == s.text {
			return s
		}
	}
	if strings.HasPrefix(text, "/") && strings.HasSuffix(text, "/") {
		return Under(text)
	}
	if scope, ok := strings.CutSuffix(text, "/="); ok && strings.HasPrefix(text, "/") {
		return LayerOutput(scope)
	}
	if !strings.HasPrefix(text, "/") {
		return Selector{text: text, err: fmt.Errorf("selector %q: use weights, biases, everything, nothing, a scope such as "+
			"/layer_1/, a path with * such as /layer_*/dense/weights, or a regular expression such as ~/layer_[0-3]/.*", text)}
	}
	if _, err := path.Match(text, "/"); err != nil {
		return Selector{text: text, err: fmt.Errorf("selector %q: %w; brackets must be closed", text, err)}
	}
	return Selector{text: text, match: func(v *model.Variable) bool {
		ok, _ := path.Match(text, v.Path())
		return ok
	}}
}

// IsZero reports whether the selector is the zero one, in whose place a default is taken.
func (s Selector) IsZero() bool { return s.text == "" && s.err == nil }

// Err is what is wrong with the text that Select was given; nil for a selector that can be used.
func (s Selector) Err() error { return s.err }

// Pick returns the selected ones among the variables, in their order, or an error that lists what there is to select
// when that is none. For those of a store, pass slices.Collect(store.IterVariables()).
func (s Selector) Pick(variables []*model.Variable) ([]*model.Variable, error) {
	if s.err != nil {
		return nil, s.err
	}
	var picked []*model.Variable
	var known []string
	for _, v := range variables {
		if !v.Trainable {
			continue
		}
		known = append(known, v.Path())
		if s.Match(v) {
			picked = append(picked, v)
		}
	}
	if len(picked) == 0 && s.text != Nothing().text {
		return nil, fmt.Errorf("selector %q matches no trainable variable; the model has %s",
			s.text, strings.Join(known, ", "))
	}
	return picked, nil
}
