package claim

import (
	"context"
	"fmt"

	"alphascale/lib/lab"
	"alphascale/lib/ownscale"

	"alphascale/lib/judge"
	"alphascale/lib/optim"
	"alphascale/lib/result"
	"alphascale/lib/scaling"
)

var os3 = Claim{
	ID:          "OS3",
	Chapter:     "14_own_scales",
	Says:        "Muon's update needs no scaling with the width.",
	By:          "nanochat, pull request 644, and others",
	Link:        "https://github.com/karpathy/nanochat/pull/644",
	Setting:     []Fact{{Layer, ownscale.HiddenLayer.Name}, {Rate, factorOf(optim.MuonJordan())}},
	Operation:   scaling.OpScaleLearningRate,
	Words:       []Word{{"Muon's update", Optimizer, []string{string(optim.Muon)}}},
	Found:       "Of a square matrix it needs none: a step changes what the layer puts out by n⁰, where Adam's does by n¹. Of others it needs √(out/in): without a factor n^−½ of a first layer and n^½ of a last one. √max(1, out/in) leaves n^½ of the last, and 0.2·√max(in, out), which is to have Adam's size, n^½ of a square one.",
	experiments: each(muonLayers(), muonCase),
}

// muonLayer is a factor on a kind of layer, and the family whose step there goes with another power of the width.
type muonLayer struct {
	family optim.Family
	factor optim.MuonFactor
	shape  ownscale.Shape
	other  optim.Family
}

func muonLayers() []muonLayer {
	plain, jordan, spectral, moonlight := optim.MuonPlain(), optim.MuonJordan(), optim.MuonSpectral(), optim.MuonMoonlight()
	return []muonLayer{
		{ownscale.MuonJordan, jordan, ownscale.HiddenLayer, optim.Adam},
		{ownscale.MuonPlain, plain, ownscale.InputLayer, ownscale.MuonJordan},
		{ownscale.MuonJordan, jordan, ownscale.InputLayer, ownscale.MuonPlain},
		{ownscale.MuonJordan, jordan, ownscale.OutputLayer, ownscale.MuonSpectral},
		{ownscale.MuonSpectral, spectral, ownscale.OutputLayer, ownscale.MuonJordan},
		{ownscale.MuonMoonlight, moonlight, ownscale.HiddenLayer, optim.Adam},
		{optim.Adam, plain, ownscale.HiddenLayer, ownscale.MuonMoonlight},
	}
}

func factorOf(f optim.MuonFactor) string { return "the step times " + f.Name }

// muonCase measures by which power of the width a step changes what a layer puts out, with a factor on the step, that is, on η. The
// other family's step on this layer, held against the same power, is the control.
func muonCase(ctx context.Context, l *lab.Lab, m muonLayer) (Case, error) {
	name := "muon"
	if m.family == optim.Adam {
		name = string(optim.Adam)
	}
	c := Case{
		Setting: fmt.Sprintf("η ← c·η, c = %s, %s, a layer %s", m.factor.Name, name, m.shape.Name), Law: "I: c·√(in/out); Yang, Simon & Bernstein 2023",
		Facts: facts(scaling.OpScaleLearningRate, OneLayer, Fact{Optimizer, name}, Fact{Layer, m.shape.Name}, Fact{Rate, factorOf(m.factor)}),
	}
	fit, err := featuresOf(ctx, l, m.family, m.shape)
	if err != nil {
		return c, err
	}
	if fit.Predicted, err = l.Predict(fit.Predicted, nil); err != nil {
		return c, err
	}
	other, err := featuresOf(ctx, l, m.other, m.shape)
	if err != nil {
		return c, err
	}
	other.Predicted = fit.Predicted
	const what = "exponent in n of the change of the layer's outputs"
	check := ownscale.Check(what, fit)
	c.Checks = []judge.Check{check}
	c.Controls = []judge.Check{check.Control("control: "+what, fit.Predicted-lab.WrongBy), ownscale.Check("control: the same, by "+string(m.other), other)}
	c.Agrees = ownscale.Check(what, withPrediction(fit, 0)).Holds()
	c.Fits = []result.Fit{fit}
	return c, nil
}

func withPrediction(fit result.Fit, predicted float64) result.Fit {
	fit.Predicted = predicted
	return fit
}

// featuresOf is the measurement with its prediction. Where the lab puts another operation in the place of a factor on η, the step has
// none; the prediction stays.
func featuresOf(ctx context.Context, l *lab.Lab, family optim.Family, shape ownscale.Shape) (result.Fit, error) {
	f := ownscale.Features{Optimizer: family, Shape: shape}
	predicted, err := f.Power()
	if err != nil {
		return result.Fit{}, err
	}
	if family != optim.Adam && l.Operation(scaling.OpScaleLearningRate) != scaling.OpScaleLearningRate {
		f.Optimizer = ownscale.MuonPlain
	}
	fits, err := l.Fits(fmt.Sprintf("features %s %s", f.Optimizer, shape.Name), func() ([]result.Fit, error) {
		fit, err := f.Run(ctx)
		return []result.Fit{fit}, err
	})
	if err != nil {
		return result.Fit{}, err
	}
	return withPrediction(fits[0], predicted), nil
}
