package claim

import (
	"context"
	"fmt"

	"alphascale/lib/lab"
)

// Print judges the claims with the given ids, as Some does, and prints each verdict with what changes it: the last cell of a
// chapter.
func Print(ctx context.Context, l *lab.Lab, progress func(done, total int), ids ...string) error {
	entries, err := Some(ctx, l, progress, ids...)
	for _, entry := range entries {
		fmt.Printf("%s: %s. ", entry.ID, entry.Verdict)
		if entry.Reason != "" {
			fmt.Printf("%s. ", entry.Reason)
		}
		if entry.Flips != "" {
			fmt.Printf("What changes it: %s.", entry.Flips)
		}
		fmt.Println()
	}
	return err
}
