package training

// KeepBytes changes how much memory initial values are kept in and returns what changes it back.
func KeepBytes(n int) (restore func()) {
	before := keptBytes
	keptBytes = n
	return func() { keptBytes = before }
}

// Estimate is the memory that a run is taken to need.
func Estimate(p *Program) float64 { return sum(p.parts()) }

// Turned reports whether the loop keeps the data set with the examples in columns.
func Turned(p *Program) bool { return p.turned }
