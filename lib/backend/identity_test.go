package backend_test

import (
	"strings"
	"testing"

	"alphascale/lib/backend"
	"alphascale/lib/machine"
)

// TestIdentityKnowsTheMachine keeps results apart whose last digits may differ: of another processor, of other flags.
func TestIdentityKnowsTheMachine(t *testing.T) {
	t.Setenv("GOMLX_BACKEND", "go")
	seen := map[string]string{}
	for _, flags := range []string{"", "--xla_cpu_max_isa=AVX2", "--xla_cpu_max_isa=SSE4_2"} {
		t.Setenv("XLA_FLAGS", flags)
		identity, err := backend.Identity()
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(identity, machine.Processor()) {
			t.Errorf("the identity %q does not name the processor %q", identity, machine.Processor())
		}
		if other, found := seen[identity]; found {
			t.Errorf("flags %q and %q have the same identity %q", flags, other, identity)
		}
		seen[identity] = flags
	}
}
