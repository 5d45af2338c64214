package result_test

import (
	"bytes"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"alphascale/lib/result"
)

var nan, inf = math.NaN(), math.Inf(1)

func TestSeriesSurviveAFile(t *testing.T) {
	written := []result.Series{
		{Alpha: 0.125, X: result.Step(), Y: result.Loss(), Xs: []float64{0, 1, 2}, Ys: []float64{2.3, 1.0 / 3, 1e-300}},
		{Alpha: 8, X: result.Step(), Y: result.Loss(), Xs: []float64{0, 1}, Ys: []float64{2.3, inf}},
		{
			Label: "a \"quoted\", name", X: result.Step(), Y: result.Loss(), Xs: []float64{7}, Ys: []float64{0.1},
			Lower: []float64{0.05}, Upper: []float64{0.2},
		},
	}
	var file bytes.Buffer
	if err := result.WriteSeries(&file, written); err != nil {
		t.Fatal(err)
	}
	if header, _, _ := strings.Cut(file.String(), "\n"); header != "label,α,step,loss (nats),lower,upper" {
		t.Errorf("header %q", header)
	}
	read, err := result.ReadSeries(&file)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(read, written) {
		t.Errorf("read %+v\nwrote %+v", read, written)
	}
}

func TestNaNSurvivesAFile(t *testing.T) {
	var file bytes.Buffer
	s := result.Series{Label: "run", X: result.Step(), Y: result.Loss(), Xs: []float64{0}, Ys: []float64{nan}}
	if err := result.WriteSeries(&file, []result.Series{s}); err != nil {
		t.Fatal(err)
	}
	read, err := result.ReadSeries(&file)
	if err != nil || len(read) != 1 || !math.IsNaN(read[0].Ys[0]) {
		t.Errorf("read %+v, %v", read, err)
	}
}

func TestGridSurvivesAFile(t *testing.T) {
	written := result.Grid{
		X: result.Alpha(), Y: result.LearningRate(), Z: result.Quantity{Name: "final loss", Unit: "nats"},
		Xs: []float64{0.5, 1, 2}, Ys: []float64{0.01, 0.1}, Zs: [][]float64{{1, 2, 3}, {4, inf, 6}},
	}
	var file bytes.Buffer
	if err := result.WriteGrid(&file, written); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(file.String(), "\"weight multiplier, α\",\"learning rate, η\",final loss (nats)\n") {
		t.Errorf("header of %q", file.String())
	}
	read, err := result.ReadGrid(&file)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(read, written) {
		t.Errorf("read %+v\nwrote %+v", read, written)
	}
}

func TestTableSurvivesAFile(t *testing.T) {
	written := result.Table{
		Columns: []result.Quantity{{Name: "claim"}, {Name: "verdict"}},
		Rows:    [][]string{{"R1", "depends, on the optimizer"}, {"G4", "a line\nand another"}},
	}
	var file bytes.Buffer
	if err := result.WriteTable(&file, written); err != nil {
		t.Fatal(err)
	}
	read, err := result.ReadTable(&file)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(read, written) {
		t.Errorf("read %+v\nwrote %+v", read, written)
	}
}

func TestReadingRefuses(t *testing.T) {
	readSeries := func(r io.Reader) error { _, err := result.ReadSeries(r); return err }
	readGrid := func(r io.Reader) error { _, err := result.ReadGrid(r); return err }
	readTable := func(r io.Reader) error { _, err := result.ReadTable(r); return err }
	for _, test := range []struct {
		name, file string
		read       func(io.Reader) error
		says       string
	}{
		{"empty series", "", readSeries, "header"},
		{"too few columns", "a,b\n1,2\n", readSeries, "header"},
		{"a word for a number", "label,α,step,loss,lower,upper\nx,,zero,1,,\n", readSeries, "line 2: \"zero\""},
		{"a row of another length", "label,α,step,loss,lower,upper\nx,,1\n", readSeries, "wrong number of fields"},
		{"a grid with a hole", "x,y,z\n1,1,0\n2,1,0\n2,2,0\n", readGrid, "line 4"},
		{"a grid cut off", "x,y,z\n1,1,0\n2,1,0\n1,2,0\n", readGrid, "row 1 has 1"},
		{"an empty table", "", readTable, "header"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if err := test.read(strings.NewReader(test.file)); err == nil || !strings.Contains(err.Error(), test.says) {
				t.Errorf("error %v, want one that says %q", err, test.says)
			}
		})
	}
}

func TestWritingRefuses(t *testing.T) {
	loss := result.Series{Label: "a", X: result.Step(), Y: result.Loss()}
	norm := result.Series{Label: "b", X: result.Step(), Y: result.Quantity{Name: "norm"}}
	if err := result.WriteSeries(io.Discard, []result.Series{loss, norm}); err == nil || !strings.Contains(err.Error(), "two files") {
		t.Errorf("series of two quantities: %v", err)
	}
	if err := result.WriteSeries(io.Discard, nil); err == nil {
		t.Error("no series: no error")
	}
}

// TestWriteFileIsAllOrNothing fails in the middle of writing: the file that was there stays, and nothing else.
func TestWriteFileIsAllOrNothing(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "data.csv")
	whole := func(w io.Writer) error { _, err := io.WriteString(w, "whole"); return err }
	if err := result.WriteFile(path, whole); err != nil {
		t.Fatal(err)
	}
	full := errors.New("the disk is full")
	err := result.WriteFile(path, func(w io.Writer) error {
		io.WriteString(w, "ha")
		return full
	})
	if !errors.Is(err, full) || !strings.Contains(err.Error(), "data.csv") {
		t.Errorf("error %v, want the writer's with the file's name", err)
	}
	content, err := os.ReadFile(path)
	if err != nil || string(content) != "whole" {
		t.Errorf("the file now holds %q, %v", content, err)
	}
	if left, _ := os.ReadDir(folder); len(left) != 1 {
		t.Errorf("%d files left in the folder, want 1", len(left))
	}
	if err := result.WriteFile(filepath.Join(folder, "no", "such", "folder"), whole); err == nil {
		t.Error("a folder that is not there: no error")
	}
}

// Remarks before a file's data are passed over, what looks like one is data where it is a cell, and errors count them.
func TestRemarks(t *testing.T) {
	table := result.Table{
		Columns: []result.Quantity{{Name: "# of runs"}, {Name: "seed"}},
		Rows:    [][]string{{"#1", "# 2"}, {`#"quoted"`, ""}, {"3", "#"}},
	}
	var file bytes.Buffer
	if err := result.WriteRemarks(&file, []string{"processor: a, b", "XLA_FLAGS: none"}); err != nil {
		t.Fatal(err)
	}
	if err := result.WriteTable(&file, table); err != nil {
		t.Fatal(err)
	}
	back, err := result.ReadTable(&file)
	if err != nil || !reflect.DeepEqual(back, table) {
		t.Errorf("read back as %v, %v, want %v", back, err, table)
	}
	if err := result.WriteRemarks(&file, []string{"two\nlines"}); err == nil {
		t.Error("a remark of two lines is written")
	}
	_, err = result.ReadSeries(strings.NewReader("# a remark\nlabel,a,x,y,lower,upper\nl,1,no number,1,,\n"))
	if err == nil || !strings.Contains(err.Error(), "line 3") {
		t.Errorf("the error %v does not name line 3", err)
	}
}
