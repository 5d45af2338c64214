package scaling_test

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"alphascale/lib/optim"
	"alphascale/lib/scaling"
)

var all = []scaling.Condition{
	scaling.ClippedTogether, scaling.NoZeroVariable, scaling.NoNormEpsilon,
	scaling.FreshStatistics, scaling.BiasScaled, scaling.InFloat64,
}

// The exponents as the derivation by hand gives them, for each optimizer: of η in the reparameterisation, the rescaled
// scale-invariant weight and the scaled loss; then those of the weight decay.
var byHand = map[optim.Family]struct{ eta, decay [3]float64 }{
	optim.SGD:       {eta: [3]float64{-2, 2, -1}},
	optim.HeavyBall: {eta: [3]float64{-2, 2, -1}},
	optim.Nesterov:  {eta: [3]float64{-2, 2, -1}},
	optim.SignSGD:   {eta: [3]float64{-1, 1, 0}},
	optim.Lion:      {eta: [3]float64{-1, 1, 0}, decay: [3]float64{1, -1, 0}},
	optim.RMSProp:   {eta: [3]float64{-1, 1, 0}},
	optim.Adam:      {eta: [3]float64{-1, 1, 0}},
	optim.AdamW:     {eta: [3]float64{-1, 1, 0}, decay: [3]float64{1, -1, 0}},
	optim.Adagrad:   {eta: [3]float64{-1, 1, 0}},
	optim.Muon:      {eta: [3]float64{-1, 1, 0}, decay: [3]float64{1, -1, 0}},
	optim.Adan:      {eta: [3]float64{-1, 1, 0}, decay: [3]float64{1, -1, 0}},
	optim.LARS:      {eta: [3]float64{0, 0, 0}, decay: [3]float64{2, -2, 1}},
	optim.LAMB:      {eta: [3]float64{0, 0, 0}, decay: [3]float64{1, -1, 0}},
}

var termsByHand = map[optim.Hyper][3]float64{
	optim.Epsilon:            {1, -1, 1},
	optim.InitialAccumulator: {2, -2, 2},
	optim.L2:                 {2, -2, 1},
	optim.L1:                 {1, -1, 1},
	optim.ClipNorm:           {1, -1, 1},
}

func TestExponentsAreThoseDerivedByHand(t *testing.T) {
	const alpha = 8.0
	for _, family := range optim.Families() {
		h := optim.Values{optim.L2: 0.01, optim.L1: 0.02, optim.ClipNorm: 0.5}
		for name, value := range optim.Defaults(family) {
			h[name] = value
			if value == 0 {
				h[name] = 0.125
			}
		}
		for i, compensate := range []func(optim.Family, optim.Values, float64, ...scaling.Condition) (optim.Values, error){
			scaling.Compensate, scaling.CompensateRescale, scaling.CompensateLoss,
		} {
			got, err := compensate(family, h, alpha, all...)
			if err != nil {
				t.Fatal(err)
			}
			for name, value := range h {
				exponent := termsByHand[name][i]
				switch name {
				case optim.LearningRate:
					exponent = byHand[family].eta[i]
				case optim.WeightDecay:
					exponent = byHand[family].decay[i]
				}
				if want := value * math.Pow(alpha, exponent); got[name] != want {
					t.Errorf("%s, operation %d: %s = %g becomes %g, by hand %g", family, i, name, value, got[name], want)
				}
			}
		}
	}
}

func TestWhatIsLeftOutIsCompensatedFromItsDefault(t *testing.T) {
	got, err := scaling.Compensate(optim.Adam, nil, 2)
	if err != nil {
		t.Fatal(err)
	}
	d := optim.Defaults(optim.Adam)
	if got[optim.LearningRate] != d[optim.LearningRate]/2 || got[optim.Epsilon] != 2*d[optim.Epsilon] || got[optim.Beta1] != d[optim.Beta1] {
		t.Errorf("%v from the defaults %v at α = 2", got, d)
	}
}

// The factors at α = 4, by hand: ∇_w is α times ∇_u, so an average of gradients is multiplied by 4 and one of squares by 16;
// LARS averages steps of w, and w = u/α.
func TestMomentsCarryTheirUnits(t *testing.T) {
	adam := map[string]float64{"first_moment": 4, "second_moment": 16}
	want := map[optim.Family]map[string]float64{
		optim.SGD:       {},
		optim.HeavyBall: {"velocity": 4},
		optim.Nesterov:  {"velocity": 4},
		optim.SignSGD:   {},
		optim.Lion:      {"first_moment": 4},
		optim.RMSProp:   {"second_moment": 16},
		optim.Adam:      adam,
		optim.AdamW:     adam,
		optim.Adagrad:   {"accumulator": 16},
		optim.Muon:      {"velocity": 4, "first_moment": 4, "second_moment": 16},
		optim.Adan:      {"first_moment": 4, "difference": 4, "previous_gradient": 4, "second_moment": 16},
		optim.LARS:      {"velocity": 0.25},
		optim.LAMB:      adam,
	}
	for _, family := range optim.Families() {
		got, err := scaling.CompensateMoments(family, 4)
		if err != nil || !maps.Equal(got, want[family]) {
			t.Errorf("%s: moments × %v (%v), not %v", family, got, err, want[family])
		}
	}
}

