package dataset_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"alphascale/lib/backend"
	"alphascale/lib/dataset"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/gomlx/core/tensors"
)

// refused fails unless err says each of the words.
func refused(t *testing.T, err error, words ...string) {
	t.Helper()
	for _, word := range words {
		if err == nil || !strings.Contains(err.Error(), word) {
			t.Errorf("error %v should say %q", err, word)
		}
	}
}

// TestDigits compares the embedded file with UCI's documentation of the test part, optdigits.names.
func TestDigits(t *testing.T) {
	set := dataset.Digits()
	if set.Rows() != 1797 || set.Width() != 64 || set.Classes != 10 {
		t.Errorf("%d rows of %d pixels in %d classes, want 1797, 64, 10", set.Rows(), set.Width(), set.Classes)
	}
	counts := make([]int, 10)
	for _, label := range set.Labels {
		counts[label]++
	}
	if want := []int{178, 182, 177, 183, 181, 182, 181, 179, 174, 180}; !slices.Equal(counts, want) {
		t.Errorf("label counts %v, want %v", counts, want)
	}
	if low, high := slices.Min(set.Inputs), slices.Max(set.Inputs); low != 0 || high != 1 {
		t.Errorf("pixels from %v to %v, want 0 to 1", low, high)
	}
	for _, x := range set.Inputs {
		if sixteenths := 16 * x; sixteenths != math.Round(sixteenths) {
			t.Fatalf("pixel %v is no multiple of 1/16", x)
		}
	}
}

// pack compresses text.
func pack(t *testing.T, text string) *bytes.Buffer {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return &out
}

func TestReadCSV(t *testing.T) {
	set, err := dataset.ReadCSV(pack(t, "0,4,2\n1,3,0\n"), "two", 4)
	if err != nil || !slices.Equal(set.Inputs, []float64{0, 1, 0.25, 0.75}) || !slices.Equal(set.Labels, []int{2, 0}) || set.Classes != 3 {
		t.Errorf("%+v (%v)", set, err)
	}
	for _, test := range []struct{ text, says string }{
		{"", "empty"},
		{"0,1,2\n0,1\n", "row 2"},
		{"0,5,1\n", "pixel \"5\""},
		{"0,-1,1\n", "pixel \"-1\""},
		{"0,x,1\n", "pixel \"x\""},
		{"0,1,1.5\n", "label \"1.5\""},
		{"0,1,-1\n", "label \"-1\""},
		{"1\n", "1 columns"},
	} {
		_, err := dataset.ReadCSV(pack(t, test.text), "bad", 4)
		refused(t, err, "bad", test.says)
	}
	_, err = dataset.ReadCSV(strings.NewReader("0,1,2"), "plain", 4)
	refused(t, err, "plain", "gzip")

	damaged := pack(t, strings.Repeat("0,4,2\n1,3,0\n", 1000)).Bytes()
	_, err = dataset.ReadCSV(bytes.NewReader(damaged[:len(damaged)-9]), "cut", 4)
	refused(t, err, "cut", "anew")
	damaged[len(damaged)-6] ^= 1 // in the checksum
	_, err = dataset.ReadCSV(bytes.NewReader(damaged), "flipped", 4)
	refused(t, err, "flipped", "anew")
}

func TestSet(t *testing.T) {
	set := dataset.Set{Name: "small", Shape: []int{2}, Inputs: []float64{1, 2, 3, 4, 5, 6}, Targets: []float64{10, 20, 30}}
	if err := set.Check(); err != nil {
		t.Fatal(err)
	}
	part, err := set.Slice(1, 3)
	if err != nil || !slices.Equal(part.Inputs, []float64{3, 4, 5, 6}) || !slices.Equal(part.Targets, []float64{20, 30}) {
		t.Errorf("%+v (%v)", part, err)
	}
	for _, bounds := range [][2]int{{-1, 2}, {0, 4}, {2, 2}, {2, 1}} {
		_, err := set.Slice(bounds[0], bounds[1])
		refused(t, err, "small")
	}

	picked, err := set.Pick([]int{2, 0})
	if err != nil || !slices.Equal(picked.Inputs, []float64{5, 6, 1, 2}) || !slices.Equal(picked.Targets, []float64{30, 10}) {
		t.Errorf("%+v (%v)", picked, err)
	}
	for _, rows := range [][]int{nil, {3}, {0, -1}} {
		_, err := set.Pick(rows)
		refused(t, err, "small")
	}

	shuffled := dataset.Digits().Shuffle(7)
	if slices.Equal(shuffled.Labels, dataset.Digits().Labels) {
		t.Error("the order did not change")
	}
	if !slices.Equal(shuffled.Labels, dataset.Digits().Shuffle(7).Labels) || slices.Equal(shuffled.Labels, dataset.Digits().Shuffle(8).Labels) {
		t.Error("the order does not follow from the seed alone")
	}
	for row, target := range set.Shuffle(1).Targets {
		if inputs := set.Shuffle(1).Inputs[2*row : 2*row+2]; inputs[1] != target/5 {
			t.Errorf("row %v lost its target %v", inputs, target)
		}
	}

	first, rest, err := set.Split(0.7, 1)
	if err != nil || first.Rows() != 2 || rest.Rows() != 1 {
		t.Errorf("split into %d and %d rows (%v)", first.Rows(), rest.Rows(), err)
	}
	for _, share := range []float64{0, 0.1, 1, -1, math.NaN()} {
		_, _, err := set.Split(share, 1)
		refused(t, err, "small")
	}
}

