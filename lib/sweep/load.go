package sweep

import (
	"fmt"
	"maps"
	"slices"
	"strconv"

	"alphascale/lib/result"
	"alphascale/lib/training"
)

// Stored is one run of a folder.
type Stored struct {
	Name      string // of the file, without ".parquet": the digest of Identity
	Identity  Identity
	Label     string // of the model
	Data      string // name of the data set
	Optimizer string
	Run       *training.Run
}

// Load reads every run of a folder, in the order of their names, and one error for each file that is damaged or foreign;
// it changes nothing. A folder that cannot be listed is the last error.
//
// Each file is one run, one row per step, written as plain Parquet that pandas, polars and DuckDB read, so that
//
//	SELECT alpha, scaled_learning_rate, last(loss ORDER BY step) FROM read_parquet('folder/*.parquet', union_by_name = true)
//	GROUP BY ALL
//
// is a table of final losses. The columns:
//
//	run, model, data, optimizer, dtype, start   text, the same in every row; run is the file's name
//	alpha            the multiplier α (no unit)
//	seed, batch      integers; the batch in rows
//	diverged         the step, from 0, at which the loss was not finite, and −1 if it was
//	learning_rate …  the hyperparameters that were given, of the variables that α does not multiply (absent if there are none)
//	scaled_…         the same of those that α multiplies; what was not given has the optimizer's default
//	step             from 0
//	loss             of the step's batch before the update; nats for a classification
//	INSTRUMENT:PATH  what an instrument recorded of a variable or of a hidden layer, in the instrument's unit
//
// The same with units, and all that determines the run (Identity), is JSON under the key "alphascale" of the file's
// metadata; "alphascale.sha256" there is the checksum of the file, itself taken as 64 zeros.
func Load(folder string) (runs []Stored, damaged []error, err error) {
	s := &store{folder: folder}
	names, err := s.names()
	if err != nil {
		return nil, nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		a, run, err := s.read(name)
		if err != nil {
			damaged = append(damaged, err)
			continue
		}
		runs = append(runs, Stored{name, a.Identity, a.Label, a.Data, a.Optimizer, run})
	}
	return runs, damaged, nil
}

// TableOf lists runs, one per row: what distinguishes them and how they ended.
func TableOf(runs []Stored) result.Table {
	hypers := map[string]bool{}
	for _, r := range runs {
		for name := range hypersOf(r) {
			hypers[name] = true
		}
	}
	names := slices.Sorted(maps.Keys(hypers))
	q := func(name string) result.Quantity { return result.Quantity{Name: name} }
	out := result.Table{Title: "Runs", Columns: []result.Quantity{
		q("run"), q("model"), q("data set"), q("optimizer"), q("seed"),
		{Name: "steps", Unit: "steps"},
		result.Alpha(),
	}}
	for _, name := range names {
		out.Columns = append(out.Columns, q(name))
	}
	out.Columns = append(out.Columns, FinalLoss().Quantity)
	for _, r := range runs {
		row := []string{
			r.Name, r.Label, r.Data, r.Optimizer, strconv.FormatInt(r.Identity.Seed, 10),
			strconv.Itoa(r.Identity.Steps), result.Power(r.Identity.Alpha),
		}
		values := hypersOf(r)
		for _, name := range names {
			cell := ""
			if v, given := values[name]; given {
				cell = result.Power(v)
			}
			row = append(row, cell)
		}
		loss := result.Number(FinalLoss().Of(r.Run), 6)
		if r.Run.Diverged >= 0 {
			loss = fmt.Sprintf("diverged at step %d", r.Run.Diverged)
		}
		out.Rows = append(out.Rows, append(row, loss))
	}
	return out
}

func hypersOf(r Stored) map[string]float64 {
	out := map[string]float64{}
	for name, v := range r.Identity.Others {
		out[string(name)] = v
	}
	for name, v := range r.Identity.Scaled {
		out["scaled_"+string(name)] = v
	}
	for group, own := range r.Identity.Groups {
		out["group_"+group+"_alpha"] = own.Alpha
		for name, v := range own.Hyper {
			out["group_"+group+"_"+string(name)] = v
		}
	}
	return out
}
