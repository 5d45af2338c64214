package backend_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// around is what the README's reader has: imports, a model, data, and a use for what the code declares.
const around = `package main

import (
	"alphascale/lib/dataset"
%s
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

func myModel(scope *model.Scope, spec any, inputs []*graph.Node) []*graph.Node { return inputs }

func main() {
	data := dataset.Digits()
	_, _ = data, myModel
%s
%s}
`

var (
	usesPackage = regexp.MustCompile(`\b(cluster|context|fmt|frameworks|optim|plots|scaling|subject|sweep|time|training)\.`)
	declares    = regexp.MustCompile(`(?m)^(\w+)(?:, (\w+))? :=`)
)

// program is a block of the README's code as a reader has it.
func program(block string) []byte {
	imports, uses, seen := "", "", map[string]bool{}
	if strings.HasPrefix(block, "spec.") { // which a reader has by then
		block = "ctx, spec := context.Background(), sweep.Spec{}\n" + block
	}
	for _, found := range usesPackage.FindAllStringSubmatch(block, -1) {
		if name := found[1]; !seen[name] {
			seen[name] = true
			path := "alphascale/lib/" + name
			switch name {
			case "context", "fmt", "time":
				path = name
			case "plots":
				path = "alphascale/plots"
			}
			imports += fmt.Sprintf("\t%q\n", path)
		}
	}
	for _, found := range declares.FindAllStringSubmatch(block, -1) {
		for _, name := range found[1:] {
			if name != "" {
				uses += "\t_ = " + name + "\n"
			}
		}
	}
	return fmt.Appendf(nil, around, imports, block, uses)
}

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
		if err := os.WriteFile(file, program(string(block[1])), 0o644); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command("go", "vet", file).CombinedOutput(); err != nil {
			t.Errorf("the README's code does not compile: %v\n%s", err, out)
		}
	}
}
