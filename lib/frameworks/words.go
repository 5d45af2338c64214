package frameworks

import (
	"fmt"
	"slices"
	"strings"
)

// whole is the call for a model all of whose weights α multiplies. In torch, scaled is the list of them.
func (r rule) whole(scaled Values) string {
	if r.framework == Torch {
		return fmt.Sprintf("%s(scaled, %s)", r.spelling(), r.arguments(scaled))
	}
	return fmt.Sprintf("%s(%s)", r.spelling(), r.arguments(scaled))
}

// parts is the call, or torch's list of two, for a model of which α multiplies some weights, scaled, and not the others: lists of parameters in torch, paths
// of variables in Keras; optax has labels, a tree like the parameters, of "scaled" and "others".
func (r rule) parts(scaled, others Values) string {
	switch {
	case r.framework == Torch && slices.ContainsFunc(r.ofAll, func(name string) bool { return on(others[name]) }):
		return fmt.Sprintf("[\n    %s(scaled, %s),\n    %s(others, %s),\n]", r.spelling(), r.arguments(scaled), r.spelling(), r.arguments(others))
	case r.framework == Torch:
		return fmt.Sprintf("%s([\n    %s,\n    %s,\n]%s)", r.spelling(), r.group("scaled", scaled), r.group("others", others), r.common(others))
	case r.framework == Keras:
		return fmt.Sprintf("keras.optimizers.MultiOptimizer(keras.optimizers.OptimizerMap(\n    %s,\n    dict.fromkeys(scaled, %s),\n))",
			r.whole(others), r.whole(scaled))
	}
	return fmt.Sprintf("optax.multi_transform({\n    \"scaled\": %s,\n    \"others\": %s,\n}, labels)", r.whole(scaled), r.whole(others))
}

// group is one of torch's parameter groups, with what differs between them: what has a unit.
func (r rule) group(list string, values Values) string {
	text := fmt.Sprintf(`{"params": %s`, list)
	for _, name := range values.names() {
		if r.bears(name) {
			text += fmt.Sprintf(`, "%s": %s`, name, r.python(name, values[name]))
		}
	}
	return text + "}"
}

// common are the arguments after torch's groups: what has no unit. Some are read there alone, as fused.
func (r rule) common(values Values) string {
	text := ""
	for _, name := range values.names() {
		if !r.bears(name) {
			text += fmt.Sprintf(", %s=%s", name, python(values[name]))
		}
	}
	return text
}

// arguments are all values as those of a call.
func (r rule) arguments(values Values) string {
	parts := make([]string, 0, len(values))
	for _, name := range values.names() {
		parts = append(parts, name+"="+r.python(name, values[name]))
	}
	return strings.Join(parts, ", ")
}

// python writes a value; a whole number that has a unit as 1.0, since Keras refuses a learning rate of 1.
func (r rule) python(name string, value any) string {
	text := python(value)
	if _, one := value.(float64); one && r.bears(name) && !strings.ContainsAny(text, ".e") {
		text += ".0"
	}
	return text
}
