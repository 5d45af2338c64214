package subject_test

import (
	"fmt"
	"strings"
	"testing"

	"alphascale/lib/dataset"
	"alphascale/lib/network"
	"alphascale/lib/probe"
	"alphascale/lib/subject"

	"github.com/gomlx/compute/dtypes"
)

// The same model and data, at a point in weight space or in a training.
func ExampleOf() {
	digits := subject.Of(network.MLP{Hidden: []int{16}, Outputs: 10}.Model, dataset.Digits().First(100))
	p, err := probe.New(probe.Config{Subject: digits, Seed: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer p.Finalize()
	f, _, err := p.Outputs()
	fmt.Println(len(f), "outputs:", err)
	// Output:
	// 1000 outputs: <nil>
}

func TestResolve(t *testing.T) {
	model, digits := network.MLP{Outputs: 10}.Model, dataset.Digits()
	s, err := subject.Of(model, digits).Resolve(dtypes.Float64)
	if err != nil || s.DType != dtypes.Float64 || s.Loss == nil || s.Store == nil || s.Backend == nil {
		t.Errorf("a default is missing in %+v (%v)", s, err)
	}
	if s, _ = (subject.Subject{Model: model, Data: digits, DType: dtypes.Float32}).Resolve(dtypes.Float64); s.DType != dtypes.Float32 {
		t.Errorf("the dtype asked for gives way to %s", s.DType)
	}
	for says, s := range map[string]subject.Subject{
		"Model":       subject.Of(nil, digits),
		"\"digits\"":  subject.Of(model, digits.First(0)),
		"does not co": {Model: model, Data: digits, DType: dtypes.S4},
	} {
		if _, err := s.Resolve(dtypes.Float64); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("error %v should say %q", err, says)
		}
	}
}
