package claim

import (
	"slices"

	"alphascale/lib/scaling"
)

var g2 = Claim{
	ID:        "G2",
	Says:      "With a very large α gradients vanish and learning stops.",
	Operation: scaling.OpRescale,
	Found:     "They explode in a ReLU network of L rescaled layers, by α^(L−1), and under u = α·w, by α. They vanish before a normalisation, like 1/α, once saturating units are past their peak, and of correctly classified examples under scaled logits; those of misclassified ones grow like α.",
	Flips:     "a normalisation behind the weights, units that saturate, or which examples are looked at",
	experiments: slices.Concat(fallingGradients(gradientSettings(), []float64{1, 2, 5, 16, 64}),
		each(saturating, unitCase), each(saturating, saturatedLayer),
		[]experiment{correctCase, wrongCase}),
}
