package sweep

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"alphascale/lib/optim"
	"alphascale/lib/training"

	"github.com/parquet-go/parquet-go"
)

// someFiles are files of runs: one with records, one that diverged.
func someFiles(f *testing.F) [][]byte {
	f.Helper()
	var out [][]byte
	for _, loss := range [][]float64{{2.3, 1.5}, {0.1, math.Inf(1)}} {
		settings := training.Settings{Alpha: 0.5, Seed: 1, Steps: 2}
		run, err := training.Restore(settings, loss, []training.Record{{Instrument: "gradient_norm", Path: "/output/dense/weights",
			Values: []float64{1, math.NaN()}}})
		if err != nil {
			f.Fatal(err)
		}
		data, err := encode(about{Run: "a run", Identity: Identity{Alpha: 0.5, Start: "keep function", Seed: 1, Steps: 2,
			Scaled: optim.Values{optim.LearningRate: 0.1}}, Label: "a model", Columns: map[string]string{}}, run)
		if err != nil {
			f.Fatal(err)
		}
		out = append(out, data)
	}
	return out
}

// FuzzDecode expects of every file, its checksum as it is and set right, that it is refused with a sentence or gives a run
// that can be listed and that its own file gives again. No change of a sound file gets by its checksum.
func FuzzDecode(f *testing.F) {
	files := someFiles(f)
	for _, data := range files {
		f.Add(data)
		f.Add(data[:len(data)*2/3])
	}
	f.Add([]byte("PAR1"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if a, run := decoded(t, data); run != nil && !slices.ContainsFunc(files, func(file []byte) bool { return bytes.Equal(file, data) }) {
			t.Logf("%s has a checksum of its own", a.Run)
		}
		a, run := decoded(t, resealed(data))
		if run == nil {
			return
		}
		if table := TableOf([]Stored{{a.Run, a.Identity, a.Label, a.Data, a.Optimizer, run}}); table.Check() != nil {
			t.Error(table.Check())
		}
		a.Columns, a.Records = map[string]string{}, nil
		file, err := encode(a, run)
		if err != nil {
			t.Fatal(err)
		}
		_, again := decoded(t, file)
		if again == nil || fmt.Sprint(again.Loss, again.Records()) != fmt.Sprint(run.Loss, run.Records()) {
			t.Errorf("%v became %v", run, again)
		}
	})
}

// decoded is decode, with no run where there was a proper error.
func decoded(t *testing.T, data []byte) (about, *training.Run) {
	t.Helper()
	a, run, err := decode(data)
	if err == nil {
		for _, r := range run.Records() {
			if len(r.Values) != len(run.Loss) {
				t.Errorf("%d losses and %d values of %s", len(run.Loss), len(r.Values), r.Instrument)
			}
		}
		return a, run
	}
	if strings.ContainsAny(err.Error(), "\r\n") {
		t.Errorf("an error of several lines: %q", err)
	}
	return a, nil
}

// resealed is the file with the checksum that it should have, so that the rest of it gets read.
func resealed(data []byte) (out []byte) {
	defer func() {
		if recover() != nil {
			out = data
		}
	}()
	file, err := parquet.OpenFile(bytes.NewReader(data), int64(len(data)), parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true))
	if err != nil {
		return data
	}
	sum, _ := file.Lookup(checksumKey)
	if at := bytes.LastIndex(data, []byte(sum)); len(sum) == len(unsealed) && at >= 0 {
		out = bytes.Clone(data)
		copy(out[at:], unsealed)
		return seal(out)
	}
	return data
}
