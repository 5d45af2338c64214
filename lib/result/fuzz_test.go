package result_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"alphascale/lib/result"
)

// What can be read can be written, and is then read as the same. What cannot is an error of one line.

func FuzzReadSeries(f *testing.F) {
	f.Add("label,α,step,loss (nats),lower,upper\n,0.125,0,2.3,,\n,0.125,1,+Inf,,\nrun,,7,NaN,0.05,0.2\n")
	fuzzFile(f, func(r io.Reader) ([]result.Series, error) {
		series, err := result.ReadSeries(r)
		if err == nil && len(series) == 0 {
			err = errors.New("no points, and no series are written to no file")
		}
		return series, err
	}, result.WriteSeries)
}

func FuzzReadGrid(f *testing.F) {
	f.Add("\"weight multiplier, α\",\"learning rate, η\",final loss (nats)\n0.5,0.01,1\n1,0.01,2\n0.5,0.1,NaN\n1,0.1,+Inf\n")
	fuzzFile(f, result.ReadGrid, result.WriteGrid)
}

func FuzzReadTable(f *testing.F) {
	f.Add("claim,verdict\nR1,\"depends, on the optimizer\"\nG4,\"a line\nand another\"\n")
	f.Add("label,b\n\"a\r\r\nb\",c\n")
	f.Add("a\n\"\"\n")
	f.Add("a\n\\.\n")
	fuzzFile(f, result.ReadTable, result.WriteTable)
}

// fuzzFile compares by what is printed, since a NaN is not equal to itself.
func fuzzFile[T any](f *testing.F, read func(r io.Reader) (T, error), write func(w io.Writer, value T) error) {
	f.Fuzz(func(t *testing.T, file string) {
		value, err := read(strings.NewReader(file))
		if err != nil {
			if strings.ContainsAny(err.Error(), "\r\n") {
				t.Errorf("an error of several lines: %q", err)
			}
			return
		}
		var out bytes.Buffer
		if err := write(&out, value); err != nil {
			t.Fatalf("%+v was read and cannot be written: %v", value, err)
		}
		text := out.String()
		again, err := read(&out)
		if err != nil {
			t.Fatalf("%q was written and cannot be read: %v", text, err)
		}
		if a, b := fmt.Sprintf("%+v", value), fmt.Sprintf("%+v", again); a != b {
			t.Errorf("%q is read as\n%s\nand written as %q, which is read as\n%s", file, a, text, b)
		}
	})
}
