package claim

import (
	"testing"

	"alphascale/lib/lab"
)

// checkMonitors reports an α, of seeds that the ledger does not use, whose failing and whose alarm by the backward signal
// differ with the limits where they are, wider, or narrower: by a quarter for each of three seeds alone, by half for the mean
// over five.
func checkMonitors(t *testing.T, l *lab.Lab) {
	for _, m := range monitoredNets() {
		for _, of := range []struct {
			seeds []int64
			wider float64
		}{{[]int64{6}, 1.25}, {[]int64{7}, 1.25}, {[]int64{8}, 1.25}, {[]int64{6, 7, 8, 9, 10}, 1.5}} {
			runs, err := rescaledRuns(t.Context(), l, m, of.seeds...)
			if err != nil {
				t.Fatal(err)
			}
			for _, wider := range []float64{1, of.wider, 1 / of.wider} {
				moved := signalRatio
				moved.low, moved.high = moved.low/wider, moved.high*wider
				alarms, curve, err := moved.alarms(runs, rescaledBy)
				if err != nil {
					t.Fatal(err)
				}
				for i, seeds := range runs {
					if (alarms[i] == 1) == mostLearned(seeds) {
						t.Errorf("%s, seeds %v, α = %g: the signal is %g within [%g, %g], and most runs learned: %t",
							m.net(), of.seeds, rescaledBy[i], curve.Ys[i], moved.low, moved.high, mostLearned(seeds))
					}
				}
			}
		}
	}
}
