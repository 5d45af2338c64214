package claim

import (
	"strings"

	"alphascale/lib/scaling"
	"alphascale/lib/training"

	"github.com/gomlx/gomlx/core/tensors"
)

// drawn returns the values that a run of the program with the seed starts from.
func (l *Lab) drawn(key string, config func() (training.Config, error), seed int64) (map[string]*tensors.Tensor, error) {
	p, err := l.program(key, config)
	if err != nil {
		return nil, err
	}
	return p.Initial(seed)
}

// rescaleWeights multiplies all weights by α and leaves biases as they are, zero.
func rescaleWeights(values map[string]*tensors.Tensor, alpha float64) (map[string]*tensors.Tensor, error) {
	var weights []string
	for path := range values {
		if strings.HasSuffix(path, "/weights") {
			weights = append(weights, path)
		}
	}
	return scaling.Rescale(values, weights, alpha, scaling.KeepMoments)
}
