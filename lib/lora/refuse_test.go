package lora_test

import (
	"math"
	"strings"
	"testing"

	"alphascale/lib/lora"
	"alphascale/lib/network"
	"alphascale/lib/optim"
	"alphascale/lib/scaling"
	"alphascale/lib/subject"

	"github.com/gomlx/compute/dtypes"
)

// says holds that an error is one sentence with some words.
func says(t *testing.T, err error, words string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), words) || strings.Contains(err.Error(), "\n") {
		t.Errorf("error %v does not say %q in one line", err, words)
	}
}

func TestAdaptersRefuse(t *testing.T) {
	hidden := scaling.Select("/layer_*/dense/weights")
	good := lora.Config{Weights: hidden, Rank: 4, Scale: lora.Hu(8)}
	for words, change := range map[string]func(c *lora.Config){
		"rank 0: A and B need":            func(c *lora.Config) { c.Rank = 0 },
		"rank -1":                         func(c *lora.Config) { c.Rank = -1 },
		"at most the rank of its shorter": func(c *lora.Config) { c.Rank = 33 },
		"choose a rank from 1 to 32":      func(c *lora.Config) { c.Rank = 64 },
		"A·B is a matrix: select":         func(c *lora.Config) { c.Weights = scaling.Biases() },
		"matches no trainable variable":   func(c *lora.Config) { c.Weights = scaling.Select("/layer_7/") },
		"no weights are selected":         func(c *lora.Config) { c.Weights = scaling.Nothing() },
		"selector \"layers\"":             func(c *lora.Config) { c.Weights = scaling.Select("layers") },
		"0/r^1 at rank 4":                 func(c *lora.Config) { c.Scale = lora.Hu(0) },
		"α = -1 is negative":              func(c *lora.Config) { c.Scale = lora.Fixed(-1) },
		"NaN/r^0.5":                       func(c *lora.Config) { c.Scale = lora.Kalajdzievski(math.NaN()) },
		"adapted and trained as it is":    func(c *lora.Config) { c.Trained = scaling.Under("/layer_0") },
		"\"/head/\"":                      func(c *lora.Config) { c.Trained = scaling.Under("/head") },
	} {
		c := good
		change(&c)
		_, err := lora.New(subject.Of(mlp.Model, half(t, 1)), c)
		says(t, err, words)
	}
	_, err := lora.New(subject.Of(mlp.Model, half(t, 1)), lora.Config{Rank: 1, Scale: lora.Fixed(1)})
	says(t, err, "no weights are selected")
	_, err = lora.New(subject.Of(nil, half(t, 1)), good)
	says(t, err, "needs a Model")
	kernels := lora.Config{Weights: scaling.Select("/layer_0/"), Rank: 1, Scale: lora.Fixed(1)}
	_, err = lora.New(subject.Of(network.CNN{Channels: []int{4}, Outputs: 10}.Model, half(t, 1)), kernels)
	says(t, err, "select matrices only")
}

func TestSettingsRefuse(t *testing.T) {
	a := adapter(t, 2, lora.Hu(4))
	s := a.Settings(nil, nil, 1)
	_, err := lora.Plus(s, 16)
	says(t, err, "no learning rate")
	s.Hyper = rate(0.1)
	for _, ratio := range []float64{0, -1, math.NaN(), math.Inf(1)} {
		_, err = lora.Plus(s, ratio)
		says(t, err, "give a positive ratio")
	}
	_, err = a.WithAlpha(values{}, 2)
	says(t, err, "no value of /lora/layer_0/dense/weights/alpha")
	_, err = a.WithAlpha(points(t, dtypes.Float32, 1), 0)
	says(t, err, "α = 0 destroys")
	_, err = a.WithAlpha(points(t, dtypes.Float32, 1), 1e-60)
	says(t, err, "alpha = 1e-60 becomes 0 in Float32")
}

func TestStartsRefuse(t *testing.T) {
	a := adapter(t, 2, lora.Hu(4))
	p := compiled(t, a, optim.SGD, 1, dtypes.Float32)
	_, err := a.Start(p, values{first: tensor(t, dtypes.Float32, []int{1, 1}, 1)}, 1)
	says(t, err, "give the values of the same model")
	_, err = a.Start(p, values{first: tensor(t, dtypes.Float64, []int{64, 32}, make([]float64, 64*32)...)}, 1)
	if err != nil {
		t.Errorf("values in another dtype: %v", err)
	}
	start, err := a.Start(p, nil, 1)
	if err != nil {
		t.Fatal(err)
	}
	_, err = a.AtRank(start, 3, lora.Hu(4))
	says(t, err, "rank 3 of an adapter that was made for 2")
	_, err = a.AtRank(start, 0, lora.Hu(4))
	says(t, err, "rank 0")
	_, err = a.AtRank(values{}, 1, lora.Hu(4))
	says(t, err, "no value of /lora/layer_0/dense/weights/alpha")
}

