package dataset

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"sync"
)

//go:embed digits.csv.gz
var digitsFile []byte

// digitsMax is the largest pixel value of the digits.
const digitsMax = 16

// Digits returns the 1,797 handwritten digits of the test part of "Optical Recognition of Handwritten Digits" (Alpaydin &
// Kaynak 1998, UCI Machine Learning Repository, doi:10.24432/C50P49): 8 × 8 pixels, here scaled from 0..16 to 0..1, in
// the order of the file, and the classes 0 to 9.
func Digits() Set { return digits() }

var digits = sync.OnceValue(func() Set {
	set, err := ReadCSV(bytes.NewReader(digitsFile), "digits", digitsMax)
	if err != nil {
		panic(err) // the file is part of the program
	}
	set.Classes = 10
	return set
})

// ReadCSV reads a gzip-compressed table of pixels 0..largest with the label in the last column and scales the pixels to
// 0..1. A damaged file, a row of another length, a pixel out of range and a label that is not a whole number are errors
// that name the row; rows count from 1.
func ReadCSV(r io.Reader, name string, largest float64) (Set, error) {
	zipped, err := gzip.NewReader(r)
	if err != nil {
		return Set{}, fmt.Errorf("data set %q is not a gzip file: %w", name, err)
	}
	set := Set{Name: name}
	rows := csv.NewReader(zipped)
	rows.ReuseRecord = true
	for n := 1; ; n++ {
		fields, err := rows.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return Set{}, fmt.Errorf("data set %q, row %d: %w; copy the file anew", name, n, err)
		}
		if err := set.add(fields, largest); err != nil {
			return Set{}, fmt.Errorf("data set %q, row %d: %w", name, n, err)
		}
	}
	return set, set.Check()
}

// add appends one row of text fields.
func (s *Set) add(fields []string, largest float64) error {
	last := len(fields) - 1
	if last < 1 {
		return fmt.Errorf("%d columns: at least one pixel and a label are needed", len(fields))
	}
	for _, field := range fields[:last] {
		pixel, err := strconv.ParseFloat(field, 64)
		if err != nil || !(pixel >= 0 && pixel <= largest) {
			return fmt.Errorf("pixel %q is not a number from 0 to %g", field, largest)
		}
		s.Inputs = append(s.Inputs, pixel/largest)
	}
	label, err := strconv.Atoi(fields[last])
	if err != nil || label < 0 {
		return fmt.Errorf("label %q is not a class 0, 1, 2, …", fields[last])
	}
	s.Labels = append(s.Labels, label)
	s.Classes = max(s.Classes, label+1)
	s.Shape = []int{last}
	return nil
}
