package share

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"alphascale/lib/result"
)

// simulation is what a division of runs among tasks came to.
type simulation struct {
	tasks, runs, calls int
	lost               float64 // share of the tasks' time in which they made no run
	took               time.Duration
	made               map[string]int
}

// simulate divides runs among tasks on nodes of their own; ahead is how many each may claim before
// their time.
func simulate(t *testing.T, tasks, runs int, each, delay time.Duration, ahead int) simulation {
	t.Helper()
	out := simulation{tasks: tasks, runs: runs, made: map[string]int{}}
	synctest.Test(t, func(t *testing.T) {
		files := &slow{files: map[string]*inode{}, folders: map[string]map[string]bool{}}
		var names []string
		for i := range runs {
			names = append(names, fmt.Sprintf("%02x%06d", i*7919%256, i))
		}
		for i := range 256 {
			_ = files.MkdirAll(fmt.Sprintf("claims/%02x", i))
			_ = files.MkdirAll(fmt.Sprintf("marks/%02x", i))
		}
		for _, folder := range []string{"claims/holders", "results"} {
			_ = files.MkdirAll(folder)
		}
		ranges := Ranges{"ranges", runs, tasks}
		if err := ranges.Prepare(files); err != nil {
			t.Fatal(err)
		}
		files.delay = delay
		files.calls.Store(0)
		begin := time.Now()
		var all sync.WaitGroup
		var mu sync.Mutex
		var total, useful time.Duration
		for i := range tasks {
			all.Go(func() {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				h := newHolder(files, "claims", elsewhere(fmt.Sprint("n", i)), Beat, Patience)
				task := &Task{
					Files: files, Holder: h, Ranges: ranges, Index: i, Runs: names, Workers: 1, most: ahead,
					Mark: func(run string) string { return "marks/" + run[:2] + "/" + run },
					Make: func(ctx context.Context, _ int, run string) (Result, error) {
						time.Sleep(each)
						mu.Lock()
						defer mu.Unlock()
						out.made[run]++
						useful += each
						return Result{[]byte(run), "results/" + run, "marks/" + run[:2] + "/" + run}, nil
					},
				}
				if err := task.Run(ctx); err != nil {
					t.Error(err)
				}
				mu.Lock()
				total += time.Since(begin)
				mu.Unlock()
				h.Close()
			})
		}
		all.Wait()
		out.took = time.Since(begin)
		out.calls = int(files.calls.Load())
		out.lost = 1 - float64(useful)/float64(total)
	})
	return out
}

var overhead = flag.String("overhead", "", "a CSV file to write what tasks lose to, for the figure in lib/cluster")

// serial is how many calls a task waits for before its first run and after its last; all others go on beside runs.
const serial = 17

// Tasks lose to the file system what they wait for before the first run and after the last, however many they are: with c calls of
// δ, n runs a task and t a run, the share c·δ/(c·δ + n·t). Who claims each run when it begins, the control, loses at every one.
func TestSimulation(t *testing.T) {
	const each, delay, runs = 7 * time.Millisecond, 2 * time.Millisecond, 100
	numbers := []int{1, 10, 100, 1000}
	if *overhead != "" {
		numbers = []int{1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1000}
	}
	of := func(label string) result.Series {
		return result.Series{Label: label, X: result.Quantity{Name: "tasks"}, Y: result.Quantity{Name: "time lost", Unit: "%"}}
	}
	lost, bylaw := of("simulated"), of("by the law")
	for _, tasks := range numbers {
		if testing.Short() && tasks > 100 {
			continue
		}
		s := simulate(t, tasks, runs*tasks, each, delay, mostAhead)
		law := serial * delay.Seconds() / (serial*delay.Seconds() + runs*each.Seconds())
		calls := float64(s.calls) / float64(s.runs)
		t.Logf("%d tasks, %d runs: %.1f %% lost, by the law %.1f %%, %.2f calls a run, %v", tasks, s.runs, 100*s.lost, 100*law, calls, s.took)
		if len(s.made) != s.runs || calls > 10 {
			t.Errorf("%d of %d runs were made, by %.2f calls each", len(s.made), s.runs, calls)
		}
		lost.Xs, bylaw.Xs = append(lost.Xs, float64(tasks)), append(bylaw.Xs, float64(tasks))
		lost.Ys, bylaw.Ys = append(lost.Ys, 100*s.lost), append(bylaw.Ys, 100*law)
		if (tasks == 1 || tasks > 64) && (s.lost > 0.05 || s.lost < law/1.5 || s.lost > 1.5*law) { // of a few each waits for the last
			t.Errorf("%d tasks lose %.3f, and the law says %.3f", tasks, s.lost, law)
		}
		for run, times := range s.made {
			if times != 1 {
				t.Errorf("run %s was made %d times", run, times)
			}
		}
	}
	if *overhead != "" {
		file, err := os.Create(*overhead)
		if err == nil {
			err = errors.Join(result.WriteSeries(file, []result.Series{lost, bylaw}), file.Close())
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if s := simulate(t, 10, 1000, each, delay, 0); s.lost < 0.3 {
		t.Errorf("without claims ahead %.3f is lost", s.lost)
	}
}
