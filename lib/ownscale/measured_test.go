package ownscale_test

import (
	"math"
	"strings"
	"testing"

	"alphascale/lib/dataset"
	"alphascale/lib/internal/testkit"
	"alphascale/lib/law"
	"alphascale/lib/optim"
	"alphascale/lib/ownscale"
	"alphascale/lib/result"
	"alphascale/lib/training"

	"gonum.org/v1/gonum/stat"
)

// TestEpsilonIsThatOfAnIndependentProgram holds p at each ε, of four networks, against the closed form of their own gradients, and their
// mean and spread against a network of another program.
func TestEpsilonIsThatOfAnIndependentProgram(t *testing.T) {
	rows := elsewhere(t, "epsilon.csv")
	var epsilons []float64
	for _, row := range rows {
		epsilons = append(epsilons, number(t, row[0]))
	}
	all := make([][]float64, len(rows))
	for seed := int64(1); seed <= 4; seed++ {
		fits := testkit.Must[[]result.Fit](t)(ownscale.Epsilon{Subject: perceptron(), Seed: seed}.Exponents(t.Context(), epsilons...))
		for i, fit := range fits {
			if math.Abs(fit.Exponent-fit.Predicted) > 1e-3 {
				t.Errorf("%s, seed %d: p = %.5f, closed form %.5f", fit.Points.Label, seed, fit.Exponent, fit.Predicted)
			}
			all[i] = append(all[i], fit.Exponent)
		}
	}
	for i, row := range rows {
		mean, spread := stat.MeanStdDev(all[i], nil)
		// The other program fits over a wider range, which moves p by less than its closed form says.
		curved := math.Abs(number(t, row[1]) - number(t, row[2]))
		if theirs := number(t, row[1]); math.Abs(mean-theirs) > 4*spread+curved+1e-4 {
			t.Errorf("ε = %s: p = %.4f ± %.4f, another program fits %.4f", row[0], mean, spread, theirs)
		}
	}
}

// TestFeaturesAreThoseOfAnIndependentProgram holds the powers of the width against the law and another program's fits.
func TestFeaturesAreThoseOfAnIndependentProgram(t *testing.T) {
	for _, row := range elsewhere(t, "muon.csv") {
		f := ownscale.Features{Optimizer: optim.Family(row[0]), Shape: ownscale.HiddenLayer}
		switch row[1] {
		case "spectral":
			f.Optimizer = ownscale.MuonSpectral
		case "moonlight":
			f.Optimizer = ownscale.MuonMoonlight
		case "1/n":
			f.RatePower = -1
		case "1":
			f.Draws = 32 // a step along the gradient depends most on which rows are drawn, and costs little
		}
		fit := testkit.Must[result.Fit](t)(f.Run(t.Context()))
		theirs, half := number(t, row[2]), 3.18*number(t, row[3]) // Student's t at three degrees of freedom
		if low, high := theirs-half, theirs+half; fit.High < low || fit.Low > high {
			t.Errorf("%v: [%.3f, %.3f], another program fits [%.3f, %.3f]", row, fit.Low, fit.High, low, high)
		}
		if check := ownscale.Check("power of n", fit); !check.Holds() {
			t.Errorf("%v: %s", row, check)
		}
		if control := ownscale.Check("power of n", fit).Control("control", fit.Predicted+0.25); !control.Refuted() {
			t.Errorf("%v: %s", row, control)
		}
	}
}

// TestPowers are the powers of n of Muon's factors on the three kinds of layers, by hand: factor·√(in/out).
func TestPowers(t *testing.T) {
	for family, want := range map[optim.Family][3]float64{ // hidden, input, output
		ownscale.MuonPlain: {0, -0.5, 0.5}, ownscale.MuonJordan: {0, 0, 0.5}, optim.Muon: {0, 0, 0.5},
		ownscale.MuonSpectral: {0, 0, 0}, ownscale.MuonMoonlight: {0.5, 0, 1}, optim.Adam: {1, 0, 1}, optim.SGD: {1, 0, 1},
	} {
		for i, shape := range []ownscale.Shape{ownscale.HiddenLayer, ownscale.InputLayer, ownscale.OutputLayer} {
			got, err := ownscale.Features{Optimizer: family, Shape: shape}.Power()
			if err != nil || got != want[i] {
				t.Errorf("%s, %s: n^%g, %v, want n^%g", family, shape.Name, got, err, want[i])
			}
		}
	}
}

