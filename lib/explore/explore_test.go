package explore_test

import (
	"math"
	"strings"
	"testing"

	"alphascale/lib/explore"
	"alphascale/lib/network"
	"alphascale/lib/optim"
	"alphascale/lib/training"
)

func start() explore.Point {
	return explore.Point{Alpha: 4, LearningRate: 0.02, Depth: 3, Activation: "relu", Optimizer: optim.SGD}
}

// TestView compares what is seen with the laws: from the same function the gradient is α times as large and SGD trains at
// α²η. From the same weights it grows by about α^L in a ReLU network of L layers, and normalised layers take all of that
// away but the output layer's factor α; the loss makes both inexact.
func TestView(t *testing.T) {
	e := explore.New()
	defer e.Close()
	v, err := e.At(t.Context(), start())
	if err != nil {
		t.Fatal(err)
	}
	for layer, predicted := range v.Predicted[0].Ys {
		if measured := v.Gradients[1].Ys[layer]; math.Abs(measured/predicted-1) > 1e-5 {
			t.Errorf("layer %d: gradient norm %g, the law says %g", layer+1, measured, predicted)
		}
	}
	if len(v.Gradients[0].Ys) != 4 {
		t.Errorf("%d layers of 4", len(v.Gradients[0].Ys))
	}
	if !strings.Contains(v.Summary, "α²·η = 0.32") {
		t.Error(v.Summary)
	}
	if plain := growth(t, e, network.NoNorm); plain < 50 {
		t.Errorf("the first layer's gradient grew by %g with α = 4 in four layers", plain)
	}
	if normalised := growth(t, e, network.BatchNorm); normalised > 8 {
		t.Errorf("the gradient of a normalised layer grew by %g with α = 4", normalised)
	}
}

// growth is by how much α = 4 multiplies the gradient of the first layer, from the same weights.
func growth(t *testing.T, e *explore.Explorer, norm network.Normalisation) float64 {
	t.Helper()
	at := start()
	at.Start, at.Norm = training.KeepWeights, norm
	v, err := e.At(t.Context(), at)
	if err != nil {
		t.Fatal(err)
	}
	if len(v.Predicted) != 0 {
		t.Error("a prediction of the loss gradient at another function")
	}
	return v.Gradients[1].Ys[0] / v.Gradients[0].Ys[0]
}

// TestWrongKnobs names what is wrong.
func TestWrongKnobs(t *testing.T) {
	e := explore.New()
	defer e.Close()
	for want, change := range map[string]func(*explore.Point){
		"α":             func(p *explore.Point) { p.Alpha = 0 },
		"learning rate": func(p *explore.Point) { p.LearningRate = math.NaN() },
		"13 hidden":     func(p *explore.Point) { p.Depth = 13 },
		"soft":          func(p *explore.Point) { p.Activation = "soft" },
		"sdg":           func(p *explore.Point) { p.Optimizer = "sdg" },
	} {
		p := start()
		change(&p)
		if _, err := e.At(t.Context(), p); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, want an error that names %q", p, err, want)
		}
	}
}

// BenchmarkAt is a move of the α slider.
func BenchmarkAt(b *testing.B) {
	e := explore.New()
	defer e.Close()
	p := start()
	for b.Loop() {
		p.Alpha *= 1.001
		if _, err := e.At(b.Context(), p); err != nil {
			b.Fatal(err)
		}
	}
}
