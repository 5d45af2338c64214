package sweep

import (
	"os"
	"path/filepath"
)

// Cache is the folder for a Spec whose results are kept between the sessions of a notebook: one of this project's in the user's
// cache, of the given name. Where the user has no such folder it is one in the system's folder for temporary files.
func Cache(name string) string {
	folder, err := os.UserCacheDir()
	if err != nil {
		folder = os.TempDir()
	}
	return filepath.Join(folder, "alphascale", name)
}
