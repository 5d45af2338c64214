package plots_test

import (
	"os/exec"
	"strings"
	"testing"
)

// TestDirections holds the two rules of the layout: plots reaches neither GoMLX nor a backend, and nothing in lib reaches
// plots or the notebook.
func TestDirections(t *testing.T) {
	for _, rule := range []struct{ of, mustNotReach string }{
		{"alphascale/plots", "github.com/gomlx/"},
		{"alphascale/plots/...", "github.com/gomlx/"},
		{"alphascale/lib/result", "github.com/gomlx/"},
		{"alphascale/lib/result", "gonum.org/v1/plot"},
		{"alphascale/lib/...", "alphascale/plots"},
		{"alphascale/lib/...", "github.com/janpfeifer/gonb"},
	} {
		output, err := exec.Command("go", "list", "-deps", rule.of).Output()
		if err != nil {
			t.Fatalf("go list -deps %s: %v", rule.of, err)
		}
		for _, dependency := range strings.Fields(string(output)) {
			if strings.HasPrefix(dependency, rule.mustNotReach) {
				t.Errorf("%s reaches %s", rule.of, dependency)
			}
		}
	}
}
