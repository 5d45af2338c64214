package result_test

import (
	"math"
	"strings"
	"testing"

	"alphascale/lib/result"
)

func TestLabel(t *testing.T) {
	for _, test := range []struct {
		q    result.Quantity
		want string
	}{
		{result.LearningRate(), "learning rate η"},
		{result.Loss(), "loss (nats)"},
		{result.Quantity{Name: "angle", Symbol: "∠", Unit: "rad"}, "angle ∠ (rad)"},
		{result.Step(), "step"},
	} {
		if got := test.q.Label(); got != test.want {
			t.Errorf("got %q, want %q", got, test.want)
		}
	}
}

func TestQuantityCheck(t *testing.T) {
	for _, q := range []result.Quantity{{}, {Symbol: "η"}, {Name: "loss (nats)"}, {Name: "rate, η"}, {Name: "two\nlines"}, {Name: " loss"}} {
		if q.Check() == nil {
			t.Errorf("%+v: no error", q)
		}
	}
	if err := (result.Quantity{Name: "update-to-weight ratio", Symbol: "‖Δw‖/‖w‖"}).Check(); err != nil {
		t.Error(err)
	}
}

func TestSeriesCheck(t *testing.T) {
	good := result.Series{X: result.Step(), Y: result.Loss(), Xs: []float64{0, 1}, Ys: []float64{1, math.NaN()}}
	if err := good.Check(); err != nil {
		t.Error(err)
	}
	for name, spoil := range map[string]func(*result.Series){
		"2 Xs and 1 Ys":     func(s *result.Series) { s.Ys = s.Ys[:1] },
		"no name":           func(s *result.Series) { s.Y = result.Quantity{} },
		"finite x":          func(s *result.Series) { s.Xs = []float64{0, math.NaN()} },
		"for every point":   func(s *result.Series) { s.Lower = []float64{0, 0} },
		"swap":              func(s *result.Series) { s.Lower, s.Upper = []float64{2, 0}, []float64{1, 0} },
		"finite multiplier": func(s *result.Series) { s.Alpha = math.Inf(1) },
	} {
		bad := good
		spoil(&bad)
		if err := bad.Check(); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("error %v, want one that says %q", err, name)
		}
	}
}

func TestGridCheck(t *testing.T) {
	good := func() result.Grid {
		return result.Grid{
			X: result.Alpha(), Y: result.LearningRate(), Z: result.Loss(),
			Xs: []float64{1, 2}, Ys: []float64{1}, Zs: [][]float64{{0, math.Inf(1)}},
		}
	}
	if err := good().Check(); err != nil {
		t.Error(err)
	}
	for says, spoil := range map[string]func(*result.Grid){
		"no Xs":             func(g *result.Grid) { g.Xs = nil },
		"sort the axis":     func(g *result.Grid) { g.Xs = []float64{2, 1} },
		"finite values":     func(g *result.Grid) { g.Ys = []float64{math.NaN()} },
		"0 rows":            func(g *result.Grid) { g.Zs = nil },
		"row 0 has 1":       func(g *result.Grid) { g.Zs = [][]float64{{1}} },
		"Z: quantity":       func(g *result.Grid) { g.Z = result.Quantity{} },
		"does not exceed":   func(g *result.Grid) { g.Xs = []float64{1, 1} },
		"axis holds finite": func(g *result.Grid) { g.Xs = []float64{1, math.Inf(1)} },
	} {
		bad := good()
		spoil(&bad)
		if err := bad.Check(); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("error %v, want one that says %q", err, says)
		}
	}
}

func TestNumbers(t *testing.T) {
	for _, test := range []struct{ got, want string }{
		{result.Power(0.125), "2⁻³"},
		{result.Power(1), "1"},
		{result.Power(1024), "2¹⁰"},
		{result.Power(0.3), "0.3"},
		{result.Power(-2), "−2"},
		{result.Power(0), "0"},
		{result.Number(0.05, -1), "0.05"},
		{result.Number(1.5e7, -1), "1.5·10⁷"},
		{result.Number(-3e-9, -1), "−3·10⁻⁹"},
		{result.Number(2.0/3, 3), "0.667"},
		{result.Number(1234.6, 2), "1235"},
		{result.Number(0.0123456, 3), "0.0123"},
		{result.Number(math.NaN(), 3), "–"},
		{result.Number(math.Inf(-1), 3), "−∞"},
		{result.Number(0, 3), "0"},
		{result.Superscript(-1250), "⁻¹²⁵⁰"},
	} {
		if test.got != test.want {
			t.Errorf("got %q, want %q", test.got, test.want)
		}
	}
}
