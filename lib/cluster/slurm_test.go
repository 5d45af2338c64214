package cluster

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// An array on two nodes, and on four, makes every run once, as this process makes it.
func TestArray(t *testing.T) {
	for _, nodes := range []int{2, 4} {
		t.Run(string(rune('0'+nodes))+" nodes", func(t *testing.T) {
			slurmOf(t, nodes)
			folder := t.TempDir()
			c := startCell(t, folder, 24, 400, nodes)
			c.ends(t)
			sameAsHere(t, folder)
			there, said := made(folder)
			if there != 96 || said != 96 {
				t.Errorf("%d runs are there, and %d were made", there, said)
			}
			if !strings.Contains(c.out.String(), "done") || !strings.Contains(c.out.String(), "n1 (") {
				t.Errorf("the cell says %q", c.out.String())
			}
			t.Log(c.out.String())
			if left, _ := filepath.Glob(filepath.Join(folder, ".claims", "*", "*")); len(left) > 0 {
				t.Errorf("claims are left: %v", left)
			}
			_ = os.Stdout
		})
	}
}
