package plots_test

import (
	"fmt"

	"alphascale/lib/result"
	"alphascale/plots"
)

func ExampleVerdictTable() {
	table := result.Table{
		Title: "The ledger",
		Columns: []result.Quantity{
			{Name: "id"},
			{Name: "the article says"},
			{Name: "verdict"},
			{Name: "what is so"},
			{Name: "predicted", Symbol: "p"},
			{Name: "measured", Symbol: "p"},
		},
		Rows: [][]string{
			{
				"G2", "very large α: gradients vanish, learning stops", "false",
				"with bias-free ReLU layers they grow like α to the depth − 1; true for scale-invariant weights", "7", "7.00 [6.98, 7.02]",
			},
			{"G5", "α > 1 lowers gradients, α < 1 raises them", "depends", "true for scale-invariant weights, exponent −1", "−1", "−1.00 [−1.01, −0.99]"},
			{"R1", "a large α raises the learning rate", "depends", "by αᵖ, and p depends on the optimizer", "2", "2.000 [1.999, 2.001]"},
			{"B3", "adjust the learning rate accordingly", "true", "by α⁻ᵖ: the run is the same, bit for bit, for α = 2ᵏ", "–", "–"},
			{"G4", "the derivative by the scaled weight carries α", "ill-posed", "by the scaled weight there is no α", "–", "–"},
		},
	}
	figure, err := plots.VerdictTable(table)
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := plots.Show("verdicts", figure); err != nil {
		fmt.Println(err)
	}
	fmt.Println(figure.Alt)
	// Output:
	// The ledger. A table of 5 rows by id, the article says, verdict, what is so, predicted p, measured p; 1 false; 2 depends; 1 true; 1 ill-posed.
}
