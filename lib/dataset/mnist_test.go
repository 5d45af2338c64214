package dataset_test

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"alphascale/lib/dataset"
)

// idx writes an IDX file.
func idx(magic uint32, dims []uint32, data []byte) []byte {
	var out bytes.Buffer
	_ = binary.Write(&out, binary.BigEndian, append([]uint32{magic}, dims...)) // a Buffer takes everything
	out.Write(data)
	return out.Bytes()
}

func TestMNIST(t *testing.T) {
	folder := t.TempDir()
	write := func(name string, content []byte) {
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	images := idx(0x803, []uint32{2, 1, 3}, []byte{0, 51, 255, 1, 2, 3})
	labels := idx(0x801, []uint32{2}, []byte{7, 0})
	_, _, err := dataset.MNIST(folder)
	refused(t, err, "train-images-idx3-ubyte", "four MNIST files")

	write("train-images-idx3-ubyte.gz", pack(t, string(images)).Bytes())
	write("train-labels-idx1-ubyte", labels)
	write("t10k-images-idx3-ubyte", images)
	write("t10k-labels-idx1-ubyte.gz", pack(t, string(labels)).Bytes())
	train, test, err := dataset.MNIST(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, set := range []dataset.Set{train, test} {
		if set.Rows() != 2 || !slices.Equal(set.Shape, []int{1, 3}) || set.Inputs[1] != 0.2 || set.Inputs[2] != 1 ||
			!slices.Equal(set.Labels, []int{7, 0}) || set.Classes != 8 {
			t.Errorf("%+v", set)
		}
	}
	write("t10k-labels-idx1-ubyte.gz", labels)
	_, _, err = dataset.MNIST(folder)
	refused(t, err, "t10k-labels", "gzip")
}

func TestReadIDXRefuses(t *testing.T) {
	images := idx(0x803, []uint32{2, 1, 3}, make([]byte, 6))
	labels := idx(0x801, []uint32{2}, make([]byte, 2))
	for _, test := range []struct {
		name           string
		images, labels []byte
		says           string
	}{
		{"swapped", labels, images, "right file"},
		{"no header", images[:5], labels, "header"},
		{"too short", images[:len(images)-1], labels, "5 bytes"},
		{"too long", append(slices.Clone(images), 0), labels, "promises 6"},
		{"absurd", idx(0x803, []uint32{1 << 31, 1 << 31, 1 << 31}, nil), labels, "too large"},
		{"fewer labels", images, idx(0x801, []uint32{1}, make([]byte, 1)), "2 images and 1 labels"},
		{"nothing", idx(0x803, []uint32{0, 1, 3}, nil), idx(0x801, []uint32{0}, nil), "empty"},
	} {
		_, err := dataset.ReadIDX(bytes.NewReader(test.images), bytes.NewReader(test.labels), test.name)
		refused(t, err, test.name, test.says)
	}
}