// Nothing that hangs on a condition comes without it.
func TestConditionsCannotBeMissed(t *testing.T) {
	clip := optim.Values{optim.ClipNorm: 1}
	for _, test := range []struct {
		name    string
		ask     func(...scaling.Condition) (optim.Values, error)
		missing []scaling.Condition
	}{
		{
			"clip", func(c ...scaling.Condition) (optim.Values, error) {
				return scaling.Compensate(optim.SGD, clip, 2, c...)
			},
			[]scaling.Condition{scaling.ClippedTogether},
		},
		{
			"LARS", func(c ...scaling.Condition) (optim.Values, error) {
				return scaling.Compensate(optim.LARS, nil, 2, c...)
			},
			[]scaling.Condition{scaling.NoZeroVariable},
		},
		{
			"LARS loss", func(c ...scaling.Condition) (optim.Values, error) {
				return scaling.CompensateLoss(optim.LARS, nil, 2, c...)
			},
			[]scaling.Condition{scaling.NoZeroVariable},
		},
		{
			"rescale", func(c ...scaling.Condition) (optim.Values, error) {
				return scaling.CompensateRescale(optim.SGD, nil, 2, c...)
			},
			[]scaling.Condition{scaling.NoNormEpsilon, scaling.FreshStatistics, scaling.BiasScaled},
		},
		{
			"range", func(c ...scaling.Condition) (optim.Values, error) {
				return scaling.Compensate(optim.SGD, nil, 1e20, c...)
			},
			[]scaling.Condition{scaling.InFloat64},
		},
	} {
		values, err := test.ask()
		var missing *scaling.ConditionError
		if !errors.As(err, &missing) || !slices.Equal(missing.Missing, test.missing) || values != nil {
			t.Errorf("%s: %v and error %v, expected nothing but %v", test.name, values, err, test.missing)
		}
		if _, err := test.ask(test.missing...); err != nil {
			t.Errorf("%s: with the conditions stated: %v", test.name, err)
		}
		if _, err := test.ask(test.missing[1:]...); err == nil {
			t.Errorf("%s: one condition left out goes unnoticed", test.name)
		}
	}
}

func TestCompensateRefuses(t *testing.T) {
	for _, test := range []struct {
		family optim.Family
		h      optim.Values
		alpha  float64
		says   string
	}{
		{"adamx", nil, 2, "adamx"},
		{optim.SGD, nil, 0, "α = 0"},
		{optim.SGD, nil, -1, "-1"},
		{optim.SGD, nil, math.NaN(), "NaN"},
		{optim.SGD, nil, math.Inf(1), "Inf"},
		{optim.SGD, nil, 1e-200, "α = 1e-200"},
		{optim.SGD, optim.Values{optim.Epsilon: 1e-8}, 2, "epsilon"},
		{optim.SGD, optim.Values{optim.LearningRate: -1}, 2, "learning_rate"},
	} {
		if got, err := scaling.Compensate(test.family, test.h, test.alpha); err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%+v: %v, error %v", test, got, err)
		}
	}
	if _, err := scaling.ScaleLearningRate("adamx", nil, 2); err == nil {
		t.Error("an unknown optimizer has a learning rate")
	}
}

// A hyperparameter that is switched off has nothing to compensate, whoever reads it.
func TestZerosOfOtherOptimizersAreLeftOut(t *testing.T) {
	got, err := scaling.Compensate(optim.SGD, optim.Values{optim.WeightDecay: 0}, 2)
	if err != nil {
		t.Fatal(err)
	}
	if _, there := got[optim.WeightDecay]; there {
		t.Errorf("%v has a weight decay that SGD does not read", got)
	}
}

// αᵖ·η by each optimizer's p, the exponent of its compensation by hand with the sign turned.
func TestEffectiveLearningRate(t *testing.T) {
	for _, family := range optim.Families() {
		for _, alpha := range []float64{8, 0.25} {
			got, err := scaling.EffectiveLearningRate(family, 0.5, alpha)
			if want := 0.5 * math.Pow(alpha, -byHand[family].eta[0]); err != nil || got != want {
				t.Errorf("%s at α = %g: %g and %v, want %g", family, alpha, got, err, want)
			}
		}
	}
	for name, call := range map[string]func() (float64, error){
		"α = 0":                func() (float64, error) { return scaling.EffectiveLearningRate(optim.SGD, 0.5, 0) },
		"an unknown optimizer": func() (float64, error) { return scaling.EffectiveLearningRate("sdg", 0.5, 2) },
	} {
		if got, err := call(); err == nil {
			t.Errorf("%s gives %g", name, got)
		}
	}
}

func TestScaleLearningRate(t *testing.T) {
	h := optim.Values{optim.Beta1: 0.5}
	got, err := scaling.ScaleLearningRate(optim.Adam, h, 3)
	if err != nil || got[optim.LearningRate] != 3*optim.Defaults(optim.Adam)[optim.LearningRate] || got[optim.Beta1] != 0.5 {
		t.Errorf("%v (%v)", got, err)
	}
	if _, changed := h[optim.LearningRate]; changed {
		t.Error("the caller's values were changed")
	}
}

// Adam on weights that a forward factor of 4 multiplies.
func ExampleCompensate() {
	h := optim.Values{optim.LearningRate: 0.001, optim.Epsilon: 1e-8, optim.L2: 0.01}
	fmt.Println(scaling.Compensate(optim.Adam, h, 4))
	// Output: beta1=0.9 beta2=0.999 epsilon=4e-08 l2=0.16 learning_rate=0.00025 <nil>
}