func TestCheck(t *testing.T) {
	for _, test := range []struct {
		set  dataset.Set
		says string
	}{
		{dataset.Set{Name: "x"}, "empty"},
		{dataset.Set{Name: "x", Shape: []int{1}, Inputs: []float64{1}, Targets: []float64{1}, Labels: []int{0}}, "both"},
		{dataset.Set{Name: "x", Shape: []int{2}, Inputs: []float64{1}, Targets: []float64{1}}, "2 are needed"},
		{dataset.Set{Name: "x", Shape: []int{0, 3}, Labels: []int{0}, Classes: 1}, "[0 3]"},
		{dataset.Set{Name: "x", Shape: []int{1}, Inputs: []float64{1}, Labels: []int{1 << 31}, Classes: 1<<31 + 1}, "2147483648"},
		{dataset.Set{Name: "x", Shape: []int{1}, Inputs: []float64{1}, Labels: []int{3}, Classes: 3}, "0..2"},
		{dataset.Set{Name: "x", Shape: []int{1}, Inputs: []float64{1}, Labels: []int{-1}, Classes: 3}, "from -1"},
		{dataset.Set{Name: "x", Shape: []int{4}, Inputs: make([]float64, 8000)}, "2000 rows of inputs but neither labels nor targets"},
	} {
		refused(t, test.set.Check(), test.says)
	}
}

// TestCheckValues names the row and the value that a float32 cannot hold; the form of such a set is right.
func TestCheckValues(t *testing.T) {
	for _, x := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), 1e300, -1e300, 2 * math.MaxFloat32} {
		inputs := dataset.Set{Name: "x", Shape: []int{2}, Inputs: []float64{1, 2, 3, 4, 5, x, 7, 8}, Labels: make([]int, 4), Classes: 1}
		targets := dataset.Set{Name: "x", Shape: []int{1}, Inputs: make([]float64, 3), Targets: []float64{0, x, 0}}
		refused(t, inputs.Check(), "x", fmt.Sprintf("the input %g in row 2, at place 1 of 0 to 1", x))
		refused(t, targets.Check(), "x", fmt.Sprintf("the target %g in row 1", x))
		for _, set := range []dataset.Set{inputs, targets} {
			if err := set.CheckForm(); err != nil {
				t.Errorf("%g: %v", x, err)
			}
		}
	}
	held := dataset.Set{Name: "x", Shape: []int{1}, Inputs: []float64{math.MaxFloat32, -math.MaxFloat32, 1e-300, 0}, Targets: make([]float64, 4)}
	if err := held.Check(); err != nil {
		t.Error(err)
	}
}

func TestTensors(t *testing.T) {
	set := dataset.Set{Name: "s", Shape: []int{2, 1}, Inputs: []float64{1, 2, 3, 4, 5, 6}, Labels: []int{1, 0, 1}, Classes: 2}
	floats := func(x *tensors.Tensor, err error) string {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		flat, err := backend.Floats(x)
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprint(x.Shape(), flat)
	}
	if got := floats(set.InputTensor(dtypes.Float32)); got != "(Float32)[3, 2, 1] [1 2 3 4 5 6]" {
		t.Errorf("inputs %s", got)
	}
	if got := floats(set.InputColumns(dtypes.Float64)); got != "(Float64)[2, 3] [1 3 5 2 4 6]" {
		t.Errorf("inputs in columns %s", got)
	}
	if labels, err := set.LabelTensor(dtypes.Float32); err != nil || fmt.Sprint(labels.Value()) != "[[1] [0] [1]]" {
		t.Errorf("labels %v (%v)", labels, err)
	}
	set.Labels, set.Targets = nil, []float64{0.5, 1.5, 2}
	if got := floats(set.LabelTensor(dtypes.Float64)); got != "(Float64)[3, 1] [0.5 1.5 2]" {
		t.Errorf("targets %s", got)
	}
	_, err := set.InputTensor(dtypes.Int8)
	refused(t, err, "Int8")
	_, err = set.InputColumns(dtypes.Int8)
	refused(t, err, "Int8")
}

func ExampleDigits() {
	digits := dataset.Digits()
	train, test, err := digits.Split(0.8, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(train.Rows(), "rows to train on,", test.Rows(), "to test")
	// Output: 1437 rows to train on, 360 to test
}
