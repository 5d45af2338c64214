package claim

import (
	"context"
	"fmt"
	"strings"

	"alphascale/lib/lab"
)

// Print judges the claims with the given ids, as Some does, and prints each verdict, that in the article's own setting, and what
// changes it: the last cell of a chapter.
func Print(ctx context.Context, l *lab.Lab, progress func(done, total int), ids ...string) error {
	entries, err := Some(ctx, l, progress, ids...)
	for _, entry := range entries {
		fmt.Printf("%s: %s. ", entry.ID, entry.Verdict)
		if entry.Reason != "" {
			fmt.Printf("%s.\n", entry.Reason)
			continue
		}
		if entry.By != "" {
			fmt.Printf("In its own setting, %s: %s.\n", short(entry.Setting, nil), entry.Own)
		} else {
			fmt.Printf("In the article's own setting, u = α·w on one layer: %s.\n", entry.Own)
		}
		if changes := entry.Changes(); len(changes) > 0 {
			fmt.Printf("   What changes it: %s.\n", strings.Join(changes, "; "))
		}
	}
	return err
}
