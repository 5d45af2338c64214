package claim

import "alphascale/lib/result"

// Sentence is one more sentence of the article, which a claim of the ledger settles along with its own.
type Sentence struct {
	Says  string // in short
	Claim string // the id of the claim whose settings settle it
	Found string // what is so
}

// Sentences lists them in the order of the ledger.
func Sentences() []Sentence {
	return []Sentence{
		{"Multiplying by a scalar is harmless at first glance.", "B3", "With η' = η/αᵖ for the layer it is harmless, to the last bit."},
		{"The code lines for TensorFlow, PyTorch and Keras do it.", "W2", "They multiply the tensor in every forward pass: u = α·w, not w ← α·w. Behind a layer a Lambda multiplies its bias too."},
		{"This is the vanishing gradient problem.", "G2", "That problem is a decay from layer to layer, by χ per layer. A factor that all gradients share is none, and Adam does not notice it."},
		{"It is often caused by scalar multiplication.", "G2", "The article gives no evidence, and by its own formula α > 1 makes the gradient of w larger. Saturating units and depth cause it."},
		{"Learning stops.", "G2", "A gradient 2⁻³⁰ as large stops SGD, and Adam only by its ε."},
		{"Gradients explode and training becomes unstable.", "G3", "Where a small α makes gradients large, before a normalisation, training is stable: the weights grow until their steps are short."},
		{"A steeper slope is a larger step.", "R1", "A slope is no step: of α² one factor is the slope's and one the way back from w to u, and Adam takes no notice of the slope."},
		{"The learning rate of the network changes.", "R1", "Only that of the weights that α multiplies; the others keep theirs."},
		{"The strength of the regularisation changes.", "P1", "After a rescale its number changes and its pull relative to w does not; under u = α·w it is the other way round."},
		{"Better results can be reached.", "S1", "Held-out digits say whether: α on one layer hinders there at 1/8; a faster descent of the training loss at 8 does not carry over."},
	}
}

// SentenceTable is Sentences as a table.
func SentenceTable() result.Table {
	t := result.Table{Title: "The other sentences", Columns: []result.Quantity{{Name: "the article says"}, {Name: "settled by"}, {Name: "what is so"}}}
	for _, s := range Sentences() {
		t.Rows = append(t.Rows, []string{s.Says, s.Claim, s.Found})
	}
	return t
}
