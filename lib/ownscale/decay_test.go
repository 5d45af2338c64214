package ownscale_test

import (
	"math"
	"testing"

	"alphascale/lib/backend"
	"alphascale/lib/dataset"
	"alphascale/lib/instrument"
	"alphascale/lib/internal/testkit"
	"alphascale/lib/law"
	"alphascale/lib/network"
	"alphascale/lib/optim"
	"alphascale/lib/ownscale"
	"alphascale/lib/subject"
	"alphascale/lib/training"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/stat"
)

const (
	first = "/layer_0/dense/weights"
	steps = 200
)

// kept trains digits and returns what is left of the weights that no pixel reaches.
func kept(t *testing.T, family optim.Family, h optim.Values, terms ...optim.Hyper) float64 {
	t.Helper()
	data := dataset.Digits()
	p := testkit.Must[*training.Program](t)(training.Compile(training.Config{
		Subject: subject.Of(network.MLP{Hidden: []int{16}, Outputs: 10}.Model, data), Optimizer: optim.New(family, terms...), Steps: steps,
	}))
	defer p.Finalize()
	start, err := p.Initial(1)
	if err != nil {
		t.Fatal(err)
	}
	run := testkit.Must[*training.Run](t)(p.Run(training.Settings{Alpha: 1, Hyper: h, Seed: 1, Keep: true}))
	return testkit.Must[float64](t)(ownscale.Kept(start[first], run.Final[first], ownscale.Unreached(data)))
}

// TestShares holds what decay leaves of weights without a gradient, in a training of digits, against the share that units give; the
// powers of η are by hand.
func TestShares(t *testing.T) {
	for _, test := range []struct {
		family optim.Family
		hyper  optim.Hyper
		h      optim.Values
		power  int
		terms  []optim.Hyper
	}{
		{optim.AdamW, optim.WeightDecay, optim.Values{optim.LearningRate: 0.01, optim.WeightDecay: 0.5}, 1, nil},
		{optim.Lion, optim.WeightDecay, optim.Values{optim.LearningRate: 0.002, optim.WeightDecay: 2}, 1, nil},
		{optim.Adan, optim.WeightDecay, optim.Values{optim.LearningRate: 0.005, optim.WeightDecay: 1}, 1, nil},
		{optim.SGD, optim.L2, optim.Values{optim.LearningRate: 0.1, optim.L2: 0.05}, 1, []optim.Hyper{optim.L2}},
		{ownscale.PaperAdamW, ownscale.IndependentDecay, optim.Values{optim.LearningRate: 0.01, ownscale.IndependentDecay: 0.005}, 0, nil},
		{ownscale.PaperAdamW, ownscale.IndependentDecay, optim.Values{optim.LearningRate: 0.001, ownscale.IndependentDecay: 0.005}, 0, nil},
	} {
		d := testkit.Must[ownscale.Decay](t)(ownscale.DecayOf(test.family, test.hyper))
		share := testkit.Must[float64](t)(d.Share(test.h))
		want, got := math.Pow(1-share, steps), kept(t, test.family, test.h, test.terms...)
		if d.Power != test.power || math.Abs(math.Log(got/want)) > 1e-4 {
			t.Errorf("%s: a share λ·η^%d, %.6f is left after %d steps, want λ·η^%d and %.6f", test.family, d.Power, got, steps, test.power, want)
		}
		if wrong := math.Pow(1-share, steps*1.1); math.Abs(math.Log(got/wrong)) < 1e-2 {
			t.Errorf("%s: %.6f is what another share leaves too", test.family, got)
		}
		memory := testkit.Must[float64](t)(ownscale.MemoryOf(got, steps))
		if by := testkit.Must[float64](t)(law.Memory(share)); math.Abs(memory/by-1) > 1e-3 {
			t.Errorf("%s: a memory of %.2f steps, want %.2f", test.family, memory, by)
		}
	}
}

