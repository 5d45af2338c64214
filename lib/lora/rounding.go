package lora

import (
	"fmt"
	"maps"
	"math"

	"alphascale/lib/backend"
	"alphascale/lib/law"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/tensors"
)

// Rounding is what the dtype of merged matrices could not hold. It counts elements of all adapted matrices.
type Rounding struct {
	Elements int
	Changed  int // those whose update, alpha·A·B, is not zero
	Lost     int // those of them that stay what they were
	Below    int // those of them whose update is less than half of a last place of the weight: what Lost should be
	OneWay   int // those that Unmerge does not bring back: they grew past a power of two, where a last place is twice as large

	errors, updates float64 // sums of squares
}

// Relative is the root mean square of the rounding errors over that of the updates; 0 if there was no update.
func (r Rounding) Relative() float64 {
	if r.updates == 0 {
		return 0
	}
	return math.Sqrt(r.errors / r.updates)
}

// LostShare is Lost, and PredictedShare Below, over Changed: 0 if there was no update.
func (r Rounding) LostShare() float64 { return share(r.Lost, r.Changed) }

// PredictedShare is the share of updates that the spacing of the format's numbers says is lost.
func (r Rounding) PredictedShare() float64 { return share(r.Below, r.Changed) }

func share(part, of int) float64 {
	if of == 0 {
		return 0
	}
	return float64(part) / float64(of)
}

// add counts the elements of one matrix.
func (r *Rounding) add(weight string, merged *tensors.Tensor, before, delta []float64) error {
	after, err := backend.Floats(merged)
	if err != nil {
		return err
	}
	back, err := added(weight, merged, after, delta, -1)
	if err != nil {
		return err
	}
	again, err := backend.Floats(back)
	if err != nil {
		return err
	}
	format, err := formatOf(merged.DType())
	if err != nil {
		return err
	}
	for i, d := range delta {
		e := after[i] - before[i] - d
		r.errors, r.updates = r.errors+e*e, r.updates+d*d
		r.Elements++
		r.OneWay += count(again[i] != before[i])
		r.Changed += count(d != 0)
		r.Lost += count(d != 0 && after[i] == before[i])
		r.Below += count(d != 0 && math.Abs(d) < format.Spacing(before[i])/2)
	}
	return nil
}

func count(is bool) int {
	if is {
		return 1
	}
	return 0
}

// formatOf is the number format of a dtype.
func formatOf(dtype dtypes.DType) (law.Format, error) {
	switch dtype {
	case dtypes.Float16:
		return law.Float16(), nil
	case dtypes.BFloat16:
		return law.BFloat16(), nil
	case dtypes.Float32:
		return law.Float32(), nil
	case dtypes.Float64:
		return law.Format{Name: "float64", FractionBits: 52, SmallestNormal: 0x1p-1022, Largest: math.MaxFloat64, Subnormals: true}, nil
	}
	return law.Format{}, fmt.Errorf("weights in %s: merge into float64, float32, bfloat16 or float16", dtype)
}

// Cast is a copy of the values with the adapted matrices rounded to a dtype, as which models are often kept. A and B stay as they are. A
// value that is missing, or out of the dtype's range, and a dtype that is none of the four float types are errors.
func (a *Adapter) Cast(values map[string]*tensors.Tensor, dtype dtypes.DType) (map[string]*tensors.Tensor, error) {
	if _, err := formatOf(dtype); err != nil {
		return nil, err
	}
	out := maps.Clone(values)
	for _, weight := range a.Adapted() {
		t, err := valueAt(values, weight)
		if err != nil {
			return nil, err
		}
		flat, err := backend.Floats(t)
		if err != nil {
			return nil, err
		}
		like, err := backend.Tensor(make([]float64, len(flat)), shapes.Make(dtype, t.Shape().Dimensions...))
		if err != nil {
			return nil, err
		}
		if out[weight], err = added(weight, like, flat, make([]float64, len(flat)), 1); err != nil {
			return nil, err
		}
	}
	return out, nil
}