// TestTables holds a row of each table, and the sentence of a family that has none.
func TestTables(t *testing.T) {
	shares := ownscale.Shares(optim.AdamW, ownscale.PaperAdamW, optim.SGD)
	if err := shares.Check(); err != nil || len(shares.Rows) != 5 || strings.Join(shares.Rows[0], " ") != "adamw weight_decay ηλ" ||
		strings.Join(shares.Rows[2], " ") != "adamw_independent_decay independent_decay λ" || !strings.HasPrefix(shares.Rows[1][2], "none") {
		t.Errorf("%v, %v", shares.Rows, err)
	}
	powers, err := ownscale.Powers(ownscale.MuonMoonlight, optim.Adam)
	if err != nil || powers.Check() != nil || strings.Join(powers.Rows[0], " ") != "muon_moonlight 0 0.5 1" {
		t.Errorf("%v, %v", powers.Rows, err)
	}
	if _, err := ownscale.Powers(optim.LARS); err == nil {
		t.Error("a table with lars")
	}
}

func TestWhatCannotBeMeasured(t *testing.T) {
	features := func(f ownscale.Features) error { _, err := f.Run(t.Context()); return err }
	exponents := func(e ownscale.Epsilon, epsilon float64) error {
		_, err := e.Exponents(t.Context(), epsilon)
		return err
	}
	start := testkit.Must[*training.Program](t)(training.Compile(training.Config{Subject: perceptron(), Optimizer: optim.New(optim.SGD)}))
	defer start.Finalize()
	drawn, err := start.Initial(1)
	if err != nil {
		t.Fatal(err)
	}
	w := drawn[first]
	d := testkit.Must[ownscale.Decay](t)(ownscale.DecayOf(optim.AdamW, optim.WeightDecay))
	for says, err := range map[string]error{
		"no time scale of its own": second(ownscale.DecayOf(optim.Adam, optim.L2)),
		"lamb has the unit":        second(ownscale.DecayOf(optim.LAMB, optim.WeightDecay)),
		"does not read":            second(ownscale.DecayOf(optim.SGD, optim.WeightDecay)),
		"unknown optimizer":        second(ownscale.DecayOf("none", optim.WeightDecay)),
		"the share 0":              second(d.Share(nil)),
		"the share 2":              second(d.Share(optim.Values{optim.LearningRate: 1, optim.WeightDecay: 2})),
		"not negative":             second(d.Share(optim.Values{optim.WeightDecay: -1})),
		"before and after":         second(ownscale.Kept(w, nil, []int{0})),
		"one or more of them":      second(ownscale.Kept(w, w, nil)),
		"inputs [64]":              second(ownscale.Kept(w, w, []int{64})),
		"a part 1 left":            second(ownscale.MemoryOf(1, 10)),
		"0 weights":                second(ownscale.Noise(0, 10, 1, false)),
		"sgd reads no ε":           exponents(ownscale.Epsilon{Subject: perceptron(), Optimizer: optim.SGD}, 1),
		"epsilon = -1":             exponents(ownscale.Epsilon{Subject: perceptron()}, -1),
		"set Shape":                features(ownscale.Features{Optimizer: optim.SGD}),
		"three or more":            features(ownscale.Features{Optimizer: optim.SGD, Shape: ownscale.HiddenLayer, Widths: []int{2, 3}}),
		"give each at least one":   features(ownscale.Features{Optimizer: optim.SGD, Shape: ownscale.HiddenLayer, Widths: []int{0, 2, 3}}),
		"the weights' norm":        features(ownscale.Features{Optimizer: optim.LARS, Shape: ownscale.HiddenLayer}),
		"between 0 and 1":          second(law.Memory(1)),
		"negative":                 second(law.AdamExponent([]float64{1}, -1)),
		"all zero":                 second(law.AdamExponent([]float64{0}, 1)),
		"gradient 1 is":            second(law.AdamExponent([]float64{0, math.NaN()}, 1)),
		"η = 0":                    second(law.DecayedSquare(0, 0.5)),
		"‖g̃‖ = 0":                 second(law.EquilibriumNorm(1, 1, 0)),
	} {
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v, want a word on %q", err, says)
		}
	}
	if inputs := ownscale.Unreached(dataset.Digits()); len(inputs) != 3 || inputs[0] != 0 {
		t.Errorf("no digit has ink in %v, want 0 and two others", inputs)
	}
}

// second is the error of a call.
func second[T any](_ T, err error) error { return err }
