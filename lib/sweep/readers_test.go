package sweep

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"testing"

	"alphascale/lib/optim"
)

// What the runs are for others: pandas, polars and DuckDB read a folder, two sweeps with different columns in it included,
// and find in it what Load finds, every number to the last bit.
//
// It downloads those readers (150 MB) on first use, so it waits to be asked for; CI asks.
func TestReadByOthers(t *testing.T) {
	if os.Getenv("ALPHASCALE_READERS") == "" {
		t.Skip("skipped: set ALPHASCALE_READERS=1 to install pandas, polars and DuckDB and read the files with them")
	}
	folder := t.TempDir()
	for _, family := range []optim.Family{optim.SGD, optim.Adam} {
		run(t, Spec{Setup: small(t, family, nil), Folder: folder, Axes: []Axis{Alpha(0.5, 1, 3)}})
	}
	want, damaged, err := Load(folder)
	if err != nil || len(damaged) > 0 {
		t.Fatal(err, damaged)
	}
	cmd := exec.Command("bash", "../../docker/check/readers/read.sh", folder)
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	const unavailable = 75
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) && exit.ExitCode() == unavailable {
		t.Skipf("skipped: %s", &said)
	}
	if err != nil {
		t.Fatalf("%v: %s", err, &said)
	}
	type row struct {
		run         string
		alpha, loss float64
		steps       int
	}
	var found map[string][][]any
	if err := json.Unmarshal(out, &found); err != nil || len(found) != 3 {
		t.Fatalf("%v: %s", err, out)
	}
	for reader, rows := range found {
		if len(rows) != len(want) {
			t.Errorf("%s finds %d runs, want %d", reader, len(rows), len(want))
			continue
		}
		for i, r := range rows {
			w := want[i]
			wanted := row{w.Name, w.Identity.Alpha, w.Run.Loss[len(w.Run.Loss)-1], len(w.Run.Loss)}
			if got := (row{r[0].(string), r[1].(float64), r[3].(float64), int(r[2].(float64))}); got != wanted {
				t.Errorf("%s reads %+v, want %+v", reader, got, wanted)
			}
		}
	}
}
