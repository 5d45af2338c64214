package result_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"alphascale/lib/result"
)

func ExampleResponse() {
	square := result.Response(func(alpha float64) (float64, error) { return 5 * alpha * alpha, nil })
	fit, err := square.Relative().Fit("penalty", result.Quantity{Name: "multiple of the value at α = 1"}, 0.5, 1, 2, 4)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(fit.Points.Ys, fit)
	// Output: [0.25 1 4 16] 2.000
}

func TestResponseErrors(t *testing.T) {
	broken := errors.New("no such layer")
	for name, test := range map[string]struct {
		of   result.Response
		says string
	}{
		"a measurement that fails":  {func(alpha float64) (float64, error) { return math.NaN(), broken }, "no such layer"},
		"fails away from one":       {func(alpha float64) (float64, error) { return 1, map[bool]error{true: broken}[alpha == 2] }, "at α = 2: no such layer"},
		"nothing to be relative to": {func(float64) (float64, error) { return 0, nil }, "0 at α = 1"},
		"a negative quantity":       {func(alpha float64) (float64, error) { return 3 - 2*alpha, nil }, "positive"},
	} {
		_, err := test.of.Relative().Fit("label", result.Quantity{Name: "quantity"}, 0.5, 1, 2, 4)
		if err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: %v, want a word on %q", name, err, test.says)
		}
	}
	calls := 0
	counted := result.Response(func(alpha float64) (float64, error) {
		calls++
		return alpha, nil
	})
	if _, err := counted.Relative().Fit("label", result.Quantity{Name: "quantity"}, 1, 2, 4); err != nil || calls != 4 {
		t.Errorf("%d measurements, want 4: %v", calls, err)
	}
}
