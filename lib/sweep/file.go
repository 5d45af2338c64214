package sweep

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"

	"alphascale/lib/optim"
	"alphascale/lib/result"
	"alphascale/lib/training"

	"github.com/parquet-go/parquet-go"
)

const metadataKey = "alphascale"

// about is the part of a run's file that is not in its columns: JSON under the key "alphascale" of the file's metadata.
type about struct {
	Run       string            // the digest of Identity, and the file's name
	Identity  Identity          //
	Label     string            // of the model
	Data      string            // name of the data set
	Optimizer string            //
	Batch     int               //
	DType     string            //
	Columns   map[string]string // what each column holds, with symbol and unit
	Records   []record
}

// record names one recorded column.
type record struct {
	Instrument, Path string
	Layer            bool
}

func (r record) column() string { return r.Instrument + ":" + r.Path }

// constant is a column with one value: the same value in each row, so that files can be put together into one table.
type constant struct {
	name  string
	about string
	value any // string, int64 or float64
}

// constants lists the columns that say which run a row belongs to.
func (a about) constants(diverged int) []constant {
	out := []constant{
		{"run", "digest of all that determines the run", a.Run},
		{"model", "model", a.Label},
		{"data", "data set", a.Data},
		{"optimizer", "optimizer", a.Optimizer},
		{"dtype", "floating-point type", a.DType},
		{"start", "meaning of the initial weights", a.Identity.Start},
		{"alpha", result.Alpha().Label(), a.Identity.Alpha},
		{"seed", "seed of the initial weights", a.Identity.Seed},
		{"batch", "batch size (rows)", int64(a.Batch)},
		{"diverged", "step, from 0, at which the loss was not finite; −1 if it was (steps)", int64(diverged)},
	}
	add := func(prefix, of string, values optim.Values) {
		for _, name := range slices.Sorted(maps.Keys(values)) {
			out = append(out, constant{prefix + string(name), quantityOf(name).Label() + of, values[name]})
		}
	}
	add("", " of the variables that α does not multiply", a.Identity.Others)
	add("scaled_", " of the variables that α multiplies", a.Identity.Scaled)
	for _, name := range slices.Sorted(maps.Keys(a.Identity.Groups)) {
		own, prefix, of := a.Identity.Groups[name], "group_"+name+"_", " of the group "+name
		out = append(out, constant{prefix + "alpha", result.Alpha().Label() + of, own.Alpha})
		add(prefix, of, own.Hyper)
	}
	return out
}

