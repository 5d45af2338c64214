package lora

import "alphascale/lib/result"

// Statement is a sentence that is said of LoRA, with who says it and what law says of it. Whether it is so is measured, in chapter 11.
type Statement struct {
	ID     string
	Says   string // in short words
	Source string
	Link   string
	Law    string // what law says, and what it turns on
}

// Statements are those of chapter 11.
func Statements() []Statement {
	const hu, hulink = "Hu et al. 2021, section 4.1", "https://arxiv.org/abs/2106.09685"
	return []Statement{
		{
			"LoRA1", "LoRA's α is a learning rate", hu, hulink,
			"it is one of B alone, alphaᵖ·η; of both factors only if A starts √alpha times as large (Hu et al. add: if the initialisation is scaled)",
		},
		{
			"LoRA2", "α/r makes the learning rate independent of the rank", hu, hulink,
			"the first step goes with r^(1−p): r⁰ with Adam, r⁻¹ with SGD",
		},
		{
			"LoRA3", "α/√r makes the learning rate independent of the rank", "Kalajdzievski 2023, theorem 3.2", "https://arxiv.org/abs/2312.03732",
			"the first step goes with r^(1−p/2): r⁰ with SGD, r^½ with Adam",
		},
		{
			"LoRA4", "one learning rate serves A and B", "the default of most libraries; contested by Hayou et al. 2024", "https://arxiv.org/abs/2402.12354",
			"A and B add n^(1+a+b) and n^b at rates n^a and n^b: at every width alike for a = −1 and b = 0 alone",
		},
		{
			"LoRA5", "merging is free", hu, hulink,
			"u = W₀ + alpha·A·B is a matrix of the same shape; its dtype loses updates below half of a last place",
		},
	}
}

// Table lists the statements, for a figure.
func Table() result.Table {
	t := result.Table{Title: "What is said of LoRA", Columns: []result.Quantity{{Name: "id"}, {Name: "what is said"}, {Name: "by"}, {Name: "what law says"}}}
	for _, s := range Statements() {
		t.Rows = append(t.Rows, []string{s.ID, s.Says, s.Source, s.Law})
	}
	return t
}
