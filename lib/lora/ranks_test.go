package lora_test

import (
	"encoding/csv"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"

	"alphascale/lib/dataset"
	"alphascale/lib/internal/testkit"
	"alphascale/lib/judge"
	"alphascale/lib/lora"
	"alphascale/lib/network"
	"alphascale/lib/optim"
	"alphascale/lib/result"
	"alphascale/lib/scaling"
	"alphascale/lib/subject"
	"alphascale/lib/training"

	"github.com/gomlx/compute/dtypes"
)

// fitted is an exponent of an independent program.
type fitted struct{ exponent, err float64 }

// elsewhere are the exponents of another program, by "what optimizer setting".
func elsewhere(t *testing.T) map[string]fitted {
	t.Helper()
	file, err := os.Open("testdata/exponents.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	r := csv.NewReader(file)
	r.Comment = '#'
	number := func(cell string) float64 { return testkit.Must[float64](t)(strconv.ParseFloat(cell, 64)) }
	out := map[string]fitted{}
	for _, row := range testkit.Must[[][]string](t)(r.ReadAll())[1:] {
		out[row[0]+" "+row[1]+" "+row[2]] = fitted{number(row[3]), number(row[4])}
	}
	return out
}

// agree holds a fit against that of the other program: their intervals, two standard errors of the other's, have to meet.
func (f fitted) agree(got result.Fit) bool {
	return got.Low <= f.exponent+2*f.err && got.High >= f.exponent-2*f.err
}

// TestRanksOfAnIndependentProgram fits the power of the rank on the other program's network: the fit holds as the law says, is the other
// program's within the intervals, and is none of the other powers that the law has.
func TestRanksOfAnIndependentProgram(t *testing.T) {
	normal := func(by float64) func(*rand.Rand) float64 {
		return func(r *rand.Rand) float64 { return r.NormFloat64() * by }
	}
	at := values{
		first:                   drawn(t, 1, dtypes.Float64, normal(1./8), 64, 128),
		"/output/dense/weights": drawn(t, 2, dtypes.Float64, normal(1/math.Sqrt(128)), 128, 10),
	}
	theirs := elsewhere(t)
	for _, family := range []optim.Family{optim.SGD, optim.Adam} {
		for _, scale := range []lora.Scale{lora.Hu(8), lora.Kalajdzievski(8)} {
			fit, err := lora.Ranks{
				Subject: subject.Of(network.MLP{Hidden: []int{128}, Outputs: 10, NoBias: true}.Model, dataset.Digits().First(64)),
				Weights: scaling.Select(first), Scale: scale, Optimizer: family, Ranks: []int{4, 8, 16, 32, 64}, Values: at,
			}.Run(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			c, want := lora.Check(fit), theirs[fmt.Sprintf("rank %s %s", family, scale.Name)]
			t.Logf("%s; another program: %.3f ± %.3f", c, want.exponent, want.err)
			if !c.Holds() || !want.agree(fit) {
				t.Errorf("%s; another program has %.3f ± %.3f", c, want.exponent, want.err)
			}
			if err := judge.Vacuous(c); err != nil {
				t.Error(err)
			}
			for _, wrong := range []float64{-1, -0.5, 0, 0.5, 1} {
				if control := c.Control("control", wrong); wrong != fit.Predicted && !control.Refuted() {
					t.Error(control)
				}
			}
		}
	}
}

// TestACutAdapterIsOneOfItsRank: the first step of an adapter whose columns of A beyond the second are zero is that of one of rank 2 with
// the same A. With one more column it is not.
func TestACutAdapterIsOneOfItsRank(t *testing.T) {
	a, b := adapter(t, 6, lora.Fixed(2)), adapter(t, 2, lora.Fixed(2))
	wide, narrow := compiled(t, a, optim.Adam, 2, dtypes.Float64), compiled(t, b, optim.Adam, 2, dtypes.Float64)
	start := testkit.Must[values](t)(wide.Initial(1))
	cut := func(columns, of int) values {
		out := values{}
		for path, value := range testkit.Must[values](t)(narrow.Initial(1)) {
			out[path] = value
		}
		for _, weight := range a.Adapted() {
			inputs, full := start[lora.PathA(weight)].Shape().Dim(0), floats(t, start[lora.PathA(weight)])
			kept := make([]float64, inputs*of)
			for i := range inputs {
				copy(kept[i*of:i*of+columns], full[i*6:i*6+columns])
			}
			out[lora.PathA(weight)] = tensor(t, dtypes.Float64, []int{inputs, of}, kept...)
			delete(out, lora.PathB(weight))
		}
		return out
	}
	h := optim.Values{optim.LearningRate: 1e-3, optim.Epsilon: 1e-30}
	want := run(t, narrow, b.Settings(h, cut(2, 2), 1)).Loss
	if got := run(t, wide, a.Settings(h, cut(2, 6), 1)).Loss; !testkit.Near(got[1], want[1], 1e-12) {
		t.Errorf("losses %v, of rank 2 %v", got, want)
	}
	if got := run(t, wide, a.Settings(h, cut(3, 6), 1)).Loss; testkit.Near(got[1], want[1], 1e-6) {
		t.Errorf("losses with a third column are %v, of rank 2 %v", got, want)
	}
}

// TestPlusOfAnIndependentProgram fits the power of the width in what A and B add in the second step, for three pairs of powers in the
// learning rates, and holds each against the law and the other program.
func TestPlusOfAnIndependentProgram(t *testing.T) {
	theirs := elsewhere(t)
	for _, powers := range [][2]float64{{-1, 0}, {-0.5, -0.5}, {0, 0}} {
		law, err := lora.Widths(powers[0], powers[1], optim.SignSGD)
		if err != nil {
			t.Fatal(err)
		}
		throughA, throughB := byWidth(t, powers[0], powers[1])
		for factor, fit := range map[string]result.Fit{"A": throughA, "B": throughB} {
			fit.Predicted = map[string]float64{"A": law.A, "B": law.B}[factor]
			want := theirs[fmt.Sprintf("%s signsgd %g %g", factor, powers[0], powers[1])]
			c := judge.Approximate("through "+factor, fit, fit.Predicted, lora.Apart)
			t.Logf("rates n^%g, n^%g: %s; another program: %.3f ± %.3f", powers[0], powers[1], c, want.exponent, want.err)
			if !c.Holds() || !want.agree(fit) {
				t.Errorf("rates n^%g, n^%g: %s; another program has %.3f ± %.3f", powers[0], powers[1], c, want.exponent, want.err)
			}
			if control := c.Control("control", fit.Predicted+lora.Apart); !control.Refuted() {
				t.Error(control)
			}
		}
	}
}

// byWidth are the fits for learning rates in proportion to n^a and n^b.
func byWidth(t *testing.T, a, b float64) (throughA, throughB result.Fit) {
	t.Helper()
	var ns, ofA, ofB []float64
	for _, n := range []int{64, 128, 256, 512} {
		data := testkit.Must[dataset.Set](t)(dataset.Gaussian(32, n, 1))
		of := subject.Of(network.MLP{Hidden: []int{n}, Outputs: 1, NoBias: true, Activation: "none"}.Model, data)
		ad := testkit.Must[*lora.Adapter](t)(lora.New(of, lora.Config{Weights: scaling.Select(first), Rank: 8, Scale: lora.Fixed(1)}))
		p := testkit.Must[*training.Program](t)(training.Compile(ad.Training(training.Config{
			Subject: of, Optimizer: optim.New(optim.SignSGD), Batch: 32, Steps: 2,
		})))
		defer p.Finalize()
		var sumA, sumB float64
		const seeds = 6
		for seed := range int64(seeds) {
			start := testkit.Must[values](t)(p.Initial(seed))
			ratio := float64(n) / 64
			s := lora.WithRates(ad.Settings(rate(1e-4), start, seed), rate(1e-4*math.Pow(ratio, a)), rate(1e-4*math.Pow(ratio, b)))
			s.Keep = true
			parts := testkit.Must[lora.Parts](t)(ad.Parts(first, data.Inputs, start, run(t, p, s).Final))
			sumA, sumB = sumA+parts.A/seeds, sumB+parts.B/seeds
		}
		ns, ofA, ofB = append(ns, float64(n)), append(ofA, sumA), append(ofB, sumB)
	}
	fit := func(label string, ys []float64) result.Fit {
		return testkit.Must[result.Fit](t)(result.FitExponent(result.Series{
			Label: label, X: result.Quantity{Name: "width", Symbol: "n"}, Y: result.Quantity{Name: "change"}, Xs: ns, Ys: ys,
		}))
	}
	return fit("A", ofA), fit("B", ofB)
}
