package optim_test

import (
	"testing"

	"alphascale/lib/optim"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

func TestIsWeight(t *testing.T) {
	for _, test := range []struct {
		path string
		dims []int
		want bool
	}{
		{"/output/dense/weights", []int{1, 1}, true},
		{"/output/dense/weights", []int{1, 64}, true},
		{"/conv/weights", []int{3, 3, 1, 8}, true},
		{"/embed/embeddings", []int{1000, 1}, true},
		{"/attention/weights_qkv", []int{8, 24}, true},
		{"/positions", []int{1, 16, 8}, true},
		{"/head/proj", []int{1, 8}, true},
		{"/alphabet", []int{26, 8}, true},
		{"/u", []int{8, 1}, true},
		{"/lstm/inputsW", []int{1, 4, 8, 8}, true},
		{"/norm/dense/weights", []int{8, 8}, true},
		{"/kan/w_splines", []int{1, 3, 4}, true},

		{"/output/dense/biases", []int{10}, false},
		{"/norm/layer_normalization/gain", []int{8, 8}, false},
		{"/norm/layer_normalization/offset", []int{8, 8}, false},
		{"/norm/rms/scale", []int{4, 4, 4}, false},
		{"/block/layer_scale", []int{1, 1, 16}, false},
		{"/block/gamma", []int{16, 1, 1}, false},
		{"/block/lambda", []int{1, 1, 16}, false}, // the name says nothing
		{"/block/ls", []int{1, 16}, false},
		{"/conv/bias", []int{8, 1, 1}, false},
		{"/kan/kan_pwl_bias", []int{4, 4}, false},
		{"/lstm/biasesW", []int{1, 8, 8}, false},
		{"/encoder/norm1/weight", []int{8, 8}, false},
		{"/vnn/scaler_alpha", []int{1, 4}, false},
		{"/temperature", []int{}, false},
	} {
		v, err := model.NewStore().CreateVariable(test.path, tensors.FromShape(shapes.Make(dtypes.Float32, test.dims...)))
		if err != nil {
			t.Fatal(err)
		}
		if got := optim.IsWeight(v); got != test.want {
			t.Errorf("%s%v is a weight: %v", test.path, test.dims, got)
		}
	}
}
