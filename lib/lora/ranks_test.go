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

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/gomlx/ml/train"
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

// TestOneProgramServesAllRanks: in the program of rank 6, an adapter of which two columns are left trains as one of rank 2 with the same A
// and B, from the start and after; with a third column it does not.
func TestOneProgramServesAllRanks(t *testing.T) {
	a, b := adapter(t, 6, lora.Fixed(1)), adapter(t, 2, lora.Fixed(1))
	for _, family := range []optim.Family{optim.SGD, optim.Adam} {
		wide, narrow := compiled(t, a, family, 20, dtypes.Float64), compiled(t, b, family, 20, dtypes.Float64)
		full := testkit.Must[values](t)(a.Start(wide, pretrained(t), 1))
		small := testkit.Must[values](t)(b.Start(narrow, pretrained(t), 1))
		for _, weight := range a.Adapted() {
			inputs := full[lora.PathA(weight)].Shape().Dim(0)
			var two []float64
			for i := range inputs {
				two = append(two, floats(t, full[lora.PathA(weight)])[6*i:6*i+2]...)
			}
			small[lora.PathA(weight)] = tensor(t, dtypes.Float64, []int{inputs, 2}, two...)
			some := drawn(t, 5, dtypes.Float64, func(r *rand.Rand) float64 { return r.NormFloat64() / 64 }, 6, 32)
			full[lora.PathB(weight)] = some
			small[lora.PathB(weight)] = tensor(t, dtypes.Float64, []int{2, 32}, floats(t, some)[:64]...)
		}
		small = testkit.Must[values](t)(b.WithAlpha(small, 4))
		want := run(t, narrow, b.Settings(rate(0.01), small, 1)).Loss
		for columns, same := range map[int]bool{2: true, 3: false} {
			cut := testkit.Must[values](t)(a.AtRank(full, columns, lora.Hu(4*float64(columns))))
			got := run(t, wide, a.Settings(rate(0.01), cut, 1)).Loss
			if off := result.RelativeDifference(got, want); (off < 1e-9) != same {
				t.Errorf("%s: with %d columns the losses differ from those of rank 2 by %g", family, columns, off)
			}
		}
	}
}

// TestPlusOfAnIndependentProgram fits the power of the width in what A and B add in two steps, for three pairs of powers in the learning
// rates, and holds each against the law and the other program.
func TestPlusOfAnIndependentProgram(t *testing.T) {
	theirs := elsewhere(t)
	for _, powers := range [][2]float64{{-1, 0}, {-0.5, -0.5}, {0, 0}} {
		throughA, throughB, err := lora.Widths{
			Models: func(n int) train.ModelFn {
				return network.MLP{Hidden: []int{n}, Outputs: 1, NoBias: true, Activation: "none"}.Model
			},
			Data:   func(n int) (dataset.Set, error) { return dataset.Gaussian(32, n, 1) },
			Weight: first, Optimizer: optim.SignSGD, Rank: 8, A: powers[0], B: powers[1], Widths: []int{64, 128, 256, 512},
		}.Run(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for factor, fit := range map[string]result.Fit{"A": throughA, "B": throughB} {
			want := theirs[fmt.Sprintf("%s signsgd %g %g", factor, powers[0], powers[1])]
			c := lora.Check(fit)
			t.Logf("%s; another program: %.3f ± %.3f", c, want.exponent, want.err)
			if !c.Holds() || !want.agree(fit) {
				t.Errorf("%s; another program has %.3f ± %.3f", c, want.exponent, want.err)
			}
			if control := c.Control("control", fit.Predicted+lora.Apart); !control.Refuted() {
				t.Error(control)
			}
		}
	}
}
