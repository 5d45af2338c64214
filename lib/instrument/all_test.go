package instrument_test

import (
	"os"
	"strings"
	"testing"

	"alphascale/internal/declared"
)

// Each instrument that is declared is compared with the same quantity in plain Go: it stands in a table of instrument_test.go.
func TestInstrumentsAreAllTested(t *testing.T) {
	names, err := declared.Functions(".", "Instrument")
	if err != nil || len(names) == 0 {
		t.Fatalf("no instrument is found: %v", err)
	}
	tables, err := os.ReadFile("instrument_test.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if !strings.Contains(string(tables), "{instrument."+name+"(") {
			t.Errorf("instrument.%s is in no table of instrument_test.go: add it to TestInstruments or TestUnits", name)
		}
	}
}
