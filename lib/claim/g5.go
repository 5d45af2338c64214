package claim

import (
	"alphascale/lib/scaling"
)

var g5 = Claim{
	ID:          "G5",
	Chapter:     "02_gradients",
	Says:        "The table: α > 1 lowers gradients, α < 1 raises them.",
	Operation:   scaling.OpRescale,
	Found:       "Exactly so, by 1/α, where the scale is taken back: by a normalisation behind all the weights, or by the next layer. The other way round by α under u = α·w, as the article's own formula has it, and by α^(D−1) in a ReLU network of D rescaled layers. In a pre-norm transformer no single matrix obeys it, and what writes into the stream does, all of it together.",
	experiments: append(fallingGradients(append(gradientSettings(), layerNormSetting()), fewAlphas), streamCase, singleMatrixCase),
}