// TestMomentumLengthensTheShare: under heavy ball the share is ηλ/(1−β) in the long run, to its square.
func TestMomentumLengthensTheShare(t *testing.T) {
	h := optim.Values{optim.LearningRate: 0.005, optim.Momentum: 0.75, optim.L2: 0.1}
	d := testkit.Must[ownscale.Decay](t)(ownscale.DecayOf(optim.HeavyBall, optim.L2))
	share := testkit.Must[float64](t)(d.Share(h))
	got := kept(t, optim.HeavyBall, h, optim.L2)
	if want := math.Pow(1-share, steps); share != 0.002 || math.Abs(got/want-1) > 0.02 || math.Abs(got-math.Pow(1-0.0005, steps)) < 0.1 {
		t.Errorf("a share of %g, %.4f is left, want 0.002 and %.4f", share, got, want)
	}
}

// TestNoTimeScale: λ in the gradient under Adam takes steps of η whatever λ is, so units give it no share, and what is left of weights
// without a gradient is not what ηλ leaves.
func TestNoTimeScale(t *testing.T) {
	left := func(lambda float64) float64 {
		return kept(t, optim.Adam, optim.Values{optim.LearningRate: 1e-4, optim.L2: lambda, optim.Epsilon: 1e-14}, optim.L2)
	}
	if a, b := left(0.01), left(0.1); math.Abs(a/b-1) > 1e-3 || a > 0.97 {
		t.Errorf("with ten times the λ %.4f is left and not %.4f: Adam is to divide λ out", b, a)
	}
}

// TestNoiseIsThatOfAnIndependentProgram holds trainings on noise against the closed forms and what another program measured.
func TestNoiseIsThatOfAnIndependentProgram(t *testing.T) {
	for _, row := range elsewhere(t, "decay.csv") {
		eta, lambda, theirs := number(t, row[1]), number(t, row[2]), number(t, row[3])
		var got, want, tolerance float64
		switch row[0] {
		case "square":
			weights := 1000
			c := testkit.Must[training.Config](t)(ownscale.Noise(weights, int(8/(eta*lambda)), 1, false))
			c.Optimizer = optim.New(optim.Lion) // without memory the sign of the gradient
			run := trained(t, c, optim.Values{optim.LearningRate: eta, optim.WeightDecay: lambda, optim.Beta1: 0, optim.Beta2: 0})
			w := testkit.Must[[]float64](t)(backend.Floats(run.Final[ownscale.NoiseWeights]))
			got = floats.Dot(w, w) / float64(weights)
			want = testkit.Must[float64](t)(law.DecayedSquare(eta, eta*lambda))
			tolerance = 3 * math.Sqrt(2./1000+2./20000)
		default:
			c := testkit.Must[training.Config](t)(ownscale.Noise(400, int(12/(eta*lambda)), 2, true))
			c.Optimizer, c.Instruments = optim.New(optim.SGD, optim.L2), []instrument.Instrument{instrument.WeightNorm(), instrument.StepAngle()}
			run := trained(t, c, optim.Values{optim.LearningRate: eta, optim.L2: lambda})
			name := instrument.WeightNorm().Name
			want = testkit.Must[float64](t)(law.EquilibriumNorm(eta, lambda, 1))
			if row[0] == "angle" {
				name = instrument.StepAngle().Name
				want = testkit.Must[float64](t)(law.EquilibriumAngle(law.GradientDescent, eta, lambda, 0))
			}
			all := testkit.Must[[]float64](t)(run.Recorded(name, ownscale.NoiseWeights))
			got, tolerance = stat.Mean(all[len(all)*7/10:], nil), 0.02
		}
		if math.Abs(got/theirs-1) > tolerance || math.Abs(got/want-1) > tolerance {
			t.Errorf("%v: %.5f, closed form %.5f: more than %.3f apart", row, got, want, tolerance)
		}
		if math.Abs(got/(1.25*want)-1) < tolerance {
			t.Errorf("%v: a law a quarter off passes too", row)
		}
	}
}

func trained(t *testing.T, c training.Config, h optim.Values) *training.Run {
	t.Helper()
	p := testkit.Must[*training.Program](t)(training.Compile(c))
	defer p.Finalize()
	return testkit.Must[*training.Run](t)(p.Run(training.Settings{Alpha: 1, Hyper: h, Seed: 1, Keep: true}))
}
