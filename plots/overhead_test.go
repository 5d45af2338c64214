package plots_test

import (
	"os"
	"testing"

	"alphascale/lib/result"
	"alphascale/plots"

	"gonum.org/v1/plot/vg"
)

// TestOverhead draws what lib/cluster/README.md shows: what tasks lose to the file system in the simulation, and by the law.
// `go test ./lib/internal/share -run TestSimulation -overhead FILE` makes the data.
func TestOverhead(t *testing.T) {
	file, err := os.Open("../lib/cluster/overhead.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	series, err := result.ReadSeries(file)
	if err != nil || len(series) != 2 {
		t.Fatalf("%d series, %v", len(series), err)
	}
	for i, tasks := range series[0].Xs {
		if lost := series[0].Ys[i]; tasks > 64 && lost > 5 {
			t.Errorf("%g tasks lose %g %%", tasks, lost)
		}
	}
	figure, err := plots.Compose(plots.Axes{LogX: true}, []plots.Mark{plots.Dots(series[0]), plots.Lines(series[1]), plots.Level(5, "5 %")})
	if err != nil {
		t.Fatal(err)
	}
	svg, err := figure.SVG(14 * vg.Centimeter)
	if err != nil {
		t.Fatal(err)
	}
	const picture = "../lib/cluster/overhead.svg"
	if *update {
		err = os.WriteFile(picture, svg, 0o666)
	} else {
		_, err = os.Stat(picture)
	}
	if err != nil {
		t.Errorf("%v: run go test ./plots -run TestOverhead -update", err)
	}
}
