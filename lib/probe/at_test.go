package probe_test

import (
	"slices"
	"strings"
	"testing"

	"alphascale/lib/backend"
	"alphascale/lib/dataset"
	"alphascale/lib/network"
	"alphascale/lib/probe"
	"alphascale/lib/subject"

	"github.com/gomlx/gomlx/core/tensors"
)

// A probe at other values is one that was made with them, whichever of the two computes first, and leaves the first as it is.
func TestAt(t *testing.T) {
	model, data := network.MLP{Hidden: []int{5}, Outputs: 10}.Model, dataset.Digits().First(20)
	outputs := func(p *probe.Probe) []float64 {
		t.Helper()
		f, _, err := p.Outputs()
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	here, other := probeAt(t, model, data), probeOn(t, backend.Interpreter, probe.Config{Subject: subject.Of(model, data), Seed: 7})
	values, err := other.Values()
	if err != nil {
		t.Fatal(err)
	}
	before := outputs(here)
	there, err := here.At(values)
	if err != nil {
		t.Fatal(err)
	}
	if got := outputs(there); !slices.Equal(got, outputs(other)) || slices.Equal(got, before) {
		t.Error("the outputs are not those of the other values")
	}
	if !slices.Equal(outputs(here), before) {
		t.Error("the first probe has other values now")
	}
	const path = "/layer_0/dense/weights"
	if _, err := here.At(map[string]*tensors.Tensor{path: tensors.FromValue([]float64{1})}); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("a value of another shape: error %v", err)
	}
}
