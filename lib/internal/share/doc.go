// Package share divides runs among processes that see one folder and nothing else of each other: on one machine, or on the nodes
// of a cluster over NFS, Lustre and the like. A lock of the system's (flock) cannot be relied on there. What can is that
// link(2) either makes a name or says that there is one.
//
// A process has a file of its own, its [Holder]'s, and touches it every few seconds. A claim to a run is a link to that file,
// so one touch shows that all claims of the process are alive, and a claim names its holder. A claim whose holder is dead is
// not removed, since two who find it dead would remove each other's: the next generation is claimed beside it,
// which again one alone can. A result gets its name by link(2) too, so that the first stays: a holder that was taken for
// dead, and was only slow, changes nothing.
//
// A holder is dead if its process has gone, where that can be seen, or if its file has not been touched for [Patience], by
// the clock of whoever waits. No two clocks are compared.
package share
