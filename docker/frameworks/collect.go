package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"alphascale/lib/frameworks"
	"alphascale/lib/result"
)

// tables are those of lib/frameworks.
const tables = "lib/frameworks"

// outcome is one line of results.jsonl: a trial, and what each of its runs came to. What is not finite is null.
type outcome struct {
	Framework, Version, Date, ID string
	Outcomes                     []struct {
		Loss                                 []*float32
		LossesDiffer, WeightsDiffer, Weights int
		Largest                              *float64
		Kept                                 []string
	}
}

func collect(folders []string) error {
	runs, defaults, lines := frameworks.Runs(), frameworks.Defaults(), frameworks.Lines()
	for _, folder := range folders {
		var of stated
		if err := readJSON(filepath.Join(folder, "defaults.json"), &of); err != nil {
			return err
		}
		ran, err := runsIn(folder, of)
		if err != nil {
			return err
		}
		var said []frameworks.Line
		if err := readJSON(filepath.Join(folder, "lines.json"), &said); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		runs = instead(runs, ran, func(r frameworks.Ran) string { return r.Framework }, of.Framework)
		defaults = instead(defaults, defaultsIn(of), func(d frameworks.Default) string { return d.Framework }, of.Framework)
		lines = instead(lines, said, func(l frameworks.Line) string { return l.Framework }, of.Framework)
	}
	return errors.Join(write(frameworks.RunsFile, runs), write(frameworks.DefaultsFile, defaults), write(frameworks.LinesFile, lines))
}

// instead puts rows in the place of those of one framework, all in the order of the frameworks.
func instead[Row any](all, rows []Row, of func(Row) string, framework string) []Row {
	all = append(slices.DeleteFunc(slices.Clone(all), func(r Row) bool { return of(r) == framework }), rows...)
	slices.SortStableFunc(all, func(a, b Row) int {
		return slices.Index(frameworks.All(), of(a)) - slices.Index(frameworks.All(), of(b))
	})
	return all
}

func write[Row any](name string, rows []Row) error {
	return result.WriteFile(filepath.Join(tables, name), func(w io.Writer) error { return frameworks.Write(w, rows) })
}

func runsIn(folder string, of stated) ([]frameworks.Ran, error) {
	list, err := frameworks.Trials(of.Framework, of.Defaults)
	if err != nil {
		return nil, err
	}
	found, err := outcomesIn(folder, of.Version)
	if err != nil {
		return nil, err
	}
	var out []frameworks.Ran
	for _, trial := range list {
		o, ok := found[trial.ID]
		if !ok || len(o.Outcomes) != len(trial.Runs) {
			return nil, fmt.Errorf("%s(%s) has not been run: run make frameworks ONLY=%s again", trial.Optimizer, trial.Given, of.Framework)
		}
		out = append(out, rowsOf(trial, o)...)
	}
	return out, nil
}

// outcomesIn reads the outcomes of a version by their trials' ids. A line that was cut off is left out.
func outcomesIn(folder, version string) (map[string]outcome, error) {
	file, err := os.Open(filepath.Join(folder, "results.jsonl"))
	if err != nil {
		return nil, err
	}
	defer file.Close()
	found := map[string]outcome{}
	scanner := bufio.NewScanner(file)
	scanner.Buffer(nil, 16<<20)
	for scanner.Scan() {
		var o outcome
		if json.Unmarshal(scanner.Bytes(), &o) == nil && o.Version == version {
			found[o.ID] = o
		}
	}
	return found, scanner.Err()
}

var notFinite = float32(math.NaN())

func rowsOf(trial frameworks.Trial, o outcome) []frameworks.Ran {
	given, err := json.Marshal(trial.Given)
	if err != nil {
		panic(err) // they were read from JSON
	}
	var out []frameworks.Ran
	for i, run := range trial.Runs {
		came := o.Outcomes[i]
		row := frameworks.Ran{
			Framework: o.Framework, Version: o.Version, Date: o.Date, Trial: trial.ID, Optimizer: trial.Optimizer, Given: string(given),
			Alpha: run.Alpha, Place: run.Place, Wrong: run.Wrong, Line: linesOf(run),
			LossesDiffer: came.LossesDiffer, Largest: math.Inf(1), WeightsDiffer: came.WeightsDiffer, Weights: came.Weights,
		}
		for _, name := range came.Kept {
			row.State = append(row.State, frameworks.Kept{Name: name, Factor: run.State[name]})
		}
		for _, loss := range came.Loss {
			if loss == nil {
				loss = &notFinite
			}
			row.Loss = append(row.Loss, *loss)
		}
		if came.Largest != nil {
			row.Largest = *came.Largest
		}
		out = append(out, row)
	}
	return out
}

func linesOf(run frameworks.Run) string {
	return strings.Join(slices.DeleteFunc([]string{run.Optimizer, run.Rest, run.Clip}, func(s string) bool { return s == "" }), "\n")
}

func defaultsIn(of stated) []frameworks.Default {
	var out []frameworks.Default
	for _, kind := range []map[string]frameworks.Values{of.Defaults, of.Norms} {
		for _, owner := range slices.Sorted(maps.Keys(kind)) {
			for _, name := range slices.Sorted(maps.Keys(kind[owner])) {
				value, err := json.Marshal(kind[owner][name])
				if err != nil {
					panic(err) // it was read from JSON
				}
				out = append(out, frameworks.Default{
					Framework: of.Framework, Version: of.Version, Date: of.Date, Owner: owner, Name: name, Value: string(value),
				})
			}
		}
	}
	return out
}
