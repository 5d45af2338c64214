package claim

import (
	"slices"

	"alphascale/lib/scaling"
	"alphascale/lib/training"
)

var g2 = Claim{
	ID:        "G2",
	Chapter:   "03_vanishing_exploding",
	Says:      "With a very large α gradients vanish and learning stops.",
	Operation: scaling.OpRescale,
	Found:     "They explode in a ReLU network of D rescaled layers, by α^(D−1), D its depth, and under u = α·w, by α. They vanish, like 1/α, where the scale is taken back, by a normalisation or by the next layer, once saturating units are past their peak, and of correctly classified examples under scaled logits; those of misclassified ones grow like α. A network whose layer has α = 64 at the same η fails because its steps are 4096 times as long. And a vanishing gradient stops SGD, or Adam by its ε, but not Adam.",
	experiments: slices.Concat(fallingGradients(gradientSettings(), []float64{1, 2, 5, 16, 64}),
		each(saturating, unitCase), each(saturating, saturatedLayer), []experiment{correctCase, wrongCase},
		[]experiment{extremeCase(64, func(run *training.Run) bool { return !learns(run) })}, vanishedCases()),
}
