package frameworks

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"io"
	"sync"

	"github.com/parquet-go/parquet-go"
)

// Ran is a run of a trial and what came out, one row of the table of runs.
type Ran struct {
	Framework string  `parquet:"framework,dict"`
	Version   string  `parquet:"version,dict"` // "keras 3.15.1 on tensorflow 2.21.0"
	Date      string  `parquet:"date,dict"`    // of the run, as 2006-01-02
	Trial     string  `parquet:"trial,dict"`   // the same for all runs that are held against one without α
	Optimizer string  `parquet:"optimizer,dict"`
	Given     string  `parquet:"given,dict"` // JSON
	Alpha     float64 `parquet:"alpha"`
	Place     string  `parquet:"place,dict"`
	Wrong     string  `parquet:"wrong,dict"` // as in [Run]
	Line      string  `parquet:"line"`       // the Python that was run
	State     []Kept  `parquet:"state,list"` // what the optimizer kept, where α came in mid-training
	// Losses of each step's batch before the step, in nats, and how many differ in any bit from those without α.
	Loss         []float32 `parquet:"loss,list"`
	LossesDiffer int       `parquet:"losses_differ"`
	// Largest is the largest relative difference of a loss; infinite where the run diverged.
	Largest float64 `parquet:"largest_relative_difference"`
	// WeightsDiffer counts the final weights, α·w, that differ in any bit from those without α, of so many.
	WeightsDiffer int `parquet:"weights_differ"`
	Weights       int `parquet:"weights"`
}

// Kept is a part of an optimizer's state by the framework's name, and the number by which it was multiplied as α came.
type Kept struct {
	Name   string  `parquet:"name"`
	Factor float64 `parquet:"factor"`
}

// Default is one default of a framework, as it states it: JSON.
type Default struct {
	Framework string `parquet:"framework,dict"`
	Version   string `parquet:"version,dict"`
	Date      string `parquet:"date,dict"`
	Owner     string `parquet:"owner,dict"` // the optimizer, clipping or normalisation
	Name      string `parquet:"name,dict"`
	Value     string `parquet:"value"`
}

// Line is one of the article's three lines, run in its framework on one kind of w.
type Line struct {
	Framework string `parquet:"framework,dict"`
	Version   string `parquet:"version,dict"`
	Date      string `parquet:"date,dict"`
	Line      string `parquet:"line,dict"`
	Case      string `parquet:"case"`
	Question  string `parquet:"question,dict"`
	Answer    string `parquet:"answer"`
}

// The tables' files, written by docker/frameworks.
const (
	RunsFile     = "runs.parquet"
	DefaultsFile = "defaults.parquet"
	LinesFile    = "lines.parquet"
)

//go:embed *.parquet
var files embed.FS

func read[Row any](name string) []Row {
	data, err := files.ReadFile(name)
	if err != nil {
		panic(err) // the file is part of the program
	}
	rows, err := parquet.Read[Row](bytes.NewReader(data), int64(len(data)))
	if err != nil {
		panic(fmt.Errorf("table %s: %w", name, err))
	}
	return rows
}

// Runs, Defaults and Lines are the tables that are part of this package. Do not change them.
var (
	Runs     = sync.OnceValue(func() []Ran { return read[Ran](RunsFile) })
	Defaults = sync.OnceValue(func() []Default { return read[Default](DefaultsFile) })
	Lines    = sync.OnceValue(func() []Line { return read[Line](LinesFile) })
)

// Write writes rows of one of the tables.
func Write[Row any](w io.Writer, rows []Row) error {
	return parquet.Write(w, rows, parquet.Compression(&parquet.Zstd))
}

// Version is the version of a framework that the tables are of, "optax 0.2.8 on jax 0.10.2"; empty if there is none.
func Version(framework string) string {
	for _, d := range Defaults() {
		if d.Framework == framework {
			return d.Version
		}
	}
	return ""
}

// defaultsOf are the defaults of an optimizer in the table.
func defaultsOf(framework, owner string) Values {
	out := Values{}
	for _, d := range Defaults() {
		if d.Framework == framework && d.Owner == owner {
			var value any
			if err := json.Unmarshal([]byte(d.Value), &value); err != nil {
				panic(fmt.Errorf("default %s of %s.%s: %w", d.Name, framework, owner, err))
			}
			out[d.Name] = value
		}
	}
	return out
}
