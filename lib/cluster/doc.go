// Package cluster makes a sweep on the nodes of a cluster: the same call of sweep.Run, with
//
//	spec.On = cluster.Slurm{Partition: "short", Tasks: 32, Time: time.Hour, Memory: "4G"}
//	spec.Folder = "/shared/me/sweep" // that every node sees
//
// The program copies itself and XLA's plugin into the folder and submits an array of itself. Each task comes to the same sweep.Run and makes
// runs there until none is left; the call that submitted watches, and returns the sweep's result when all runs are there. It may be stopped, and
// made again: it finds its job and goes on watching. What a program does before sweep.Run each of its tasks does too.
//
// # The contract with the engine
//
// A job is a folder, .jobs/SWEEP/N below the sweep's, with manifest.json (the runs, and among how many tasks they are divided), the program, the
// tasks' logs and what each says of itself. A task is the program with ALPHASCALE_JOB, that folder, and ALPHASCALE_TASK, its index, in its
// environment. Nothing else is asked of an engine than to start tasks, and to start again those that died; a task that is started twice,
// or never, costs time and no run. SIGTERM ends a task: what it made is kept, and of a run that has gone on for ten seconds a checkpoint.
//
// [Script] writes what Slurm would be given, to be changed and submitted by hand, and [Kubernetes] an Indexed Job for an image.
package cluster
