package training

import (
	"alphascale/lib/backend"

	"github.com/gomlx/compute"
)

// Backend returns the backend that everything here runs on; see backend.Open.
func Backend() (compute.Backend, error) { return backend.Open() }
