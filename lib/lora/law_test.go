package lora_test

import (
	"fmt"
	"testing"

	"alphascale/lib/internal/testkit"
	"alphascale/lib/judge"
	"alphascale/lib/lora"
	"alphascale/lib/optim"
	"alphascale/lib/training"

	"github.com/gomlx/compute/dtypes"
)

// TestAlphaIsAMove: a multiplier of 4^k is a start 2^k times as large and another learning rate, or with A as it was another one of B
// alone: 40 losses agree in every bit. A power of the rate that is a tenth off, and the rate that people take, do not do.
func TestAlphaIsAMove(t *testing.T) {
	for _, test := range []struct {
		family optim.Family
		h      optim.Values
	}{
		{optim.SGD, rate(0.05)},
		{optim.Adam, rate(0.002)},
		{optim.HeavyBall, rate(0.01)},
		{optim.AdamW, optim.Values{optim.LearningRate: 0.002, optim.WeightDecay: 0.1, optim.Epsilon: 1e-3}},
	} {
		a := adapter(t, 4, lora.Fixed(1))
		p := compiled(t, a, test.family, 40, dtypes.Float32)
		all := testkit.Must[values](t)(a.Start(p, pretrained(t), 1))
		for _, alpha := range []float64{4, 16, 1. / 4} {
			from := testkit.Must[values](t)(a.WithAlpha(all, alpha))
			want := run(t, p, a.Settings(test.h, from, 1)).Loss
			same := func(m lora.Move, tilt float64) []float64 {
				moved := testkit.Must[training.Settings](t)(a.Move(a.Settings(test.h, from, 1), test.family, m))
				forB := moved.Groups[lora.GroupB].Hyper
				return run(t, p, lora.WithRates(moved, moved.Groups[lora.GroupA].Hyper, forB.With(optim.LearningRate, forB[optim.LearningRate]*tilt))).Loss
			}
			root := map[float64]float64{4: 2, 16: 4, 1. / 4: 1. / 2}[alpha]
			for name, m := range map[string]lora.Move{"both": {1 / alpha, root}, "B alone": {1 / alpha, 1}, "A alone": {1 / alpha, alpha}} {
				what := fmt.Sprintf("%s, alpha %g into %s: losses that differ", test.family, alpha, name)
				if c := judge.Identical(what, want, same(m, 1)); !c.Holds() {
					t.Error(c)
				}
				if c := judge.Identical(what+" (control)", want, same(m, 1.1)); !c.Refuted() {
					t.Error(c)
				}
			}
			// "alpha multiplies the learning rate", with A as it was drawn.
			kept := testkit.Must[values](t)(a.WithAlpha(all, 1))
			for _, power := range []float64{alpha, alpha * alpha} {
				h := test.h.With(optim.LearningRate, test.h[optim.LearningRate]*power)
				if c := judge.Identical("one rate for both", want, run(t, p, a.Settings(h, kept, 1)).Loss); !c.Refuted() {
					t.Error(c)
				}
			}
		}
	}
}

// TestMoveInMidTraining goes on after 20 steps with the multiplier moved, moments and all.
func TestMoveInMidTraining(t *testing.T) {
	a := adapter(t, 4, lora.Hu(16))
	p := compiled(t, a, optim.Adam, 40, dtypes.Float32)
	s := a.Settings(rate(0.002), pretrained(t), 1)
	whole := run(t, p, s).Loss
	s.Steps, s.Keep = 20, true
	middle := run(t, p, s).Final
	m := lora.Move{Alpha: 1 / a.Alpha(), A: 2}
	forA, forB, err := m.Hyper(optim.Adam, rate(0.002))
	if err != nil {
		t.Fatal(err)
	}
	goOn := lora.WithRates(training.Settings{Alpha: 1, Start: training.KeepWeights, Hyper: rate(0.002), Steps: 20}, forA, forB)
	goOn.Initial = testkit.Must[values](t)(a.Moved(middle, m))
	if c := judge.Identical("losses that differ after the move", whole[20:], run(t, p, goOn).Loss); !c.Holds() {
		t.Error(c)
	}
	goOn.Initial = middle
	if c := judge.Identical("control: nothing moved but the rates", whole[20:], run(t, p, goOn).Loss); !c.Refuted() {
		t.Error(c)
	}
}
