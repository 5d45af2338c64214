package scaling_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"alphascale/lib/scaling"

	"github.com/gomlx/gomlx/ml/model"
)

// variables of two layers, one of them normalised, and a counter.
func variables() []*model.Variable {
	store := model.NewStore()
	store.VariableWithValue("/layer_0/dense/weights", [][]float32{{1}})
	store.VariableWithValue("/layer_0/dense/biases", []float32{1})
	store.VariableWithValue("/layer_0/norm/gain", []float32{1})
	store.VariableWithValue("/layer_01/dense/weights", [][]float32{{1}})
	store.VariableWithValue("/steps", [][]float32{{1}}).SetTrainable(false)
	return slices.Collect(store.IterVariables())
}

func TestSelectorsReadBackWhatTheyPrint(t *testing.T) {
	for text, want := range map[string][]string{
		"weights":                {"/layer_0/dense/weights", "/layer_01/dense/weights"},
		"biases":                 {"/layer_0/dense/biases", "/layer_0/norm/gain"},
		"everything":             {"/layer_0/dense/weights", "/layer_0/dense/biases", "/layer_0/norm/gain", "/layer_01/dense/weights"},
		"nothing":                nil,
		"/layer_0/":              {"/layer_0/dense/weights", "/layer_0/dense/biases", "/layer_0/norm/gain"},
		"/layer_0/dense/=":       {"/layer_0/dense/weights", "/layer_0/dense/biases"},
		"/layer_*/dense/weights": {"/layer_0/dense/weights", "/layer_01/dense/weights"},
	} {
		selector := scaling.Select(text)
		if selector.String() != text {
			t.Errorf("%q prints as %q", text, selector)
		}
		picked, err := selector.Pick(variables())
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, v := range picked {
			got = append(got, v.Path())
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%q selects %v, not %v", text, got, want)
		}
	}
	if scaling.LayerOutput("layer_0/dense/").String() != "/layer_0/dense/=" {
		t.Errorf("a layer's output prints as %q", scaling.LayerOutput("layer_0/dense/"))
	}
}

func TestSelectorsThatCannotBeUsed(t *testing.T) {
	for _, text := range []string{"", "weight", "/layer_[0"} {
		s := scaling.Select(text)
		_, err := s.Pick(variables())
		if err == nil || err != s.Err() || !strings.Contains(err.Error(), strconv.Quote(text)) {
			t.Errorf("%q is read as %q, and picking by it returns %v", text, s, err)
		}
		if s.IsZero() || s.Match(variables()[0]) {
			t.Errorf("%q passes for the zero selector, or selects", text)
		}
	}
	if _, err := scaling.Under("/layer_7").Pick(variables()); err == nil || !strings.Contains(err.Error(), "/layer_0/norm/gain") {
		t.Errorf("error %v does not list what there is", err)
	}
	if zero := (scaling.Selector{}); !zero.IsZero() || zero.Match(variables()[0]) {
		t.Error("the zero selector selects a variable")
	}
}
