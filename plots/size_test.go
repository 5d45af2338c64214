package plots_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// TestFilesAreShort holds every file of code to what is read in one go.
func TestFilesAreShort(t *testing.T) {
	const most = 250
	checked := 0
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if name := entry.Name(); name == ".git" || name == ".lab" || name == "node_modules" || name == "report" {
				return filepath.SkipDir
			}
			return nil
		}
		if !slices.Contains([]string{".go", ".py", ".sh", ".mjs"}, filepath.Ext(path)) {
			return nil
		}
		text, err := os.ReadFile(path)
		if n := bytes.Count(text, []byte("\n")); n > most {
			t.Errorf("%s has %d lines, more than %d: divide it by topic", path, n, most)
		}
		checked++
		return err
	})
	if err != nil || checked < 100 {
		t.Fatalf("%d files were looked at (%v)", checked, err)
	}
}
