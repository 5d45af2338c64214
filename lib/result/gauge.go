package result

// Gauge is what a monitor shows in one small chart: curves over steps, and the range outside of which something is wrong.
type Gauge struct {
	Title  string
	Series []Series // may be empty while a run has not begun
	Y      Quantity // used while Series is empty
	Low    float64  // the lower threshold; 0 for none
	High   float64  // the upper threshold; 0 for none
	Steps  float64  // the steps that the run will take, so that the axis stays still while it runs; 0: as many as there are
}
