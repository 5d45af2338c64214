package frameworks

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"

	"alphascale/lib/result"
)

// ranOf are the runs of a trial in the table.
func ranOf(r rule, given Values) []Ran {
	text, err := json.Marshal(given)
	if err != nil {
		panic(err) // they were read from JSON
	}
	var out []Ran
	for _, row := range Runs() {
		if row.Framework == r.framework && row.Optimizer == r.name && row.Given == string(text) {
			out = append(out, row)
		}
	}
	return out
}

// summary is what the compensated runs of a trial came to, at the α of trialAlphas.
type summary struct {
	ran                                      int
	losses, lossesDiffer, weightsDiffer, all int // the most of any run
	largest                                  float64
	midway                                   *Ran     // the run in which α came in mid-training, nil if there was none
	stateLeft                                float64  // how far that was off where the optimizer's state was left as it was
	wrong                                    []string // for each wrong exponent, how far the run was off
}

func summarise(rows []Ran) summary {
	var s summary
	for _, row := range rows {
		switch {
		case row.Alpha == 1 || row.Wrong == Everything:
		case row.Place == Midway && row.Wrong == Nothing:
			s.midway = &row
		case row.Place == Midway:
			s.stateLeft = row.Largest
		case row.Wrong == Nothing:
			s.ran, s.losses, s.all = s.ran+1, len(row.Loss), row.Weights
			s.lossesDiffer, s.weightsDiffer = max(s.lossesDiffer, row.LossesDiffer), max(s.weightsDiffer, row.WeightsDiffer)
			s.largest = math.Max(s.largest, row.Largest)
		case row.LossesDiffer > 0 || row.WeightsDiffer > 0:
			s.wrong = append(s.wrong, row.Wrong+" by "+share(row.Largest))
		}
	}
	return s
}

// exact reports whether every compensated run was the same to the last bit.
func (s summary) exact() bool { return s.ran > 0 && s.lossesDiffer == 0 && s.weightsDiffer == 0 }

// share writes a relative difference.
func share(x float64) string {
	switch {
	case math.IsInf(x, 1):
		return "any amount"
	case x >= 1e-4:
		return result.Number(100*x, 2) + " %"
	}
	return result.Number(x, 2)
}

// measured says in a sentence what came out of a trial.
func measured(rows []Ran, given Values) string {
	if len(rows) == 0 {
		return "Not measured: `make frameworks` has not run it"
	}
	s := summarise(rows)
	text := fmt.Sprintf("Run in %s on %s with %s at α = 4 and 1/64: %d of %d losses and %d of %d weights differ",
		rows[0].Version, rows[0].Date, given, s.lossesDiffer, s.losses, s.weightsDiffer, s.all)
	if s.lossesDiffer > 0 {
		text += ", losses by " + share(s.largest) + " at most"
	}
	if s.midway != nil {
		text += fmt.Sprintf("; with α = 4 from the middle on, %d losses", s.midway.LossesDiffer)
	}
	if len(s.wrong) > 0 {
		text += "; at α = 4 it is off with " + strings.Join(s.wrong, ", ")
	}
	return text + "."
}
