// Package result holds what an experiment measured, with its labels and units, so that a chart, a table and a file
// say the same thing about it.
//
// A [Series] is a curve, a [Grid] a surface over two quantities, a [Fit] an exponent with its confidence interval, a [Table]
// anything that reads best in rows. Each can be written to a CSV file and read back without losing a bit. The package
// knows nothing of networks or of drawing: it is what lib hands to plots.
package result
