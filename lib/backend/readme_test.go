package backend_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
)

// around is what the README's reader has: a model, data and an error that is looked at.
const around = `package main

import (
	"alphascale/lib/dataset"
	"alphascale/lib/optim"
	"alphascale/lib/scaling"
	"alphascale/lib/subject"
	"alphascale/lib/training"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

func myModel(scope *model.Scope, spec any, inputs []*graph.Node) []*graph.Node { return inputs }

func main() {
	data := dataset.Digits()
%s
	_, _ = run, err
}
`

// TestReadmeCode compiles the Go code of the README.
func TestReadmeCode(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?s)```go\n(.*?)```").FindAllSubmatch(readme, -1)
	if len(blocks) == 0 {
		t.Fatal("the README shows no Go code")
	}
	for _, block := range blocks {
		file := filepath.Join(t.TempDir(), "main.go")
		if err := os.WriteFile(file, fmt.Appendf(nil, around, block[1]), 0o644); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command("go", "vet", file).CombinedOutput(); err != nil {
			t.Errorf("the README's code does not compile: %v\n%s", err, out)
		}
	}
}
