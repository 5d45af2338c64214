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
		"weights":                              {"/layer_0/dense/weights", "/layer_01/dense/weights"},
		"biases":                               {"/layer_0/dense/biases", "/layer_0/norm/gain"},
		"everything":                           {"/layer_0/dense/weights", "/layer_0/dense/biases", "/layer_0/norm/gain", "/layer_01/dense/weights"},
		"nothing":                              nil,
		"/layer_0/":                            {"/layer_0/dense/weights", "/layer_0/dense/biases", "/layer_0/norm/gain"},
		"/layer_0/dense/=":                     {"/layer_0/dense/weights", "/layer_0/dense/biases"},
		"/layer_*/dense/weights":               {"/layer_0/dense/weights", "/layer_01/dense/weights"},
		"~/layer_0.*/weights":                  {"/layer_0/dense/weights", "/layer_01/dense/weights"},
		"~/layer_0/(norm|dense)/(gain|biases)": {"/layer_0/norm/gain", "/layer_0/dense/biases"},
		"biases | /layer_01/":                  {"/layer_0/dense/biases", "/layer_0/norm/gain", "/layer_01/dense/weights"},
		"everything except biases except ~/layer_01/.*": {"/layer_0/dense/weights"},
		"weights except /layer_0/ | biases":             {"/layer_01/dense/weights", "/layer_0/dense/biases", "/layer_0/norm/gain"},
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
	for _, text := range []string{"", "weight", "/layer_[0", "~/layer_(0", "~/a b"} {
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

// TestSelectorsJoin to what their text selects, whichever way they are put together.
func TestSelectorsJoin(t *testing.T) {
	first, second := scaling.Under("/layer_0"), scaling.Under("/layer_01")
	for _, test := range []struct {
		joined scaling.Selector
		text   string
		count  int
	}{
		{scaling.Any(first, scaling.Weights()), "/layer_0/ | weights", 4},
		{scaling.Any(), "nothing", 0},
		{scaling.Any(scaling.Nothing(), scaling.Selector{}), "nothing", 0},
		{scaling.Except(scaling.Any(first, second), scaling.Weights()), "/layer_0/ except weights | /layer_01/ except weights", 2},
		{scaling.Except(scaling.Everything(), scaling.Any(second, scaling.Biases())), "everything except /layer_01/ except biases", 1},
		{scaling.Except(first), "/layer_0/", 3},
		{scaling.Any(scaling.Except(first, scaling.Biases()), second), "/layer_0/ except biases | /layer_01/", 2},
	} {
		if test.joined.String() != test.text {
			t.Errorf("%q is printed where %q is meant", test.joined, test.text)
		}
		again, err := scaling.Select(test.text).Pick(variables())
		if err != nil {
			t.Fatal(err)
		}
		picked, err := test.joined.Pick(variables())
		if err != nil || len(picked) != test.count || len(again) != test.count {
			t.Errorf("%q selects %d variables, as a text %d, %v: want %d", test.joined, len(picked), len(again), err, test.count)
		}
	}
	// A part that cannot be read, or that matches nothing together with the rest, is said.
	if _, err := scaling.Any(scaling.Weights(), scaling.Select("weight")).Pick(variables()); err == nil || !strings.Contains(err.Error(), `"weight"`) {
		t.Errorf("joined with a text that is no selector: %v", err)
	}
	if _, err := scaling.Except(scaling.Weights(), scaling.Weights()).Pick(variables()); err == nil || !strings.Contains(err.Error(), "matches no trainable") {
		t.Errorf("weights except weights: %v", err)
	}
}
