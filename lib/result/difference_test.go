package result_test

import (
	"math"
	"testing"

	"alphascale/lib/result"
)

func TestRelativeDifference(t *testing.T) {
	for _, row := range []struct {
		a, b []float64
		want float64
	}{
		{[]float64{1, -2, 4}, []float64{1, -2, 4}, 0},
		{[]float64{1, -2, 4}, []float64{1, -3, 5}, 0.5},
		{[]float64{1, 2}, []float64{1}, math.Inf(1)},
	} {
		if got := result.RelativeDifference(row.a, row.b); got != row.want {
			t.Errorf("%v and %v differ by %g, want %g", row.a, row.b, got, row.want)
		}
	}
}
