package width_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"alphascale/lib/dataset"
	"alphascale/lib/network"
	"alphascale/lib/optim"
	"alphascale/lib/width"

	"github.com/gomlx/gomlx/ml/train"
)

func mlps(n int) train.ModelFn { return network.MLP{Hidden: []int{n, n}, Outputs: 10}.Model }

// TestFirstStep holds the exponents that the law of the unit gives against those of a float64 program in numpy and JAX, which multiplies
// out the same first step: fitted to widths 128 to 2048, four networks each, with steps of 1e-6 (a_mup2.py), the standard error beside.
func TestFirstStep(t *testing.T) {
	for _, test := range []struct {
		p      width.Parametrisation
		family optim.Family
		want   [3]float64 // input, hidden, output
		fitted [3]float64 // by the other program; 9 where it is not on record
	}{
		{width.Standard(), optim.SGD, [3]float64{0, 1, 1}, [3]float64{-0.004, 0.981, 0.986}},
		{width.Standard(), optim.Adam, [3]float64{0.5, 1.5, 1}, [3]float64{0.474, 1.465, 0.986}},
		{width.NTK(), optim.SGD, [3]float64{0, 0, 0}, [3]float64{9, 9, 9}},
		{width.NTK(), optim.Adam, [3]float64{0.5, 1, 0.5}, [3]float64{0.474, 0.965, 0.486}},
		{width.MaximalUpdate(), optim.SGD, [3]float64{}, [3]float64{9, 9, 9}},
		{width.MaximalUpdate(), optim.Adam, [3]float64{}, [3]float64{9, 9, 9}},
		{width.MaximalUpdate(), optim.SignSGD, [3]float64{}, [3]float64{9, 9, 9}},
		{width.MaximalUpdate(), optim.HeavyBall, [3]float64{}, [3]float64{9, 9, 9}},
	} {
		for i, role := range []width.Role{width.Input, width.Hidden, width.Output} {
			got, err := test.p.FirstStep(role, test.family)
			if err != nil || got != test.want[i] {
				t.Errorf("%s, %s, %s: n^%g, %v, want n^%g", test.p.Name, test.family, role, got, err, test.want[i])
			}
			if f := test.fitted[i]; f != 9 && (f < got-0.06 || f > got+0.06) {
				t.Errorf("%s, %s, %s: n^%g, and another program fits n^%g", test.p.Name, test.family, role, got, f)
			}
		}
	}
}

// TestTables holds the learning rates of MaximalUpdate against those of Yang et al. 2022, table 3: for the input n under SGD and 1 under
// Adam, for hidden layers 1 and 1/n, for the output 1/n and 1/n.
func TestTables(t *testing.T) {
	for family, rates := range map[optim.Family][3]float64{optim.SGD: {-1, 0, 1}, optim.Adam: {0, 1, 1}, optim.AdamW: {0, 1, 1}} {
		for i, role := range []width.Role{width.Input, width.Hidden, width.Output} {
			x, err := width.MaximalUpdate().Of(role, family)
			if err != nil || x.A != 0 || x.B != []float64{0, 0.5, 1}[i] || x.C != rates[i] {
				t.Errorf("%s, %s: %+v, %v, want c = %g", family, role, x, err, rates[i])
			}
		}
	}
	// A shift changes no first step; one with a wrong p does.
	x := width.ABC{A: 0.5, B: 0, C: 0}
	if got, err := x.Shifted(-0.5, optim.SGD); err != nil || got != (width.ABC{A: 0, B: 0.5, C: 1}) {
		t.Errorf("shifted by −½ under SGD: %+v, %v", got, err)
	}
	if got, err := x.Shifted(-0.5, optim.Adam); err != nil || got != (width.ABC{A: 0, B: 0.5, C: 0.5}) {
		t.Errorf("shifted by −½ under Adam: %+v, %v", got, err)
	}
}

