package claim

import (
	"fmt"
	"math"
	"strings"

	"alphascale/lib/diagnose"
	"alphascale/lib/instrument"
	"alphascale/lib/result"
	"alphascale/lib/training"

	"gonum.org/v1/gonum/stat"
)

// monitor is a number to watch at the first step, and the range in which it should lie.
type monitor struct {
	name      string
	low, high float64
	of        func(r *training.Run) (float64, error)
}

// The monitors. The ranges of a step are those of diagnose.Range, which says where they come from. With a ratio of signals
// out of 1/L to L, L the number of layers of weights, the layer at one end moves further than L layers at the pace of the
// other end together: the depth is of no use.
//
// Networks of width 32 scatter about the law, which is that of wide ones: over thirty seeds the signal misjudges two runs of
// 300, one that fails at 6.8 and one at 2.0, and in the ReLU network the ratio three of 150. So what is judged is the geometric
// mean over the seeds, and whether most runs fail. Over those thirty the failing and the learning means nearest to a limit
// are 0.060 and 0.34 for the lower one of the signal, 17 and 2.9 for the upper; in the ReLU network 0.00044 and 0.022 for
// the lower one of the ratio, 1.8 and 0.022 for the upper. The ratios of tanh networks that fail by a large α lie about
// 1/L, at 0.07 to 0.22, so there the ratio is not asked.
var (
	signalRatio = monitor{
		"backward signal of the first hidden layer over that of the last", 1. / weightLayers, weightLayers,
		recordedRatio(instrument.GradientNorm(), "biases"),
	}
	weightRatio = monitor{
		"gradient norm by the weights of the first hidden layer over that of the last", 1. / weightLayers, weightLayers,
		recordedRatio(instrument.GradientNorm(), "weights"),
	}
	updateRatio = stepMonitor("update-to-weight ratio", instrument.UpdateRatio())
	stepAngle   = stepMonitor("angle of a step", instrument.StepAngle())
)

const weightLayers = hiddenDepth + 1

// stepMonitor has the range of package diagnose, which is what is tested here.
func stepMonitor(name string, of instrument.Instrument) monitor {
	low, high := diagnose.Range(weightLayers, monitorSpan)
	return monitor{name, low, high, largestRecorded(of)}
}

// truth is 1 or 0.
func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// learned reports whether a run came more than half of the way from chance, ln 10 for guessing among ten classes, to no
// loss, on average over its last tenth.
func learned(r *training.Run) bool {
	if r.Diverged >= 0 {
		return false
	}
	last := r.Loss[len(r.Loss)-len(r.Loss)/10:]
	return stat.Mean(last, nil) < math.Log(10)/2
}

// mostLearned reports whether more than half of the runs learned.
func mostLearned(runs []*training.Run) bool {
	count := 0
	for _, run := range runs {
		if learned(run) {
			count++
		}
	}
	return 2*count > len(runs)
}

// alarm reports a value out of the range, or none.
func (m monitor) alarm(value float64) bool { return !(value >= m.low && value <= m.high) }

// alarms says of each α, whose runs differ in their seed, whether the monitor left its range at the first step, and what it
// was: the geometric mean over the seeds.
func (m monitor) alarms(runs [][]*training.Run, alphas []float64) ([]float64, result.Series, error) {
	var out []float64
	curve := result.Series{Label: m.name, X: result.Alpha(), Y: result.Quantity{Name: m.name}}
	for i, seeds := range runs {
		values := make([]float64, len(seeds))
		for k, run := range seeds {
			var err error
			if values[k], err = m.of(run); err != nil {
				return nil, curve, err
			}
		}
		mean := stat.GeometricMean(values, nil)
		out = append(out, truth(m.alarm(mean)))
		curve.Xs, curve.Ys = append(curve.Xs, alphas[i]), append(curve.Ys, mean)
	}
	return out, curve, nil
}

// recordedRatio divides what was recorded of the first hidden layer at the first step by the same of the last.
func recordedRatio(of instrument.Instrument, kind string) func(r *training.Run) (float64, error) {
	return func(r *training.Run) (float64, error) {
		first, err := r.Recorded(of.Name, "/layer_0/dense/"+kind)
		if err != nil {
			return 0, err
		}
		last, err := r.Recorded(of.Name, fmt.Sprintf("/layer_%d/dense/%s", hiddenDepth-1, kind))
		if err != nil {
			return 0, err
		}
		return first[0] / last[0], nil
	}
}

// largestRecorded is the larger of what was recorded of the two layers' weights at the first step.
func largestRecorded(of instrument.Instrument) func(r *training.Run) (float64, error) {
	return func(r *training.Run) (float64, error) {
		largest := 0.0
		for _, path := range r.Watched() {
			if strings.HasSuffix(path, "/weights") { // biases start at zero, where neither ratio nor angle exists
				values, err := r.Recorded(of.Name, path)
				if err != nil {
					return 0, err
				}
				largest = max(largest, values[0])
			}
		}
		return largest, nil
	}
}
