// Package subject says what is looked at: a model, its data and its loss, and the dtype and backend that compute them. A
// probe measures a [Subject] at a point in weight space, and a training changes its weights; both take the same one.
package subject

import (
	"fmt"

	"alphascale/lib/backend"
	"alphascale/lib/dataset"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/ml/train"
)

// Subject is a model with what it is trained on. Model and Data are needed; the zero value of each other field is the default
// that its comment gives.
type Subject struct {
	Model train.ModelFn // GoMLX's model function, unmodified; its only input is [rows, …Data.Shape]
	Data  dataset.Set
	Loss  train.LossFn // mean softmax cross-entropy for labels, mean squared error for targets

	DType   dtypes.DType    // of inputs and weights, and of what the model computes; float64 for a probe, float32 for a training
	Store   *model.Store    // holds initial weights that are not to be drawn by seed; a new one
	Backend compute.Backend // backend.Open()
}

// Of is a subject of which all but the model and its data is as by default.
func Of(model train.ModelFn, data dataset.Set) Subject { return Subject{Model: model, Data: data} }

// Resolve returns the subject with every default filled in, the given dtype where it has none, or an error that names what is
// missing or cannot be used.
func (s Subject) Resolve(dtype dtypes.DType) (Subject, error) {
	if s.Model == nil {
		return s, fmt.Errorf("a subject needs a Model: set it, as in subject.Of(network.MLP{…}.Model, data)")
	}
	if err := s.Data.CheckForm(); err != nil {
		return s, err
	}
	if s.Loss == nil {
		s.Loss = s.Data.Loss()
	}
	if s.DType == dtypes.InvalidDType {
		s.DType = dtype
	}
	if s.Store == nil {
		s.Store = model.NewStore()
	}
	if s.Backend == nil {
		var err error
		if s.Backend, err = backend.Open(); err != nil {
			return s, err
		}
	}
	if !s.Backend.Capabilities().DTypes[s.DType] {
		return s, fmt.Errorf("backend %s does not compute in %s: choose another DType", s.Backend.Name(), s.DType)
	}
	return s, nil
}
