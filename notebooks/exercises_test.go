package notebooks_test

import (
	"regexp"
	"strings"
	"testing"
)

var (
	exerciseSection = regexp.MustCompile(`(?s)## Exercises\n(.*?)<details><summary>Solutions</summary>(.*?)</details>`)
	numbered        = regexp.MustCompile(`(?m)^\d+\. `)
	solutionCode    = regexp.MustCompile("(?s)```go\n(.*?)```")
)

// TestExercises asks each chapter for exercises with a solution to each: a derivation and a prediction among them, and a solution in
// code that says what it prints. TestRun runs the code.
func TestExercises(t *testing.T) {
	for _, path := range paths(t) {
		t.Run(path, func(t *testing.T) {
			found := exerciseSection.FindStringSubmatch(strings.Join(texts(read(t, path)), "\n"))
			if found == nil {
				t.Fatal("there is no section of exercises with a fold of solutions")
			}
			exercises, solutions := found[1], found[2]
			if asked, solved := len(numbered.FindAllString(exercises, -1)), len(numbered.FindAllString(solutions, -1)); asked != solved {
				t.Errorf("%d exercises and %d solutions", asked, solved)
			}
			for _, kind := range []string{"**Derive.**", "**Predict.**"} {
				if !strings.Contains(exercises, kind) {
					t.Errorf("no exercise begins with %s", kind)
				}
			}
			code := solutionCode.FindAllStringSubmatch(solutions, -1)
			if len(code) == 0 {
				t.Error("no solution is code that a test runs")
			}
			for _, block := range code {
				if !strings.Contains(block[1], "// expect: ") {
					t.Errorf("a solution does not say what it prints:\n%s", block[1])
				}
			}
		})
	}
}