// encode returns a run's file.
func encode(a about, run *training.Run) ([]byte, error) {
	records := run.Records()
	for _, r := range records {
		a.Records = append(a.Records, record{r.Instrument, r.Path, r.Layer})
	}
	constants := a.constants(run.Diverged)
	a.Columns["step"], a.Columns["loss"] = "step, from 0 (steps)", "loss of the step's batch before the update (nats for a classification)"
	group := parquet.Group{"step": parquet.Leaf(parquet.Int32Type), "loss": number()}
	for _, c := range constants {
		a.Columns[c.name] = c.about
		switch c.value.(type) {
		case string:
			group[c.name] = parquet.Encoded(parquet.String(), &parquet.RLEDictionary)
		case int64:
			group[c.name] = parquet.Encoded(parquet.Leaf(parquet.Int64Type), &parquet.RLEDictionary)
		default:
			group[c.name] = parquet.Encoded(parquet.Leaf(parquet.DoubleType), &parquet.RLEDictionary)
		}
	}
	for _, r := range a.Records {
		group[r.column()] = number()
	}
	text, err := json.Marshal(a)
	if err != nil {
		return nil, fmt.Errorf("writing down run %s: %w", a.Run, err)
	}
	schema := parquet.NewSchema("run", group)
	var out bytes.Buffer
	w := parquet.NewWriter(&out, schema, parquet.KeyValueMetadata(metadataKey, string(text)),
		parquet.KeyValueMetadata(checksumKey, unsealed))
	if _, err := w.WriteRows(rowsOf(schema, constants, run, records)); err != nil {
		return nil, fmt.Errorf("writing run %s: %w", a.Run, err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("writing run %s: %w", a.Run, err)
	}
	return seal(out.Bytes()), nil
}

func number() parquet.Node {
	return parquet.Compressed(parquet.Leaf(parquet.DoubleType), &parquet.Snappy)
}

// rowsOf lays out one row per step.
func rowsOf(schema *parquet.Schema, constants []constant, run *training.Run, records []training.Record) []parquet.Row {
	value := map[string]func(step int) parquet.Value{
		"step": func(step int) parquet.Value { return parquet.Int32Value(int32(step)) },
		"loss": func(step int) parquet.Value { return parquet.DoubleValue(run.Loss[step]) },
	}
	for _, c := range constants {
		v := parquet.ValueOf(c.value)
		value[c.name] = func(int) parquet.Value { return v }
	}
	for _, r := range records {
		value[record{r.Instrument, r.Path, r.Layer}.column()] = func(step int) parquet.Value {
			return parquet.DoubleValue(r.Values[step])
		}
	}
	rows := make([]parquet.Row, len(run.Loss))
	for i, path := range schema.Columns() {
		at := value[path[0]]
		for step := range rows {
			rows[step] = append(rows[step], at(step).Level(0, 0, i))
		}
	}
	return rows
}

// decode reads a file, of which not a bit may have changed.
func decode(data []byte) (a about, run *training.Run, err error) {
	if err := unseal(data); err != nil {
		return a, nil, err
	}
	defer func() {
		if r := recover(); r != nil { // the Parquet reader's way to refuse some files
			err = fmt.Errorf("it cannot be read: %v", r)
		}
	}()
	file, err := parquet.OpenFile(bytes.NewReader(data), int64(len(data)), parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true))
	if err != nil {
		return a, nil, fmt.Errorf("it cannot be read: %w", err)
	}
	text, ok := file.Lookup(metadataKey)
	if !ok {
		return a, nil, errNoRun
	}
	if err := json.Unmarshal([]byte(text), &a); err != nil {
		return a, nil, fmt.Errorf("its description cannot be read: %w", err)
	}
	loss, err := readColumn(file, "loss")
	if err != nil {
		return a, nil, err
	}
	var records []training.Record
	for _, r := range a.Records {
		values, err := readColumn(file, r.column())
		if err != nil {
			return a, nil, err
		}
		records = append(records, training.Record{Instrument: r.Instrument, Path: r.Path, Layer: r.Layer, Values: values})
	}
	run, err = training.Restore(a.settings(), loss, records)
	return a, run, err
}

// settings are those of the run, as far as they make a difference to it.
func (a about) settings() training.Settings {
	s := training.Settings{
		Alpha: a.Identity.Alpha, Hyper: a.Identity.Others, ScaledHyper: a.Identity.Scaled, Seed: a.Identity.Seed,
		Groups: a.Identity.Groups, FirstStep: a.Identity.First, Steps: a.Identity.Steps,
	}
	for start, name := range starts {
		if name == a.Identity.Start {
			s.Start = start
		}
	}
	return s
}

func readColumn(file *parquet.File, name string) ([]float64, error) {
	leaf, ok := file.Schema().Lookup(name)
	if !ok {
		return nil, fmt.Errorf("it lacks the column %q", name)
	}
	out := make([]float64, 0, max(0, min(file.NumRows(), file.Size()))) // a damaged count cannot ask for much memory
	buffer := make([]parquet.Value, 512)
	for _, group := range file.RowGroups() {
		pages := parquet.NewColumnChunkValueReader(group.ColumnChunks()[leaf.ColumnIndex])
		for {
			n, err := pages.ReadValues(buffer)
			for _, v := range buffer[:n] {
				out = append(out, v.Double())
			}
			if err == io.EOF {
				break
			}
			if err != nil {
				pages.Close()
				return nil, fmt.Errorf("its column %q cannot be read: %w", name, err)
			}
		}
		pages.Close()
	}
	return out, nil
}
