package sweep_test

import (
	"context"
	"fmt"
	"os"

	"alphascale/lib/subject"

	"alphascale/lib/dataset"
	"alphascale/lib/network"
	"alphascale/lib/optim"
	"alphascale/lib/sweep"
	"alphascale/lib/training"
)

// A grid of α and η for SGD. Without biases, 4 × 4 configurations are 10 different trainings, one for each α²·η; two of
// the others run all the same, to check that.
func ExampleRun() {
	folder, err := os.MkdirTemp("", "sweep")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(folder)
	data := dataset.Digits()
	net := network.MLP{Hidden: []int{16}, Outputs: data.Classes, NoBias: true}
	spec := sweep.Spec{
		Setup: sweep.Setup{
			Label: net.String(), Family: optim.SGD,
			Config: training.Config{Subject: subject.Of(net.Model, data), Steps: 100},
		},
		Axes: []sweep.Axis{
			sweep.Alpha(sweep.PowersOfTwo(-1, 2)...),
			sweep.Hyper(optim.LearningRate, sweep.PowersOfTwo(-8, -5)...),
		},
		Settings: training.Settings{Seed: 1},
		Folder:   folder,
		Verify:   2,
	}
	r, err := sweep.Run(context.Background(), spec)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%d points, %d runs, mismatch %q\n", len(r.Points), r.Computed, r.Mismatch)
	for _, p := range r.Points {
		if p.Folded {
			fmt.Printf("%s is %s\nby %s\n", p.At, r.Points[p.From].At, p.By)
			break
		}
	}
	r, err = sweep.Run(context.Background(), spec)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("again: %d runs, %d found\n", r.Computed, r.Found)
	// Output:
	// 16 points, 12 runs, mismatch ""
	// alpha = 2⁻¹, learning_rate = 2⁻⁶ is alpha = 1, learning_rate = 2⁻⁸
	// by L1: one α²·η
	// again: 0 runs, 12 found
}

// Optimizers and widths are compiled in: Build turns their values into programs, one compilation each.
func ExampleSpec_build() {
	data := dataset.Digits()
	r, err := sweep.Run(context.Background(), sweep.Spec{
		Build: func(at sweep.At) (sweep.Setup, error) {
			net := network.MLP{Hidden: []int{int(at.Value("width"))}, Outputs: data.Classes, NoBias: true}
			return sweep.Setup{
				Label: net.String(), Family: optim.Family(at.Label("optimizer")),
				Config: training.Config{Subject: subject.Of(net.Model, data), Steps: 20},
			}, nil
		},
		Axes: []sweep.Axis{
			sweep.Choice("optimizer", string(optim.SGD), string(optim.SignSGD)),
			sweep.Compiled("width", 8),
			sweep.Alpha(1, 2, 4),
			sweep.Hyper(optim.LearningRate, sweep.PowersOfTwo(-10, -8)...),
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%d points, %d runs: one for each α²·η, and one for each α·η\n", len(r.Points), r.Computed)
	// Output: 18 points, 12 runs: one for each α²·η, and one for each α·η
}

// A folder of runs is a table, for Go as for every program that reads Parquet.
func ExampleLoad() {
	runs, damaged, err := sweep.Load("testdata/none")
	fmt.Println(len(runs), len(damaged), err != nil)
	// Output: 0 0 true
}
