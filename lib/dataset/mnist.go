package dataset

import (
	"bufio"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// The first four bytes of IDX files of bytes: three dimensions for images, one for labels.
const (
	imagesMagic = 0x00000803
	labelsMagic = 0x00000801
)

// pixelMax is the largest value of a pixel in an IDX file of bytes.
const pixelMax = 255

// MNIST reads the four files of the MNIST handwritten digits (LeCun, Cortes & Burges 1998), or of a set in the same
// format such as Fashion-MNIST, from a folder: train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte
// and t10k-labels-idx1-ubyte, each as it is or with .gz. Inputs are shaped [28, 28] and scaled from 0..255 to 0..1.
// Nothing is downloaded: a missing file is an error that names it and says what to do.
func MNIST(folder string) (train, test Set, err error) {
	if train, err = readMNIST(folder, "train"); err != nil {
		return Set{}, Set{}, err
	}
	test, err = readMNIST(folder, "t10k")
	return train, test, err
}

func readMNIST(folder, part string) (Set, error) {
	images, err := openIDX(folder, part+"-images-idx3-ubyte")
	if err != nil {
		return Set{}, err
	}
	defer images.Close()
	labels, err := openIDX(folder, part+"-labels-idx1-ubyte")
	if err != nil {
		return Set{}, err
	}
	defer labels.Close()
	return ReadIDX(images, labels, "mnist "+part)
}

// idxFile is an opened file, unpacked where it is packed.
type idxFile struct {
	io.Reader
	io.Closer
}

// openIDX opens name, or name.gz, in a folder.
func openIDX(folder, name string) (idxFile, error) {
	path := filepath.Join(folder, name)
	file, err := os.Open(path)
	if err == nil {
		return idxFile{bufio.NewReader(file), file}, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return idxFile{}, err
	}
	packed, err := os.Open(path + ".gz")
	if errors.Is(err, fs.ErrNotExist) {
		return idxFile{}, fmt.Errorf("no file %s or %s.gz in %s: put the four MNIST files there, or use the digits, "+
			"which need no file", name, name, folder)
	}
	if err != nil {
		return idxFile{}, err
	}
	unpacked, err := gzip.NewReader(packed)
	if err != nil {
		packed.Close()
		return idxFile{}, fmt.Errorf("%s.gz is not a gzip file: %w; copy it anew", path, err)
	}
	return idxFile{unpacked, packed}, nil
}

// ReadIDX reads images and their labels in the IDX format of MNIST, unpacked, and scales pixels from 0..255 to 0..1. A
// file of another kind, one that ends too early or goes on too long, and different numbers of images and labels are
// errors.
func ReadIDX(images, labels io.Reader, name string) (Set, error) {
	dims, pixels, err := readIDX(images, imagesMagic, 3)
	if err != nil {
		return Set{}, fmt.Errorf("images of %q: %w", name, err)
	}
	_, classes, err := readIDX(labels, labelsMagic, 1)
	if err != nil {
		return Set{}, fmt.Errorf("labels of %q: %w", name, err)
	}
	if len(classes) != dims[0] {
		return Set{}, fmt.Errorf("%q has %d images and %d labels: take both files from one set", name, dims[0], len(classes))
	}
	set := Set{Name: name, Shape: dims[1:], Inputs: make([]float64, len(pixels)), Labels: make([]int, len(classes))}
	for i, pixel := range pixels {
		set.Inputs[i] = float64(pixel) / pixelMax
	}
	for i, class := range classes {
		set.Labels[i] = int(class)
		set.Classes = max(set.Classes, int(class)+1)
	}
	return set, set.Check()
}

// idxLimit is the most bytes that a header may promise, far above MNIST's 47 million.
const idxLimit = 1 << 31

// readIDX reads one file: magic number and dimensions, big-endian, then the bytes.
func readIDX(r io.Reader, magic uint32, rank int) (dims []int, data []byte, err error) {
	var first uint32
	header := make([]uint32, rank)
	if err := binary.Read(r, binary.BigEndian, &first); err != nil {
		return nil, nil, fmt.Errorf("the header cannot be read: %w; copy the file anew", err)
	}
	if first != magic {
		return nil, nil, fmt.Errorf("it starts with %#08x and not with %#08x: is it the right file, unpacked?", first, magic)
	}
	if err := binary.Read(r, binary.BigEndian, header); err != nil {
		return nil, nil, fmt.Errorf("the header cannot be read: %w; copy the file anew", err)
	}
	size := 1
	for _, d := range header {
		dims = append(dims, int(d))
		if size *= int(d); size > idxLimit {
			return nil, nil, fmt.Errorf("dimensions %v are too large to be true: copy the file anew", header)
		}
	}
	data, err = io.ReadAll(io.LimitReader(r, int64(size)+1))
	if err != nil {
		return nil, nil, fmt.Errorf("%w; copy the file anew", err)
	}
	if len(data) != size {
		return nil, nil, fmt.Errorf("%d bytes or more follow the header, which promises %d: copy the file anew", len(data), size)
	}
	return dims, data, nil
}