func TestMovesRefuse(t *testing.T) {
	a := adapter(t, 2, lora.Hu(4))
	_, _, err := lora.Move{Alpha: 0, A: 1}.Hyper(optim.SGD, rate(0.1))
	says(t, err, "α = 0")
	_, err = a.Moved(points(t, dtypes.Float32, 1), lora.Move{Alpha: 1, A: -1})
	says(t, err, "negative")
	_, err = a.Moved(values{}, lora.Move{Alpha: 1, A: 2})
	says(t, err, "no variable")
	_, err = a.Move(a.Settings(rate(0.1), nil, 1), optim.SGD, lora.Move{Alpha: 1, A: 2})
	says(t, err, "no variable")
	_, err = a.Move(a.Settings(rate(0.1), nil, 1), optim.LARS, lora.Move{Alpha: 1, A: 2})
	says(t, err, "NoZeroVariable")
	_, _, err = lora.Move{Alpha: 4, A: 1}.Hyper(optim.LAMB, rate(0.1))
	says(t, err, "NoZeroVariable")
	_, _, err = lora.Move{Alpha: 4, A: 2}.Hyper("adamant", rate(0.1))
	says(t, err, "adamant")
}

func TestLawsRefuse(t *testing.T) {
	for _, family := range []optim.Family{optim.Muon, optim.LARS, optim.LAMB} {
		_, err := lora.Hu(1).FirstStep(family)
		says(t, err, "whole matrix's step")
		_, err = lora.WidthPowers(-1, 0, family)
		says(t, err, "whole matrix's step")
	}
	_, err := lora.Hu(1).LearningRate("adamant")
	says(t, err, "adamant")
	_, err = lora.WidthPowers(-1, 0, optim.SGD)
	says(t, err, "does not go with the gradient")
	good := lora.Ranks{Subject: subject.Of(mlp.Model, half(t, 1)), Weights: scaling.Select(first), Scale: lora.Hu(1), Optimizer: optim.SGD, Ranks: []int{1, 2, 4}}
	for words, change := range map[string]func(r *lora.Ranks){
		"takes three or more":  func(r *lora.Ranks) { r.Ranks = []int{1, 2} },
		"rank 0":               func(r *lora.Ranks) { r.Ranks = []int{4, 0, 2} },
		"shorter side, 32":     func(r *lora.Ranks) { r.Ranks = []int{4, 8, 33} },
		"whole matrix's step":  func(r *lora.Ranks) { r.Optimizer = optim.Muon },
		"before the run diver": func(r *lora.Ranks) { r.Values = values{first: tensor(t, dtypes.Float32, []int{64, 32}, infinite()...)} },
	} {
		r := good
		change(&r)
		_, err := r.Run(t.Context())
		says(t, err, words)
	}
}

func infinite() []float64 {
	out := make([]float64, 64*32)
	out[0] = math.Inf(1)
	return out
}

func TestMergesRefuse(t *testing.T) {
	a, at := adapter(t, 4, lora.Hu(4)), points(t, dtypes.Float32, 1)
	_, _, err := a.Merge(values{first: at[first]})
	says(t, err, "no value of /lora/layer_0/dense/weights/weightsA")
	_, err = a.Unmerge(values{}, at)
	says(t, err, "no value of /layer_0/dense/weights")
	_, err = a.Update(at, "/output/dense/weights")
	says(t, err, "is not adapted: there are [/layer_0/dense/weights /layer_1/dense/weights]")
	_, err = a.Parts(first, make([]float64, 65), at, at)
	says(t, err, "give rows of 64")
	small := values{}
	for path, value := range at {
		small[path] = value
	}
	small[first] = tensor(t, dtypes.Float32, []int{1, 1}, 1)
	_, _, err = a.Merge(small)
	says(t, err, "the values of one model")
	big := points(t, dtypes.Float16, 1)
	big[lora.PathAlpha(first)] = tensor(t, dtypes.Float32, nil, 1e6)
	_, _, err = a.Merge(big)
	says(t, err, "an element of /layer_0/dense/weights")
}

// TestTablesAreWhole: every statement has its source with a link, and stands in the table.
func TestTablesAreWhole(t *testing.T) {
	table := lora.Table()
	if err := table.Check(); err != nil || len(table.Rows) != len(lora.Statements()) {
		t.Errorf("%d rows, %v", len(table.Rows), err)
	}
	seen := map[string]bool{}
	for _, s := range lora.Statements() {
		if s.Says == "" || s.Source == "" || s.Law == "" || !strings.HasPrefix(s.Link, "https://arxiv.org/abs/") || seen[s.ID] {
			t.Errorf("%+v", s)
		}
		seen[s.ID] = true
	}
}
