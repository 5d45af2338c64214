package claim

import (
	"alphascale/lib/law"
	"alphascale/lib/scaling"
)

var g2 = Claim{
	ID:        "G2",
	Says:      "With a very large α gradients vanish and learning stops.",
	Operation: scaling.OpRescale,
	Found:     "They explode in a ReLU network of L rescaled layers, by α^(L−1), and under u = α·w, by α. They vanish before a normalisation, like 1/α, once saturating units are past their peak, and of correctly classified examples under scaled logits; those of misclassified ones grow like α.",
	Flips:     "a normalisation behind the weights, units that saturate, or which examples are looked at",
	judge:     judgeG2,
}

func judgeG2(l *Lab) ([]Case, error) {
	cases, err := l.gradientCases([]float64{1, 2, 5, 16, 64})
	if err != nil {
		return cases, err
	}
	for _, unit := range []law.Unit{law.Tanh, law.Logistic} {
		c, err := l.unitCase(unit)
		if err != nil {
			return cases, err
		}
		cases = append(cases, c)
	}
	layer, err := l.saturatedLayer()
	if err != nil {
		return cases, err
	}
	examples, err := l.temperatureCases()
	return append(append(cases, layer), examples...), err
}
