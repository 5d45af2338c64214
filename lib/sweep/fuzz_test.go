package sweep

import (
	"bytes"
	"errors"
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
		run, err := training.Restore(settings, loss, []training.Record{{
			Instrument: "gradient_norm", Path: "/output/dense/weights",
			Values: []float64{1, math.NaN()},
		}})
		if err != nil {
			f.Fatal(err)
		}
		data, err := encode(about{Run: "a run", Identity: Identity{
			Alpha: 0.5, Start: "keep function", Seed: 1, Steps: 2,
			Scaled: optim.Values{optim.LearningRate: 0.1},
		}, Label: "a model", Columns: map[string]string{}}, run)
		if err != nil {
			f.Fatal(err)
		}
		out = append(out, data)
	}
	return out
}

// FuzzDecode expects that no file but a sound one is read, and that what a damaged one says of its own size is not believed.
func FuzzDecode(f *testing.F) {
	files := someFiles(f)
	for _, data := range files {
		f.Add(data)
		f.Add(data[:len(data)*2/3])
	}
	f.Add([]byte("PAR1"))
	f.Fuzz(func(t *testing.T, data []byte) {
		_, run := decoded(t, data)
		if sound := slices.ContainsFunc(files, func(file []byte) bool { return bytes.Equal(file, data) }); sound != (run != nil) {
			t.Errorf("sound: %v, and read as %v", sound, run)
		}
	})
}

// FuzzDescription expects of every description that a sound file can carry that it is refused with a sentence or gives a
// run that can be listed and that its own file gives again.
func FuzzDescription(f *testing.F) {
	f.Add(`{"Run": "a run", "Identity": {"Alpha": 0.5, "Start": "keep function", "Scaled": {"learning_rate": 0.1}, "Steps": 2},
		"Label": "a model", "Records": [{"Instrument": "norm", "Path": "/w"}]}`)
	f.Add(`{"Records": [{"Instrument": "norm", "Path": "/v"}]}`)
	f.Add("[]")
	f.Fuzz(func(t *testing.T, text string) {
		a, run := decoded(t, described(t, text))
		if run == nil {
			return
		}
		if err := TableOf([]Stored{{a.Run, a.Identity, a.Label, a.Data, a.Optimizer, run}}).Check(); err != nil {
			oneLine(t, err)
		}
		a.Columns, a.Records = map[string]string{}, nil
		file, err := encode(a, run)
		if err != nil {
			oneLine(t, err)
			return
		}
		_, again := decoded(t, file)
		if again == nil || fmt.Sprint(again.Loss, again.Records()) != fmt.Sprint(run.Loss, run.Records()) {
			t.Errorf("%v became %v", run, again)
		}
	})
}

func oneLine(t *testing.T, err error) {
	t.Helper()
	if strings.ContainsAny(err.Error(), "\r\n") {
		t.Errorf("an error of several lines: %q", err)
	}
}

// described is a sound file of two steps with a description.
func described(t *testing.T, text string) []byte {
	t.Helper()
	type row struct {
		Loss float64 `parquet:"loss"`
		Norm float64 `parquet:"norm:/w"`
	}
	var out bytes.Buffer
	w := parquet.NewGenericWriter[row](&out, parquet.KeyValueMetadata(metadataKey, text), parquet.KeyValueMetadata(checksumKey, unsealed))
	_, err := w.Write([]row{{2.3, 1}, {1.5, math.NaN()}})
	if err = errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	return seal(out.Bytes())
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
	oneLine(t, err)
	return a, nil
}
