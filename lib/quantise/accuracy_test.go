package quantise_test

import (
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"
	"testing"

	"alphascale/lib/dataset"
	"alphascale/lib/internal/testkit"
	"alphascale/lib/law"
	"alphascale/lib/quantise"
	"alphascale/lib/subject"

	"github.com/gomlx/compute/dtypes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/layers"
	"github.com/gomlx/gomlx/ml/model"
	floats64 "gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/stat"
)

// sample is what one program measured of one state of the weights at one bit width, over networks and imbalances.
type sample struct{ logErrors, accuracies []float64 }

func (s *sample) add(relative, accuracy float64) {
	s.logErrors, s.accuracies = append(s.logErrors, math.Log10(relative)), append(s.accuracies, accuracy)
}

// elsewhere is what the independent program measured, by bits and state: "8 equalised".
func elsewhere(t *testing.T) map[string]*sample {
	t.Helper()
	file, err := os.Open("testdata/equalised.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	r := csv.NewReader(file)
	r.Comment = '#'
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	number := func(cell string) float64 { return testkit.Must[float64](t)(strconv.ParseFloat(cell, 64)) }
	out := map[string]*sample{}
	for _, row := range rows[1:] {
		state := row[2] + " " + row[3]
		if out[state] == nil {
			out[state] = &sample{}
		}
		out[state].add(number(row[4]), number(row[5]))
	}
	return out
}

// TestAccuracyIsThatOfAnIndependentProgram unbalances digits perceptrons by 2^k, rounds them and equalises them, and holds errors and
// accuracies against those of another program's networks. Each must lie within five deviations of theirs, and of at least a factor of
// ten and a tenth of the rows, which is wider than what start and imbalance decide and narrower than the step from one state to another.
func TestAccuracyIsThatOfAnIndependentProgram(t *testing.T) {
	want, got := elsewhere(t), map[string]*sample{}
	for state := range want {
		got[state] = &sample{}
	}
	p := pair(relu)
	must := testkit.Must[map[string]*tensors.Tensor](t)
	for i, values := range learned(t) {
		n := measured(t, relu, dtypes.Float64, values)
		outputs := testkit.Must[[]float64](t)(n.Outputs(values))
		size := floats64.Dot(outputs, outputs) / float64(len(outputs))
		for seed := range uint64(3) {
			unbalanced := must(p.Multiply(values, imbalance(10*uint64(i)+seed)))
			s := testkit.Must[[]float64](t)(p.Balance(unbalanced))
			for state, weights := range map[string]map[string]*tensors.Tensor{
				"unbalanced": unbalanced, "equalised": must(quantise.Equalise(unbalanced, p)), "permuted": must(p.Multiply(unbalanced, permuted(s, seed))),
			} {
				for _, bits := range []int{8, 4} {
					q := testkit.Must[quantise.Quality](t)(n.At(must(quantise.Int(bits).Weights(weights, first, second))))
					got[fmt.Sprint(bits, " ", state)].add(q.Error/size, q.Accuracy)
				}
			}
		}
	}
	for state, theirs := range want {
		within(t, state+": log10 of the relative error", got[state].logErrors, theirs.logErrors, 0.2)
		within(t, state+": accuracy", got[state].accuracies, theirs.accuracies, 0.02)
	}
	for _, bits := range []string{"8 ", "4 "} {
		before, after := got[bits+"unbalanced"], got[bits+"equalised"]
		if slices.Min(before.logErrors) < slices.Max(after.logErrors)+1 || slices.Max(before.accuracies) >= slices.Min(after.accuracies) {
			t.Errorf("%sbits: equalising does not show: %+v, %+v", bits, before, after)
		}
	}
}

// within holds each number to five deviations, of at least the given size, about the mean of the others.
func within(t *testing.T, what string, got, want []float64, least float64) {
	t.Helper()
	mean, deviation := stat.MeanStdDev(want, nil)
	low, high := mean-5*max(deviation, least), mean+5*max(deviation, least)
	t.Logf("%s: %.3f, elsewhere %.3f ± %.3f", what, got, mean, deviation)
	for _, x := range got {
		if x < low || x > high {
			t.Errorf("%s: %.4f, elsewhere from %.4f to %.4f", what, x, low, high)
		}
	}
}

// Weights and activations rounded to 8 bits: smoothed, more is left than of the unbalanced network.
func TestSmoothBalancesActivationsAndWeights(t *testing.T) {
	values, p, q := learned(t)[0], pair(relu), quantise.Int(8)
	must := testkit.Must[map[string]*tensors.Tensor](t)
	calibration := subject.Of(perceptron(relu), dataset.Digits().First(trained))
	unbalanced := must(p.Multiply(values, imbalance(1)))
	x := testkit.Must[[]float64](t)(quantise.InputRanges(calibration, unbalanced, "/layer_0/relu"))
	smooth := must(quantise.Smooth(unbalanced, p, x, 0.5))
	after := testkit.Must[[]float64](t)(quantise.InputRanges(calibration, smooth, "/layer_0/relu"))
	_, r2, err := p.Ranges(smooth)
	if err != nil {
		t.Fatal(err)
	}
	for j := range r2 {
		if x[j] == 0 { // no row makes the unit active
			continue
		}
		if !testkit.Near(after[j], r2[j], 1e-5) {
			t.Errorf("unit %d: activations up to %g, weights up to %g", j, after[j], r2[j])
		}
	}
	rounding := func(x *Node) *Node { return q.Activations(relu(x)) }
	exact, rounded := measured(t, relu, dtypes.Float64, values), measured(t, rounding, dtypes.Float64, values)
	// The reference of a network is at its own activations; what counts is the distance from the exact one.
	off := func(at map[string]*tensors.Tensor) (sum float64) {
		want, got := testkit.Must[[]float64](t)(exact.Outputs(values)), testkit.Must[[]float64](t)(rounded.Outputs(must(q.Weights(at, second))))
		for i := range want {
			sum += (got[i] - want[i]) * (got[i] - want[i])
		}
		return sum / float64(len(want))
	}
	before, balanced := off(unbalanced), off(smooth)
	t.Logf("second layer and its inputs in int8: error %g unbalanced, %g smoothed", before, balanced)
	if !(balanced < before/30) {
		t.Errorf("error %g unbalanced and %g smoothed", before, balanced)
	}
}

// A floating-point format has as many digits for a small channel as for a large one, so an imbalance within its range costs
// next to nothing, while int8 loses all.
func TestFloatFormatsNeedNoBalance(t *testing.T) {
	values, p := learned(t)[0], pair(relu)
	must := testkit.Must[map[string]*tensors.Tensor](t)
	unbalanced := must(p.Multiply(values, imbalance(1)))
	n := measured(t, relu, dtypes.Float64, values)
	for _, test := range []struct {
		q    quantise.Quantiser
		most float64
	}{
		{quantise.Float(law.Float8E5M2()), 1.2}, {quantise.Float(law.Float8E4M3()), 2}, {quantise.Int(8), math.Inf(1)},
	} {
		at := func(weights map[string]*tensors.Tensor) float64 {
			return testkit.Must[quantise.Quality](t)(n.At(must(test.q.Weights(weights, first, second)))).Error
		}
		ratio := at(unbalanced) / at(values)
		t.Logf("%s: error %g as it was, %g times as much unbalanced", test.q.Name(), at(values), ratio)
		if ratio > test.most || math.IsInf(test.most, 1) && ratio < 100 {
			t.Errorf("%s: unbalanced, the error is %g times what it was", test.q.Name(), ratio)
		}
	}
}

// The largest magnitude of each pixel over all rows, counted here, is that of a model that does nothing to them.
func TestInputRanges(t *testing.T) {
	data := dataset.Digits().First(50)
	model := func(scope *model.Scope, _ any, inputs []*Node) []*Node {
		x := Neg(inputs[0]).WithAlias("/pixels")
		return []*Node{layers.Dense(scope, x, false, 10)}
	}
	want := make([]float64, 64)
	for i, x := range data.Inputs {
		want[i%64] = max(want[i%64], x)
	}
	values := map[string]*tensors.Tensor{"/dense/weights": normal(t, 1, 64, 10)}
	got, err := quantise.InputRanges(subject.Of(model, data), values, "/pixels")
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%v (%v), want %v", got, err, want)
	}
}
