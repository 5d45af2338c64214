package claim_test

import (
	"context"
	"fmt"
	"log"

	"alphascale/lib/claim"
	"alphascale/lib/lab"
)

// A claim of the article, judged on the lab's networks by what is measured.
func ExampleClaim_Judge() {
	w1, err := claim.ByID("W1")
	if err != nil {
		log.Fatal(err)
	}
	l := lab.New(lab.Quick)
	defer l.Close()
	entry := w1.Judge(context.Background(), l)
	fmt.Println(entry.Says)
	fmt.Println(entry.Verdict)
	fmt.Println(entry.Own) // in the article's own setting
	// Output:
	// Scaled weights w' = αw are larger for α > 1 and smaller for α < 1.
	// depends
	// true
}
