package plots

import (
	"fmt"

	"alphascale/lib/result"
)

// Response draws a quantity against α, or another factor, on logarithmic axes: a line with a marker at each point of each
// series, and dashed what a law predicts, where predicted is not empty. It is the chart for what follows no single power of
// α, such as the gradient of a unit that saturates; where there is one, ExponentFit says which.
//
// An error comes back if there are no measured series, if one fails its Check or shows other quantities than the first, or
// if no factor or no value is positive.
func Response(measured, predicted []result.Series, opts ...Option) (*Figure, error) {
	f, err := markedFigure(measured, predicted, apply("Response to α", opts), logBase)
	if err != nil {
		return nil, fmt.Errorf("response: %w", err)
	}
	return f, nil
}
