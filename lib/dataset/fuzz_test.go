package dataset_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"alphascale/lib/dataset"

	"github.com/gomlx/compute/dtypes"
)

// usable fails unless a set was refused with a sentence or can be trained on: rows of at least one value from 0 to 1, and
// labels that survive the conversion to tensors.
func usable(t *testing.T, set dataset.Set, err error) {
	t.Helper()
	if err != nil {
		if strings.ContainsAny(err.Error(), "\r\n") {
			t.Errorf("an error of several lines: %q", err)
		}
		return
	}
	if set.Rows() == 0 || set.Width() == 0 || slices.Min(set.Inputs) < 0 || slices.Max(set.Inputs) > 1 {
		t.Errorf("%d rows of shape %v, from %v to %v", set.Rows(), set.Shape, slices.Min(set.Inputs), slices.Max(set.Inputs))
	}
	labels, err := set.LabelTensor(dtypes.Float32)
	if err != nil {
		t.Fatal(err)
	}
	for i, label := range labels.Value().([][]int32) {
		if int(label[0]) != set.Labels[i] {
			t.Errorf("the label %d becomes %d", set.Labels[i], label[0])
		}
	}
}

// FuzzReadCSV packs a text before it is read; FuzzReadGzip reads it as it is.
func FuzzReadCSV(f *testing.F) {
	for _, text := range []string{"0,4,2\n1,3,0\n", "", "0,x,1\n", "0,1,-1\n", "1e3,NaN,99999999999\n", "0x1p2,+0,1\n", "\"0\n1\",2\n"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		set, err := dataset.ReadCSV(pack(t, text), "text", 4)
		usable(t, set, err)
	})
}

func FuzzReadGzip(f *testing.F) {
	f.Add([]byte("0,1,2"))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, file []byte) {
		set, err := dataset.ReadCSV(bytes.NewReader(file), "file", 4)
		usable(t, set, err)
	})
}

func FuzzReadIDX(f *testing.F) {
	f.Add(idx(0x803, []uint32{2, 1, 3}, []byte{0, 51, 255, 1, 2, 3}), idx(0x801, []uint32{2}, []byte{7, 0}))
	f.Add(idx(0x803, []uint32{1, 0, 3}, nil), idx(0x801, []uint32{1}, []byte{0}))
	f.Add(idx(0x803, []uint32{1 << 31, 1 << 31, 1 << 31}, nil), idx(0x801, []uint32{1}, []byte{0}))
	f.Fuzz(func(t *testing.T, images, labels []byte) {
		set, err := dataset.ReadIDX(bytes.NewReader(images), bytes.NewReader(labels), "images")
		usable(t, set, err)
	})
}
