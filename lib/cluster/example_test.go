package cluster_test

import (
	"context"
	"fmt"
	"time"

	"alphascale/lib/cluster"
	"alphascale/lib/optim"
	"alphascale/lib/sweep"
)

// A sweep is made on a cluster by one more line. Where there is no Slurm, as here, the call says so.
func Example() {
	spec := sweep.Spec{Folder: "/shared/me/widths", Axes: []sweep.Axis{
		sweep.Alpha(sweep.PowersOfTwo(-3, 3)...), sweep.Hyper(optim.LearningRate, sweep.PowersOfTwo(-8, 0)...), sweep.Seed(20),
	}}
	// spec.Setup says what is trained, as without a cluster.
	spec.On = cluster.Slurm{Partition: "short", Tasks: 32, Time: time.Hour, Memory: "4G"}
	if _, err := sweep.Run(context.Background(), spec); err != nil {
		fmt.Println("the sweep says what is missing")
	}
	// Output: the sweep says what is missing
}
