package plots_test

import (
	"fmt"
	"os"
	"path/filepath"

	"alphascale/lib/result"
	"alphascale/plots"
)

// A figure for one column of an ICML paper, with its caption in a file beside it.
func ExampleFigure_ForPaper() {
	folder, err := os.MkdirTemp("", "paper")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(folder)
	var runs []result.Series
	for _, alpha := range []float64{0.5, 1, 2} {
		runs = append(runs, descent(alpha, 0.05*alpha*alpha))
	}
	fan, err := plots.LossFan(runs, plots.Title("SGD at one learning rate"))
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := fan.ForPaper(folder, "fan", plots.ICML.Column); err != nil {
		fmt.Println(err)
	}
	files, _ := filepath.Glob(filepath.Join(folder, "*"))
	for _, file := range files {
		fmt.Println(filepath.Base(file))
	}
	// Output:
	// fan.caption.txt
	// fan.csv
	// fan.pdf
	// fan.svg
	// fan.tex
}
