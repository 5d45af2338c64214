package diagnose_test

import (
	"fmt"
	"log"
	"math"

	"alphascale/lib/diagnose"
	"alphascale/lib/training"
)

// Three layers of weights in a run of 200 steps: a step should change them by 1/600 to a third of their norm.
func ExampleRange() {
	low, high := diagnose.Range(3, 200)
	fmt.Printf("%.4f to %.4f\n", low, high)
	// Output: 0.0017 to 0.3333
}

// A run that recorded its loss alone still has findings; instruments name weights and causes.
func ExampleFindings() {
	loss := []float64{2.3, 2.1, 8, 300, math.Inf(1)}
	run, err := training.Restore(training.Settings{Alpha: 1, Steps: 100}, loss, nil)
	if err != nil {
		log.Fatal(err)
	}
	for _, finding := range diagnose.Findings(run) {
		fmt.Println(finding.Since, finding.What)
	}
	// Output: 4 the loss is not finite after 4 steps; their size was not recorded
}
