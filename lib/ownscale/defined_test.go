package ownscale

import (
	"errors"
	"testing"
)

// TestRulesAreDefined says why the library takes no rule of the package, if it does not.
func TestRulesAreDefined(t *testing.T) {
	if err := errors.Join(errPaperAdamW, errAdamAtan2, errMuonPlain, errMuonJordan, errMuonSpectral, errMuonMoonlight); err != nil {
		t.Error(err)
	}
}
