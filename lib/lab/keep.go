package lab

import (
	"context"
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"

	"alphascale/lib/probe"
	"alphascale/lib/result"
	"alphascale/lib/training"

	"github.com/gomlx/gomlx/core/tensors"
)

// Program compiles a training once for each key, which must name all that config says.
func (l *Lab) Program(key string, config func() (training.Config, error)) (*training.Program, error) {
	if p, found := l.shared.programs[key]; found {
		return p, nil
	}
	c, err := config()
	if err != nil {
		return nil, err
	}
	p, err := training.Compile(c)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", key, err)
	}
	l.shared.programs[key] = p
	return p, nil
}

// Probe builds a probe once for each key, which must name all that config says.
func (l *Lab) Probe(key string, config func() (probe.Config, error)) (*probe.Probe, error) {
	if p, found := l.shared.probes[key]; found {
		return p, nil
	}
	c, err := config()
	if err != nil {
		return nil, err
	}
	p, err := probe.New(c)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", key, err)
	}
	l.shared.probes[key] = p
	return p, nil
}

// Run trains, or returns the run that the lab has made with the same program and settings.
func (l *Lab) Run(ctx context.Context, key string, config func() (training.Config, error), settings ...training.Settings) ([]*training.Run, error) {
	p, err := l.Program(key, config)
	if err != nil {
		return nil, err
	}
	out := make([]*training.Run, len(settings))
	var missing []training.Settings
	for _, s := range settings {
		if l.shared.runs[runKey(key, s)] == nil {
			missing = append(missing, s)
		}
	}
	runs, err := p.RunAll(ctx, missing, nil)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", key, err)
	}
	for i, s := range missing {
		l.shared.runs[runKey(key, s)] = runs[i]
	}
	for i, s := range settings {
		out[i] = l.shared.runs[runKey(key, s)]
	}
	return out, nil
}

// Fits measures, or returns what the lab has measured under the same key, which must name all that the measurement depends on. Their
// predictions are whatever the measurement put there.
func (l *Lab) Fits(key string, measure func() ([]result.Fit, error)) ([]result.Fit, error) {
	if found, is := l.shared.fits[key]; is {
		return slices.Clone(found), nil
	}
	fits, err := measure()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", key, err)
	}
	l.shared.fits[key] = fits
	return slices.Clone(fits), nil
}

// runKey names a run by all of its settings. Initial values count by their bytes.
func runKey(key string, s training.Settings) string {
	initial := sha256.New()
	for _, path := range slices.Sorted(maps.Keys(s.Initial)) {
		fmt.Fprint(initial, path)
		// The error is that of a tensor without a value, which the run itself reports.
		_ = s.Initial[path].ConstBytes(func(data []byte) { initial.Write(data) })
	}
	s.Initial = nil
	return fmt.Sprintf("%s %v %x", key, s, initial.Sum(nil))
}

// Initial returns the values that a run of the program with the seed starts from.
func (l *Lab) Initial(key string, config func() (training.Config, error), seed int64) (map[string]*tensors.Tensor, error) {
	p, err := l.Program(key, config)
	if err != nil {
		return nil, err
	}
	return p.Initial(seed)
}