// TestCoordinates makes the check of an MLP that is as it should be, and of ones with a bug, each of which is refuted: the multiplier of
// the last layer left out, a learning rate with the exponent of another optimizer, and weights of the last layer as by default.
func TestCoordinates(t *testing.T) {
	ntk, mup := width.NTK(), width.MaximalUpdate()
	changed := func(p width.Parametrisation, of width.Role, change func(x *width.ABC)) width.Parametrisation {
		return p.With("with a bug", func(role width.Role, x *width.ABC) {
			if role == of {
				change(x)
			}
		})
	}
	for name, test := range map[string]struct {
		family optim.Family
		says   width.Parametrisation // what is predicted
		does   width.Parametrisation
		wrong  []string // roles whose layers are refuted
	}{
		"SP under SGD":  {optim.SGD, width.Standard(), width.Standard(), nil},
		"μP under Adam": {optim.Adam, mup, mup, nil},
		"NTK under SGD without the last multiplier": {
			optim.SGD, ntk, changed(ntk, width.Output, func(x *width.ABC) { x.A = 0 }),
			[]string{"vector", "input", "hidden", "output"},
		},
		"μP under Adam with SGD's rate of the input": {optim.Adam, mup, changed(mup, width.Input, func(x *width.ABC) { x.C = -1 }), []string{"input"}},
		"μP under Adam with the last layer drawn as in SP": {
			optim.Adam, mup, changed(mup, width.Output, func(x *width.ABC) { x.B = 0.5 }),
			[]string{"vector", "input", "hidden"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			check := width.Check{
				Family: width.Family{Models: mlps, Optimizer: test.family, Parametrisation: test.does},
				Data:   dataset.Digits(), Widths: []int{64, 96, 128, 192, 256, 384, 512},
			}
			layers, err := check.Run(t.Context())
			if err != nil || len(layers) != 5 {
				t.Fatalf("%d layers, %v, want two weights and biases each and the last weights", len(layers), err)
			}
			for _, l := range layers {
				if l.Fit.Predicted, err = test.says.FirstStep(l.Role, test.family); err != nil {
					t.Fatal(err)
				}
				refuted := slices.Contains(test.wrong, l.Role.String())
				if c := l.Check(); c.Refuted() != refuted || c.Holds() == refuted {
					t.Errorf("%s, want it refuted: %v", c, refuted)
				}
			}
		})
	}
}

func TestRoles(t *testing.T) {
	narrow := map[string][]int{"in": {64, 8}, "hidden": {8, 8}, "out": {8, 10}, "bias": {8}, "last bias": {10}, "kernel": {3, 3, 8, 8}}
	wide := map[string][]int{"in": {64, 16}, "hidden": {16, 16}, "out": {16, 10}, "bias": {16}, "last bias": {10}, "kernel": {3, 3, 16, 16}}
	got, err := width.Roles(narrow, wide)
	want := map[string]width.Role{
		"in": width.Input, "hidden": width.Hidden, "out": width.Output, "bias": width.Vector, "last bias": width.Fixed, "kernel": width.Hidden,
	}
	if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%v, %v, want %v", got, err, want)
	}
	for says, other := range map[string]map[string][]int{
		"may shrink":        {"in": {64, 4}},
		"dimensions":        {"in": {64, 8, 1}},
		"differs in widths": {"in": {64, 16}, "more": {1}},
	} {
		if _, err := width.Roles(map[string][]int{"in": {64, 8}}, other); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v: %v, want a word on %s", other, err, says)
		}
	}
}

func TestChecksThatCannotBeMade(t *testing.T) {
	good := width.Check{Family: width.Family{Models: mlps, Optimizer: optim.SGD, Parametrisation: width.Standard()}, Data: dataset.Digits()}
	for says, change := range map[string]func(c *width.Check){
		"three or more":       func(c *width.Check) { c.Widths = []int{64, 128} },
		"in increasing order": func(c *width.Check) { c.Widths = []int{128, 64, 256} },
		"a function of":       func(c *width.Check) { c.Models = nil },
		"width.Standard()":    func(c *width.Check) { c.Parametrisation = width.Parametrisation{} },
		"whole matrix's step": func(c *width.Check) { c.Optimizer, c.Widths, c.Seeds = optim.Muon, []int{4, 8, 16}, 1 },
		"hidden layer 0": func(c *width.Check) {
			c.Widths = []int{1, 2, 3}
			c.Models = func(n int) train.ModelFn { return mlps(n - 1) }
		},
	} {
		c := good
		change(&c)
		if _, err := c.Run(t.Context()); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v, want a word on %s", err, says)
		}
	}
}

func TestPowers(t *testing.T) {
	table, err := width.Powers([]width.Parametrisation{width.Standard(), width.MaximalUpdate()}, optim.SGD, optim.Adam)
	if err != nil || table.Check() != nil || fmt.Sprint(table.Rows) != "[[SP sgd 0 1 1] [SP adam 0.5 1.5 1] [μP sgd 0 0 0] [μP adam 0 0 0]]" {
		t.Errorf("%v, %v", table.Rows, err)
	}
	if _, err := width.Powers([]width.Parametrisation{width.Standard()}, optim.Muon); err == nil {
		t.Error("a table with muon")
	}
}
