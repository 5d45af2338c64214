package dataset_test

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"alphascale/lib/backend"
	"alphascale/lib/dataset"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/gomlx/core/tensors"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"
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

// TestQuadratic computes the Hessian and the loss at the optimum from the data.
func TestQuadratic(t *testing.T) {
	eigenvalues := []float64{4, 1, 0.25, 0}
	q, err := dataset.NewQuadratic(eigenvalues, 3)
	if err != nil {
		t.Fatal(err)
	}
	n := q.Rows()
	x := mat.NewDense(n, n, q.Inputs)
	var hessian, image mat.Dense
	hessian.Mul(x.T(), x)
	hessian.Scale(2/float64(n), &hessian)
	for i, h := range eigenvalues {
		v := mat.NewVecDense(n, q.Basis[i])
		image.Mul(&hessian, v)
		for k := range n {
			if math.Abs(image.At(k, 0)-h*v.AtVec(k)) > 1e-14 {
				t.Errorf("H·v%d = %v, want %g·%v", i, mat.Col(nil, 0, &image), h, q.Basis[i])
			}
		}
	}
	image.Mul(x, mat.NewVecDense(n, q.Optimum))
	for i, y := range q.Targets {
		if math.Abs(image.At(i, 0)-y) > 1e-14 {
			t.Errorf("row %d: %v at the optimum, want %v", i, image.At(i, 0), y)
		}
	}
	for _, bad := range [][]float64{nil, {1, -1}, {math.NaN()}, {math.Inf(1)}} {
		if _, err := dataset.NewQuadratic(bad, 1); err == nil {
			t.Errorf("eigenvalues %v were accepted", bad)
		}
	}
}

func TestGaussian(t *testing.T) {
	set, err := dataset.Gaussian(5000, 3, 1)
	if err != nil {
		t.Fatal(err)
	}
	x := mat.NewDense(set.Rows(), 3, set.Inputs)
	var covariance mat.SymDense
	stat.CovarianceMatrix(&covariance, x, nil)
	for i := range 3 {
		for j := range 3 {
			want := 0.0
			if i == j {
				want = 1
			}
			// The standard error is √2/√5000 = 0.02.
			if math.Abs(covariance.At(i, j)-want) > 0.08 {
				t.Errorf("covariance[%d,%d] = %v, want %v", i, j, covariance.At(i, j), want)
			}
		}
	}
	if _, err := dataset.Gaussian(0, 3, 1); err == nil {
		t.Error("no rows were accepted")
	}
}

func TestDiabetesLike(t *testing.T) {
	r, err := dataset.DiabetesLike(442, 1)
	if err != nil {
		t.Fatal(err)
	}
	x := mat.NewDense(r.Rows(), r.Width(), r.Inputs)
	var strongest float64
	for i := range r.Width() {
		column := mat.Col(nil, i, x)
		if mean, variance := stat.PopMeanVariance(column, nil); math.Abs(mean) > 1e-14 || math.Abs(variance-1) > 1e-13 {
			t.Errorf("feature %d has mean %v and variance %v", i, mean, variance)
		}
		for j := range i {
			strongest = max(strongest, math.Abs(stat.Correlation(column, mat.Col(nil, j, x), nil)))
		}
	}
	if strongest < 0.8 || strongest > 0.97 {
		t.Errorf("strongest correlation %v, want about 0.9", strongest)
	}

	// Least squares finds the coefficients to within a few standard errors.
	var fitted mat.VecDense
	if err := fitted.SolveVec(x, mat.NewVecDense(r.Rows(), r.Targets)); err != nil {
		t.Fatal(err)
	}
	for i, want := range r.Coefficients {
		if got := fitted.AtVec(i); math.Abs(got-want) > 0.5 {
			t.Errorf("coefficient %d: %v by least squares, want %v", i, got, want)
		}
	}
	if _, err := dataset.DiabetesLike(19, 1); err == nil {
		t.Error("19 rows were accepted")
	}
}

// idx writes an IDX file.
func idx(magic uint32, dims []uint32, data []byte) []byte {
	var out bytes.Buffer
	_ = binary.Write(&out, binary.BigEndian, append([]uint32{magic}, dims...)) // a Buffer takes everything
	out.Write(data)
	return out.Bytes()
}

func TestMNIST(t *testing.T) {
	folder := t.TempDir()
	write := func(name string, content []byte) {
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	images := idx(0x803, []uint32{2, 1, 3}, []byte{0, 51, 255, 1, 2, 3})
	labels := idx(0x801, []uint32{2}, []byte{7, 0})
	_, _, err := dataset.MNIST(folder)
	refused(t, err, "train-images-idx3-ubyte", "four MNIST files")

	write("train-images-idx3-ubyte.gz", pack(t, string(images)).Bytes())
	write("train-labels-idx1-ubyte", labels)
	write("t10k-images-idx3-ubyte", images)
	write("t10k-labels-idx1-ubyte.gz", pack(t, string(labels)).Bytes())
	train, test, err := dataset.MNIST(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, set := range []dataset.Set{train, test} {
		if set.Rows() != 2 || !slices.Equal(set.Shape, []int{1, 3}) || set.Inputs[1] != 0.2 || set.Inputs[2] != 1 ||
			!slices.Equal(set.Labels, []int{7, 0}) || set.Classes != 8 {
			t.Errorf("%+v", set)
		}
	}
	write("t10k-labels-idx1-ubyte.gz", labels)
	_, _, err = dataset.MNIST(folder)
	refused(t, err, "t10k-labels", "gzip")
}

func TestReadIDXRefuses(t *testing.T) {
	images := idx(0x803, []uint32{2, 1, 3}, make([]byte, 6))
	labels := idx(0x801, []uint32{2}, make([]byte, 2))
	for _, test := range []struct {
		name           string
		images, labels []byte
		says           string
	}{
		{"swapped", labels, images, "right file"},
		{"no header", images[:5], labels, "header"},
		{"too short", images[:len(images)-1], labels, "5 bytes"},
		{"too long", append(slices.Clone(images), 0), labels, "promises 6"},
		{"absurd", idx(0x803, []uint32{1 << 31, 1 << 31, 1 << 31}, nil), labels, "too large"},
		{"fewer labels", images, idx(0x801, []uint32{1}, make([]byte, 1)), "2 images and 1 labels"},
		{"nothing", idx(0x803, []uint32{0, 1, 3}, nil), idx(0x801, []uint32{0}, nil), "empty"},
	} {
		_, err := dataset.ReadIDX(bytes.NewReader(test.images), bytes.NewReader(test.labels), test.name)
		refused(t, err, test.name, test.says)
	}
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
