package claim

import (
	"alphascale/lib/scaling"
)

var g5 = Claim{
	ID:          "G5",
	Says:        "The table: α > 1 lowers gradients, α < 1 raises them.",
	Operation:   scaling.OpRescale,
	Found:       "Exactly so, by 1/α, for weights before a normalisation. The other way round by α under u = α·w, as the article's own formula has it, and by α^(L−1) in a ReLU network of L rescaled layers.",
	Flips:       "no normalisation behind the rescaled weights",
	experiments: fallingGradients(append(gradientSettings(), layerNormSetting()), fewAlphas),
}
