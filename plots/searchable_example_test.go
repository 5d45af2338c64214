package plots_test

import (
	"fmt"

	"alphascale/lib/result"
	"alphascale/plots"
)

// A table with links from its first column, which a reader can search in a notebook. Its files are pictures all the same.
func ExampleSearchableTable() {
	table := result.Table{
		Title:   "The ledger",
		Columns: []result.Quantity{{Name: "id"}, {Name: "the article says"}, {Name: "verdict"}},
		Rows: [][]string{
			{"G5", "α > 1 lowers gradients, α < 1 raises them", "depends"},
			{"G4", "the derivative with respect to the scaled weight carries α", "false"},
		},
	}
	figure, err := plots.SearchableTable(table, map[string]string{"G4": "02_gradients.ipynb", "G5": "02_gradients.ipynb"})
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := plots.Show("searchable", figure); err != nil {
		fmt.Println(err)
	}
	fmt.Println(figure.Alt)
	// Output:
	// The ledger. A table of 2 rows by id, the article says, verdict; 1 depends; 1 false.
}
