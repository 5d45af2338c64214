package plots

import (
	"context"
	"slices"
	"syscall"
	"testing"
	"time"

	"alphascale/lib/subject"

	digits "alphascale/lib/dataset"
	"alphascale/lib/diagnose"
	"alphascale/lib/network"
	"alphascale/lib/optim"
	"alphascale/lib/training"
)

// BenchmarkWatch trains one run alone and watched by turns, the watched one with its monitor drawn as in a notebook and at
// the same pace. It reports what watching costs, as the ratio of the medians of wall and of CPU time and of the minima;
// one iteration is one pair, so ask for -benchtime=9x or more.
func BenchmarkWatch(b *testing.B) {
	p, err := training.Compile(training.Config{
		Subject:     subject.Of(network.MLP{Hidden: slices.Repeat([]int{32}, 6), Outputs: 10}.Model, digits.Digits()),
		Optimizer:   optim.New(optim.SGD),
		Steps:       15_000,
		Instruments: diagnose.Instruments(),
	})
	if err != nil {
		b.Fatal(err)
	}
	defer p.Finalize()
	drawn := 0
	var live pace
	ctx := training.WithWatch(b.Context(), func(soFar *training.Run) {
		err := live.keep(func() error {
			drawn++
			figure, err := Monitor(diagnose.Gauges(soFar))
			if err == nil {
				_, err = figure.image()
			}
			return err
		})
		if err != nil {
			b.Error(err)
		}
	})
	timed := func(ctx context.Context) [2]time.Duration {
		start, cpu := time.Now(), cpuTime(b)
		s := training.Settings{Alpha: 1, Hyper: optim.Values{optim.LearningRate: 0.01}, Seed: 1}
		if _, err := p.RunAll(ctx, []training.Settings{s}, nil); err != nil {
			b.Fatal(err)
		}
		return [2]time.Duration{time.Since(start), cpuTime(b) - cpu}
	}
	timed(ctx) // learns how long a step takes
	drawn = 0
	var took [2][2][]time.Duration // alone and watched; wall and CPU
	for n := 0; b.Loop(); n++ {
		for i := range 2 {
			watched := (i + n) % 2 // each goes first every other time
			for clock, t := range timed([]context.Context{b.Context(), ctx}[watched]) {
				took[watched][clock] = append(took[watched][clock], t)
			}
		}
	}
	for clock, name := range []string{"wall", "cpu"} {
		alone, watched := took[0][clock], took[1][clock]
		slices.Sort(alone)
		slices.Sort(watched)
		middle := len(alone) / 2
		b.ReportMetric(float64(watched[middle])/float64(alone[middle]), name+"-ratio")
		b.ReportMetric(float64(watched[0])/float64(alone[0]), name+"-ratio-of-minima")
	}
	b.ReportMetric(float64(drawn)/float64(len(took[1][0])), "drawings/run")
}

func cpuTime(b *testing.B) time.Duration {
	b.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
