package sweep

import (
	"math"
	"slices"
	"strings"
	"testing"

	"alphascale/lib/optim"
	"alphascale/lib/training"
)

// A table has a column for every hyperparameter that any run was given, and an empty cell where another was not.
func TestTableOf(t *testing.T) {
	stored := func(name string, alpha float64, scaled, others optim.Values, loss ...float64) Stored {
		run, err := training.Restore(training.Settings{Alpha: alpha, Seed: 3, Steps: len(loss)}, loss, nil)
		if err != nil {
			t.Fatal(err)
		}
		return Stored{
			Name: name, Identity: Identity{Alpha: alpha, Scaled: scaled, Others: others, Seed: 3, Steps: len(loss)},
			Label: "net", Data: "digits", Optimizer: "sgd", Run: run,
		}
	}
	table := TableOf([]Stored{
		stored("a", 0.25, optim.Values{optim.LearningRate: 8}, optim.Values{optim.LearningRate: 0.5}, 2, 1.5),
		stored("b", 1, optim.Values{optim.Epsilon: 0.125}, nil, 2, math.Inf(1)),
	})
	var columns []string
	for _, c := range table.Columns {
		columns = append(columns, c.Name)
	}
	want := []string{
		"run", "model", "data set", "optimizer", "seed", "steps", "weight multiplier",
		"learning_rate", "scaled_epsilon", "scaled_learning_rate", FinalLoss().Quantity.Name,
	}
	if !slices.Equal(columns, want) {
		t.Errorf("columns %q, want %q", columns, want)
	}
	for i, want := range []string{"a|net|digits|sgd|3|2|2⁻²|2⁻¹||2³|1.50000", "b|net|digits|sgd|3|2|1||2⁻³||diverged at step 1"} {
		if got := strings.Join(table.Rows[i], "|"); got != want {
			t.Errorf("row %s, want %s", got, want)
		}
	}
}
