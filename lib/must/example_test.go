package must_test

import (
	"fmt"
	"strconv"

	"alphascale/lib/must"
)

// Where there is an error, Get prints it and ends the cell.
func ExampleGet() {
	fmt.Println(must.Get(strconv.ParseFloat("0.125", 64)))
	// Output: 0.125
}
