package ownscale_test

import (
	"encoding/csv"
	"os"
	"strconv"
	"testing"

	"alphascale/lib/dataset"
	"alphascale/lib/internal/testkit"
	"alphascale/lib/network"
	"alphascale/lib/subject"
)

// elsewhere are the rows that an independent program printed, without their head.
func elsewhere(t *testing.T, file string) [][]string {
	t.Helper()
	in, err := os.Open("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	r := csv.NewReader(in)
	r.Comment = '#'
	rows, err := r.ReadAll()
	if err != nil || len(rows) < 5 {
		t.Fatalf("%s has %d rows, %v", file, len(rows), err)
	}
	return rows[1:]
}

func number(t *testing.T, cell string) float64 {
	t.Helper()
	return testkit.Must[float64](t)(strconv.ParseFloat(cell, 64))
}

// perceptron is the other program's network on its digits.
func perceptron() subject.Subject {
	return subject.Of(network.MLP{Hidden: []int{64}, Outputs: 10, NoBias: true}.Model, dataset.Digits().First(128))
}
