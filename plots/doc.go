// Package plots draws what the experiments measured: one chart per file, each a function from results to a [Figure].
//
// A Figure is shown in a notebook with [Figure.Show] and written with [Figure.Save] as PNG, SVG or PDF. Its Alt is a sentence that
// says what the picture shows, taken from its data. Colours are safe for the colour-blind: the Okabe-Ito set for things
// without an order, viridis for ordered α. The background is opaque, so a figure reads the same in a light and in a dark
// JupyterLab.
//
// What a chart was given and does not show, such as a value of zero on a logarithmic axis, it says in a note and in its Alt.
//
// The package reaches neither GoMLX nor XLA, and changes none of gonum/plot's package-level defaults.
package plots
